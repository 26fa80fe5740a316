//! Imports of huts, with the program.

use std::io::Write;
use std::process::Stdio;

use crate::on_both_databases;
use crate::support::database::{TestDatabase, lines, number};
use crate::support::program::{RunOutput, hut_availability, run};

const HEADER: &str = "slug,name,organization,source_hut_id,country,latitude,longitude,elevation,hut_type_open,hut_type_closed,capacity_open,capacity_closed";

pub fn import(database: &TestDatabase, lines: &str) -> RunOutput {
    let mut command = hut_availability();
    command.args(["huts", "import", "-", "--database-url", &database.url]);
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(format!("{HEADER}\n{lines}").as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    RunOutput {
        status: output.status.code().unwrap(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

fn huts(database: &TestDatabase) -> Vec<String> {
    let sql =
        "SELECT slug || ' ' || name || ' ' || coalesce(booking_ref, '-') || ' ' || source_hut_id
        || ' ' || coalesce(link, '-') || ' ' || coalesce(elevation, 0) AS line
        FROM hut JOIN hut_source ON hut_source.hut_id = hut.id ORDER BY slug";
    lines(&mut database.open(), sql)
}

const TWO: &str = "\
taelli,Tällihütte,hrs,29,CH,46.74,8.3,1726,hut,selfhut,70,12
senn,Franz-Senn-Hütte,hrs,675,,,,,,,,
";

const LINK: &str = "https://www.hut-reservation.org/reservation/book-hut";

on_both_databases! {
    fn huts_are_added_and_then_updated_by_slug(database) {
        let ran = import(database, TWO);
        assert_eq!((ran.status, ran.stdout.as_str()), (0, "2 huts: 2 added, 0 updated, 0 unchanged\n"), "{ran:?}");
        assert_eq!(huts(database), [
            format!("senn Franz-Senn-Hütte hrs 675 {LINK}/675/wizard 0"),
            format!("taelli Tällihütte hrs 29 {LINK}/29/wizard 1726"),
        ]);
        let again = import(database, TWO);
        assert_eq!(again.stdout, "2 huts: 0 added, 0 updated, 2 unchanged\n");
        let changed = import(database, "taelli,Tälli,hrs,30,,,,,,,,\nsenn,Franz-Senn-Hütte,hrs,675,,,,,,,,\n");
        assert_eq!(changed.stdout, "2 huts: 0 added, 1 updated, 1 unchanged\n");
        assert_eq!(huts(database)[1], format!("taelli Tälli hrs 30 {LINK}/30/wizard 0"));
    }

    /// An empty field clears the value in the database, but a missing column leaves it unchanged.
    fn columns_missing_in_the_file_are_not_changed(database) {
        import(database, TWO);
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(&file, "slug,name,organization,source_hut_id\ntaelli,Tälli,hrs,29\n").unwrap();
        let path = file.path().to_str().unwrap();
        let ran = run(hut_availability().args(["huts", "import", path, "--database-url", &database.url]));
        assert_eq!(ran.stdout, "1 hut: 0 added, 1 updated, 0 unchanged\n", "{ran:?}");
        assert_eq!(huts(database)[1], format!("taelli Tälli hrs 29 {LINK}/29/wizard 1726"));
        let with_values = "SELECT count(*) AS number FROM hut WHERE country = 'CH' AND capacity_closed = 12";
        assert_eq!(number(&mut database.open(), with_values), 1);
        import(database, "taelli,Tälli,hrs,29,,,,,,,,\n");
        assert_eq!(number(&mut database.open(), with_values), 0);
    }

    fn a_bad_line_is_reported_and_nothing_is_imported(database) {
        let ran = import(database, &format!("{TWO}third,Third,dav,1,,,,,,,,\nfourth,,hrs,2,,,,,,,,\n"));
        assert_eq!(ran.status, 2);
        assert!(ran.stderr.contains("nothing was imported from -: 2 bad lines"), "{}", ran.stderr);
        assert!(ran.stderr.contains("line 4: unknown organization \"dav\"; expected one of: ffcam, hrs, huetten-holiday"), "{}", ran.stderr);
        assert!(ran.stderr.contains("line 5: name is empty"), "{}", ran.stderr);
        assert_eq!(number(&mut database.open(), "SELECT count(*) AS number FROM hut"), 0);
    }

    fn an_id_of_a_site_can_belong_to_only_one_hut(database) {
        import(database, TWO);
        let ran = import(database, "new,New,hrs,31,,,,,,,,\nother,Other,hrs,29,,,,,,,,\n");
        assert_eq!(ran.status, 2);
        assert!(ran.stderr.contains("line 3: the hut \"taelli\" already has the ID \"29\" of hrs"), "{}", ran.stderr);
        assert_eq!(huts(database).len(), 2);
        // But one file may swap the IDs of two huts.
        let swapped = import(database, "taelli,T,hrs,675,,,,,,,,\nsenn,S,hrs,29,,,,,,,,\n");
        assert_eq!(swapped.stdout, "2 huts: 0 added, 2 updated, 0 unchanged\n", "{swapped:?}");
    }

    fn huts_are_listed_as_a_table(database) {
        let list = || run(hut_availability().args(["huts", "list", "--database-url", &database.url]));
        assert!(list().stderr.contains("no huts yet"));
        import(database, TWO);
        let ran = list();
        let rows: Vec<Vec<&str>> = ran.stdout.lines().map(|line| line.split_whitespace().collect()).collect();
        assert_eq!(rows[0], ["ID", "SLUG", "NAME", "COUNTRY", "M", "OPEN", "CLOSED", "FOLLOWED", "ACTIVE", "PUBLIC"]);
        assert_eq!(rows[1], ["2", "senn", "Franz-Senn-Hütte", "hrs", "675", "yes", "yes"]);
        assert_eq!(rows[2], ["1", "taelli", "Tällihütte", "CH", "1726", "70", "12", "hrs", "29", "yes", "yes"]);
        assert_eq!(rows[3], ["2", "huts"]);
    }

    fn a_missing_file_is_reported_with_its_name(database) {
        let ran = run(hut_availability().args(["huts", "import", "no-such.csv", "--database-url", &database.url]));
        assert_eq!(ran.status, 2);
        assert!(ran.stderr.contains("cannot open no-such.csv"), "{}", ran.stderr);
    }
}
