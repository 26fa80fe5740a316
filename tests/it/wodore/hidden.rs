//! A hut that is not public is polled and stored, but no reader over HTTP sees it. Operators do, with a mark.

use axum::Router;
use diesel::connection::SimpleConnection;
use hut_availability::web::app::App;
use hut_availability::web::{api, pages};

use super::{NOW, fill};
use crate::on_both_databases;
use crate::support::database::{TestDatabase, current};
use crate::support::handlers::get_with;
use crate::support::program::{RunOutput, hut_availability, huts, run};
use crate::support::site::TestSite;

fn everything() -> Router<App> {
    api::router().merge(pages_without_fallback())
}

fn pages_without_fallback() -> Router<App> {
    pages::router()
}

/// The answer to a path, with the page of watches.
fn get(database: &TestDatabase, path: &str) -> (u16, String) {
    let answer = get_with(true, everything, database, NOW, path);
    (answer.status.as_u16(), answer.text)
}

/// A database in which the huts 2 (not public) and 3 (inactive) have a name that is easy to find.
fn with_hidden(database: &TestDatabase) {
    let mut db = fill(database, 4);
    db.batch_execute(
        "UPDATE hut SET is_public = FALSE, slug = 'hidden-hut', name = 'Secretum' WHERE id = 2;
         UPDATE hut SET is_active = FALSE WHERE id = 3",
    )
    .unwrap();
}

fn read(database: &TestDatabase, args: &[&str]) -> RunOutput {
    run(hut_availability().args(args).args(["--as-of", NOW, "--database-url", &database.url]))
}

