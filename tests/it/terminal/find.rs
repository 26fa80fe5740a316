//! Huts and countries as people name them.

use super::{rename, run_view, view, with_checked_huts};
use crate::on_both_databases;
use crate::support::program::{huts, run, update_availability};

on_both_databases! {
    fn a_part_of_a_name_opens_the_only_hut(database) {
        drop(with_checked_huts(database));
        for typed in ["Älpli", "alpli", "AELPLIHÜTTE", "hut-1", "HUT-1"] {
            let hut = view(database, &["hut", typed, "2026-07-01"]);
            assert!(hut.starts_with("Älplihütte, CH\n"), "{typed}: {hut}");
            let trend = view(database, &["trend", typed, "2026-07-01"]);
            assert!(trend.starts_with("Älplihütte, night of"), "{typed}: {trend}");
            let shown = huts(database, &["show", typed]);
            assert!(shown.stdout.contains("hut-1"), "{typed}: {shown:?}");
            let stays = view(database, &["stays", "--hut", typed, "--from", "2026-07-01"]);
            assert!(stays.contains("Älplihütte") && !stays.contains("Bosco"), "{typed}: {stays}");
        }
        let csv = view(database, &["hut", "bosco", "2026-07-01", "--output", "csv"]);
        assert!(csv.contains("\nhut-2,2,Rifugio Bosco"), "{csv}");
        let tours = run_view(database, &["tours", "--stage", "älpli", "--stage", "bosco", "--from", "2026-07-01"]);
        assert_eq!(tours.status, 0, "{tours:?}");
    }

    fn several_huts_are_listed_with_their_slugs(database) {
        let mut db = with_checked_huts(database);
        rename(&mut db, 3, "Untere Älplihütte");
        drop(db);
        for args in [
            &["hut", "älpli"][..],
            &["trend", "älpli", "today"],
            &["stays", "--hut", "älpli"],
            &["stays", "--near", "älpli"],
            &["tours", "--stage", "älpli"],
        ] {
            let ran = run_view(database, args);
            assert_eq!((ran.status, ran.stdout.as_str()), (2, ""), "{ran:?}");
            let expected = "error: \"älpli\" is a part of the name of 2 huts; give the slug of one of them:\n  \
                hut-1 (Älplihütte)\n  hut-3 (Untere Älplihütte)\n";
            assert_eq!(ran.stderr, expected);
        }
        // A whole name is that of one hut.
        assert!(view(database, &["hut", "Älplihütte"]).starts_with("Älplihütte, CH\n"));
    }

    fn a_command_that_writes_suggests_the_slug(database) {
        drop(with_checked_huts(database));
        let before = huts(database, &["export"]).stdout;
        for args in [
            &["deactivate", "älpli"][..],
            &["activate", "Älplihütte"],
            &["set", "älpli", "elevation=1"],
            &["unset", "älpli", "elevation"],
            &["link", "älpli", "ffcam", "BK_STRUCTURE:1"],
        ] {
            let ran = huts(database, args);
            assert_eq!(ran.status, 2, "{ran:?}");
            assert!(ran.stderr.contains("did you mean hut-1?"), "{args:?}: {ran:?}");
        }
        assert_eq!(huts(database, &["export"]).stdout, before);
        let ran = run(update_availability().args(["--hut-slug", "älpli", "--database-url", &database.url]));
        assert_eq!(ran.status, 2, "{ran:?}");
        assert!(ran.stderr.contains("hut-1"), "{ran:?}");
    }

    fn a_country_is_named_by_a_code_or_in_words(database) {
        drop(with_checked_huts(database));
        let outputs = |country: &str| {
            [
                view(database, &["map", "2026-07-01", "--country", country]),
                view(database, &["stays", "--from", "2026-07-01", "--country", country]),
                huts(database, &["list", "--country", country]).stdout,
            ]
        };
        let expected = outputs("CH");
        assert!(expected.iter().all(|output| output.contains("Älplihütte") && !output.contains("Bosco")));
        for country in ["ch", "CHE", "Switzerland", "schweiz", "Suisse", "Svizzera"] {
            assert_eq!(outputs(country), expected, "{country}");
        }
    }

    fn a_country_without_huts_is_an_error(database) {
        drop(with_checked_huts(database));
        for (country, problem) in [
            ("Norwegen", "there are no huts in Norway (NO); there are huts in CH (Switzerland), IT (Italy)"),
            ("Atlantis", "expected a country such as CH or Switzerland, got \"Atlantis\"; there are huts in CH (Switzerland), IT (Italy)"),
        ] {
            for args in [&["map"][..], &["stays"], &["huts", "list"]] {
                let args = [args, &["--country", country]].concat();
                let ran = match args[0] {
                    "huts" => huts(database, &args[1..]),
                    _ => run_view(database, &args),
                };
                assert_eq!((ran.status, ran.stdout.as_str()), (2, ""), "{args:?}: {ran:?}");
                assert!(ran.stderr.contains(problem), "{args:?}: {ran:?}");
            }
        }
        let ran = huts(database, &["list", "--name", "nowhere"]);
        assert_eq!(ran.status, 0, "{ran:?}");
        assert!(ran.stderr.contains("no hut passes these filters"), "{ran:?}");
        let ran = run_view(database, &["map", "2026-07-01", "--name", "nowhere"]);
        assert_eq!((ran.status, ran.stdout.as_str()), (0, "0 of 2 huts\n"), "{ran:?}");
        assert!(ran.stderr.contains("no hut of this name or country"), "{ran:?}");
    }
}
