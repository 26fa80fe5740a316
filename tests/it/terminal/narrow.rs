//! On a terminal of 80 columns no line is longer than the terminal, whatever the names are.

use std::io::{self, Write};

use diesel::prelude::*;
use hut_availability::db::check::Attempt;
use hut_availability::db::connection::Db;
use hut_availability::db::schema::hut;
use hut_availability::db::write::record_failure;
use textwrap::core::display_width;

use super::screen::{has_script, in_terminal};
use super::{AS_OF, rename, store, view, with_checked_huts};
use crate::on_both_databases;
use crate::support::checks::{at, check, july};
use crate::support::database::TestDatabase;
use crate::support::site::TestSite;
use crate::support::stored_watches;

const COLUMNS: u16 = 80;

/// The names of real huts, and some that no hut has.
const NAMES: [&str; 4] = [
    "Schutzhaus Schöne Aussicht am Hochjoch - Rifugio Bella Vista al Giogo Alto (Schnalstal)",
    "Refuge de la Fédération française des clubs alpins et de montagne de la Pointe Percée",
    "\u{1b}[31mHut\n\u{9b}2J\u{202e}\tx\u{7}山小屋山小屋山小屋山小屋山小屋山小屋山小屋山小屋山小屋山小屋山小屋",
    "Xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
];

const ERROR: &str = "connect: error sending request for url (https://www.hut-reservation.org/api/v1/reservation/getHutAvailability?hutId=648&step=WIZARD): tcp connect error: Connection refused (os error 111)";

fn fill(database: &TestDatabase) -> Db {
    let mut db = with_checked_huts(database);
    for (id, name) in (1..).zip(NAMES) {
        rename(&mut db, id, name);
        let slug = hut_availability::text::slug::slug_of(name);
        let slug = format!("{slug}-{}", "a-very-long-slug-of-a-hut".repeat(2));
        diesel::update(hut::table.find(id)).set(hut::slug.eq(slug)).execute(&mut db).unwrap();
    }
    diesel::update(hut::table.find(4)).set(hut::is_active.eq(true)).execute(&mut db).unwrap();
    store(&mut db, &check(4, "11:00", &(1..=31).map(|day| (day, 30)).collect::<Vec<_>>()), "11:00");
    for minute in ["20", "30", "40"] {
        let time = format!("11:{minute}");
        let attempt = Attempt { at: at(&time).into(), run_started: at("11:00").into() };
        record_failure(&mut db, 2, attempt, false, ERROR).unwrap();
    }
    let stay = hut_availability::domain::watch::Goal::Stay(hut_availability::domain::stay::Stage {
        huts: vec![1, 2, 3, 4],
        nights: 2,
    });
    let name = "Ein langes Wochenende mit der ganzen Familie und allen Freunden in den Bergen";
    let watch = stored_watches::add(&mut db, name, stay, (july(1), july(31)), at("10:00"));
    stored_watches::fail(&mut db, watch, "message-1", ERROR);
    db
}

/// The lines that are wider than the terminal. A progress bar moves the cursor instead of ending its lines. (Several
/// bars are drawn as one line, which the terminal breaks at its width. The runs here have no bars.)
fn too_wide(output: &str) -> Vec<String> {
    let mut text = output.to_owned();
    for moves in ["\u{1b}[1A", "\u{1b}[2A", "\u{1b}[3A", "\u{1b}[1B", "\u{1b}[2K", "\u{1b}[K", "\r"]
    {
        text = text.replace(moves, "\n");
    }
    text.lines()
        .filter(|line| display_width(line.trim_end()) > COLUMNS.into())
        .map(str::to_owned)
        .collect()
}

fn assert_fits(database: &TestDatabase, program: &str, args: &str) -> String {
    let url = &database.url;
    let command = format!("{program} {args} --database-url '{url}'");
    let output = in_terminal(COLUMNS, &command, &[]);
    assert_eq!(too_wide(&output), Vec::<String>::new(), "{args}: {output}");
    assert!(!output.trim().is_empty(), "{args}");
    output
}