on_both_databases! {
    fn no_answer_over_http_names_a_hidden_hut(database) {
        with_hidden(database);
        let watch = ["watches", "add", "both", "--hut", "hidden-hut", "--hut", "hut-1", "--from", "2026-07-01", "--to", "2026-07-09", "--notify", "me"];
        let channels = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(channels.path(), "[channels.me]\nkind = \"ntfy\"\nurl = \"https://ntfy.example.org/x\"\n").unwrap();
        let tour = ["watches", "add", "tour", "--stage", "hidden-hut", "--stage", "hut-1,hidden-hut", "--from", "2026-07-01", "--to", "2026-07-05", "--notify", "me"];
        for args in [&watch[..], &tour] {
            let ran = read(database, &[args, &["--channels", channels.path().to_str().unwrap()]].concat());
            assert_eq!(ran.status, 0, "{ran:?}");
        }
        for path in [
            "/", "/?from=2026-07-01&all=1", "/huts", "/huts?q=Secretum", "/availability?date=2026-07-01&days=30", "/availability?q=Secretum",
            "/availability?sort=free", "/history", "/history?q=hidden", "/history?date=2026-07-01", "/checks", "/watches",
            "/stays?from=2026-07-01", "/tours", "/tours?stage=hut-1&from=2026-07-01",
            "/v1/huts/availability/2026-07-01.geojson?days=9", "/v1/huts/bookings?date=2026-07-01", "/v1/huts/bookings.geojson?date=2026-07-01",
            "/v1/stays?from=2026-07-01", "/v1/stays.ics?from=2026-07-01", "/v1/stays.atom?from=2026-07-01", "/v1/tours?stage=hut-1&from=2026-07-01",
            "/v1/tours.ics?stage=hut-1&from=2026-07-01", "/v1/tours.atom?stage=hut-1&from=2026-07-01",
        ] {
            let (status, text) = get(database, path);
            assert_eq!(status, 200, "{path}: {text}");
            // A page repeats what was asked for.
            let asked = path.contains("Secretum") || path.contains("hidden");
            let named = text.contains("hidden-hut") || (!asked && text.contains("Secretum"));
            assert!(!named, "{path}: {text}");
            let lists_no_hut = asked || ["/tours", "/checks"].contains(&path);
            assert!(lists_no_hut || text.contains("hut-1") || text.contains("Hut 1"), "other huts are there, {path}: {text}");
        }
        let map = get(database, "/v1/huts/availability/2026-07-01.geojson?slugs=hidden-hut").1;
        assert_eq!(map, r#"{"type":"FeatureCollection","features":[]}"#);
    }

    /// As if there were no such hut.
    fn a_hidden_hut_is_not_found(database) {
        with_hidden(database);
        for path in [
            "/huts/SLUG", "/huts/SLUG/2026-07-01", "/v1/huts/SLUG/availability/2026-07-01", "/v1/huts/SLUG/availability/2026-07-01/trend",
            "/v1/stays?hut=SLUG", "/v1/stays?near=SLUG", "/v1/tours?stage=SLUG", "/stays?hut=SLUG", "/tours?stage=SLUG", "/v1/stays.ics?hut=SLUG",
        ] {
            let of = |slug: &str| {
                let (status, text) = get(database, &path.replace("SLUG", slug));
                (status, text.replace(slug, "SLUG"))
            };
            let (hidden, missing) = (of("hidden-hut"), of("hidden-but"));
            assert_eq!(hidden, missing, "{path}");
            assert!(hidden.0 >= 400, "{path}: {hidden:?}");
        }
        // A similar slug is not suggested.
        assert!(!get(database, "/huts/hidden-hud").1.contains("hidden-hut"));
    }

    fn an_inactive_hut_is_not_found_by_clients_of_the_api(database) {
        with_hidden(database);
        for path in ["/v1/huts/hut-3/availability/2026-07-01", "/v1/huts/hut-3/availability/2026-07-01/trend"] {
            let (status, text) = get(database, path);
            assert_eq!(status, 404, "{path}");
            assert!(text.contains("there is no hut with the slug \\\"hut-3\\\""), "{text}");
        }
        assert!(!get(database, "/v1/huts/availability/2026-07-01.geojson").1.contains("hut-3"));
        assert_eq!(get(database, "/huts/hut-3").0, 200, "it has a page, which says that it is not polled");
    }

    fn operators_see_a_hidden_hut_with_a_mark(database) {
        with_hidden(database);
        for (args, mark) in [
            (&["map", "2026-07-01"][..], "Secretum (not public)"),
            (&["hut", "hidden-hut", "2026-07-01"], "Secretum, CH (not public)"),
            (&["trend", "hidden-hut", "2026-07-01"], "Secretum (not public), night of"),
            (&["stays", "--from", "2026-07-01", "--hut", "hidden-hut"], "hidden-hut (not public)"),
            (&["tours", "--from", "2026-07-01", "--stage", "hidden-hut"], "(not public)"),
            (&["map", "2026-07-01", "--output", "json"], "\"name\":\"Secretum\",\"country\":\"CH\",\"is_public\":false"),
            (&["map", "2026-07-01", "--output", "csv"], "hidden-hut,2,Secretum,CH,false,"),
            (&["stays", "--from", "2026-07-01", "--hut", "hidden-hut", "--output", "json"], "\"is_public\":false"),
        ] {
            let ran = read(database, args);
            assert_eq!(ran.status, 0, "{ran:?}");
            assert!(ran.stdout.contains(mark), "{mark}: {}", ran.stdout);
        }
        let list = huts(database, &["list"]).stdout;
        let row = |slug: &str| list.lines().find(|line| line.contains(slug)).unwrap().split_whitespace().last().unwrap().to_owned();
        assert_eq!((row("hidden-hut"), row("hut-1")), ("no".into(), "yes".into()));
        assert!(huts(database, &["show", "hidden-hut"]).stdout.contains("is_public         false"));
    }

    fn a_hidden_hut_is_polled_and_stored(database) {
        let mut db = database.with_huts(2);
        assert_eq!(huts(database, &["set", "hut-2", "is_public=false"]).status, 0);
        let site = TestSite::with_huts(2);
        let ran = site.update(database, "2026-06-30T10:00:00Z", &["--days", "9"]);
        assert_eq!((ran.status, &ran.json()["huts"]["updated"]), (0, &2.into()), "{ran:?}");
        assert!(current(&mut db).iter().any(|row| row.hut_id == 2));
        assert_eq!(huts(database, &["set", "hut-2", "is_public=true"]).stdout, "hut-2: is_public false → true\n");
        assert_eq!(get_with(false, api::router, database, NOW, "/v1/huts/hut-2/availability/2026-07-01").status, 200);
    }
}