fn is_skipped() -> bool {
    if has_script() {
        return false;
    }
    let _ = writeln!(
        io::stderr(),
        "skipped: the test needs script(1) of util-linux to open a terminal"
    );
    true
}

on_both_databases! {
    fn no_line_of_a_view_is_longer_than_the_terminal(database) {
        if is_skipped() {
            return;
        }
        drop(fill(database));
        let huts = env!("CARGO_BIN_EXE_hut-availability");
        for args in [
            "status",
            "map 2026-07-01",
            "map 2026-07-01 --days 31",
            "map 2026-07-01 --country Atlantis",
            "hut xxxxxx 2026-07-01 --days 62",
            "hut pointe 2026-07-01",
            "hut hut 2026-07-01",
            "hut nowhere",
            "hut xxxxxx 7/8",
            "trend schutzhaus 2026-07-01",
            "trend xxxxxx 2026-07-01",
            "stays --from 2026-07-01 --places 2",
            "stays --from 2026-07-01 --places 999",
            "tours --stage schutzhaus,xxxxxx --stage xxxxxx --stage xxxxxx --stage xxxxxx --from 2026-07-01",
            "tours --stage xxxxxx:2 --stage pointe --from 2026-07-01",
            "watches list",
            "watches show 'Ein langes Wochenende mit der ganzen Familie und allen Freunden in den Bergen'",
            "huts show pointe",
        ] {
            assert_fits(database, huts, &format!("{args} --as-of {AS_OF}"));
        }
        for args in [
            "huts list",
            "huts types",
            "huts link --proposed --dry-run",
            "huts set nowhere elevation=1",
            "verify",
            "repair --dry-run",
            "replay --from 2026-06-01 --to 2026-07-01 --seeds 1",
            "prune --keep-days 9 --dry-run",
            "notify",
            "watches remove nowhere",
        ] {
            assert_fits(database, huts, args);
        }
        for args in ["--help", "map --help", "watches add --help", "serve --help", "map --days 99", "serve --listen nowhere"] {
            assert_fits(database, huts, args);
        }
        // A pipe gets everything.
        let status = view(database, &["status"]);
        assert!(status.lines().any(|line| line.chars().count() > 120), "{status}");
    }

    fn no_line_of_a_run_is_longer_than_the_terminal(database) {
        if is_skipped() {
            return;
        }
        let mut db = fill(database);
        diesel::update(hut::table).set(hut::booking_ref.eq("hrs")).execute(&mut db).unwrap();
        drop(db);
        database.allow_violations("the runs take place before the stored checks");
        let (huts, update) = (env!("CARGO_BIN_EXE_hut-availability"), env!("CARGO_BIN_EXE_update-availability"));
        let site = TestSite::with_huts(3);
        let url = site.fake_site.url();
        let sources = format!(
            "--source-url hrs={url} --source-url huetten-holiday={url} --source-url ffcam={url} --request-interval 0 --retries 0"
        );
        for args in ["--dry-run=plan", "--all --dry-run", "--all --days 9 --timings", "--hut-slug nowhere"] {
            assert_fits(database, update, &format!("{args} --no-progress {sources}"));
        }
        for args in ["--dry-run", ""] {
            assert_fits(database, huts, &format!("huts discover --max-id 9 --no-progress {args} {sources}"));
        }
        assert_fits(database, huts, "status");
        // A site that is down.
        let down = "--source-url hrs=http://127.0.0.1:9 --request-interval 0 --retries 1";
        assert_fits(database, update, &format!("--all --no-progress {down}"));
    }
}

#[test]
fn no_line_of_a_copy_is_longer_than_the_terminal() {
    if is_skipped() {
        return;
    }
    let (database, target) = (TestDatabase::sqlite(), tempfile::tempdir().unwrap());
    drop(fill(&database));
    let path = target
        .path()
        .join("a-directory-with-a-very-long-name-indeed-because-it-was-made-by-hand.db");
    let program = env!("CARGO_BIN_EXE_hut-availability");
    let command = format!("{program} copy --from '{}' --to '{}'", database.url, path.display());
    let output = in_terminal(COLUMNS, &command, &[]);
    assert_eq!(too_wide(&output), Vec::<String>::new(), "{output}");
}
