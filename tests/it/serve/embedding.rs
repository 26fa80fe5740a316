//! Tiles of other servers, and pages in frames of other websites: which responses allow them.

use std::process::Command;

use crate::on_both_databases;
use crate::support::database::TestDatabase;
use crate::support::program::run;
use crate::support::service::{Answer, Service, serve_command};
use crate::support::summer;

const TILES: &str = "https://tiles.example.org/{z}/{x}/{y}.png";

fn serve(database: &TestDatabase, args: &[&str]) -> Service {
    summer::fill(database);
    Service::spawn(serve_command(&database.url).args(["--as-of", summer::NOW]).args(args))
}

fn policy(answer: &Answer) -> &str {
    answer.header("content-security-policy").unwrap()
}

fn may_be_framed(answer: &Answer) -> bool {
    let has_option = answer.header("x-frame-options").is_some();
    assert_eq!(has_option, policy(answer).contains("frame-ancestors 'none'"), "{}", answer.head);
    !has_option
}

on_both_databases! {
    fn only_embedded_pages_may_be_framed_and_only_with_the_flag(database) {
        let others = ["/", "/map", "/map?view=640x420", "/map/card/watzmannhaus", "/huts/watzmannhaus", "/huts", "/checks", "/stays", "/v1/version", "/assets/map.js", "/nowhere", "/embed", "/embed/checks"];
        let embedded = ["/embed/map", "/embed/map?view=640x420", "/embed/huts/watzmannhaus", "/embed/huts/watzmannhaus?map=1"];
        let service = serve(database, &[]);
        for path in others.iter().chain(&embedded) {
            assert!(!may_be_framed(&service.get(path)), "{path}");
        }
        assert!(embedded.iter().all(|path| service.get(path).status == 404));
        drop(service);

        let service = serve(database, &["--allow-embedding"]);
        for path in others {
            assert!(!may_be_framed(&service.get(path)), "{path}");
        }
        for path in embedded {
            // The second response comes from the cache.
            for _ in 0..2 {
                let answer = service.get(path);
                assert_eq!(answer.status, 200, "{path}");
                assert!(may_be_framed(&answer) && policy(&answer).contains("frame-ancestors *"), "{path}: {}", answer.head);
            }
        }
        let hut = service.get("/embed/huts/watzmannhaus?map=1");
        let (links, new_tabs) = (hut.text().matches("<a ").count(), hut.text().matches("target=\"_blank\"").count());
        let inside = hut.text().matches("data-tool=").count() - hut.text().matches("class=\"off\"").count();
        assert_eq!(links, new_tabs + inside, "{}", hut.text());
        assert_eq!(service.get("/embed/huts/nobody").status, 404);
    }

    fn the_operator_may_name_the_websites(database) {
        let service = serve(database, &["--allow-embedding=https://example.org,https://www.example.org/"]);
        let answer = service.get("/embed/map");
        assert!(policy(&answer).ends_with("frame-ancestors https://example.org https://www.example.org"), "{}", answer.head);
        assert!(may_be_framed(&answer));
    }

    fn tiles_are_allowed_on_pages_with_a_map_and_nowhere_else(database) {
        let service = serve(database, &["--map-tiles", TILES, "--map-attribution", "© Tiles & Co", "--allow-embedding"]);
        for path in ["/map", "/map?view=640x420", "/embed/map", "/embed/huts/watzmannhaus?map=1"] {
            let answer = service.get(path);
            assert!(policy(&answer).contains("img-src 'self' https://tiles.example.org;"), "{path}: {}", answer.head);
            assert_eq!(policy(&answer).matches("tiles.example.org").count(), 1);
            assert!(answer.text().contains("https://tiles.example.org/"), "{path}");
        }
        assert!(service.get("/map").text().contains("© Tiles &#38; Co"));
        for path in ["/stays", "/huts", "/checks", "/availability", "/v1/version", "/nowhere", "/map?bbox=1"] {
            assert!(!service.get(path).head.contains("tiles.example.org"), "{path}");
        }
        drop(service);
        let service = serve(database, &[]);
        assert!(!service.get("/map").text().contains("<image"));
        assert!(!service.get("/map").head.contains("https://"));
    }
}

#[test]
fn bad_flags_of_the_map_are_named_with_what_to_do() {
    let database = TestDatabase::sqlite();
    let error = |args: &[&str]| {
        let ran = run(serve_command(&database.url).args(args));
        assert_eq!(ran.status, 2, "{ran:?}");
        ran.stderr
    };
    let attribution = ["--map-attribution", "© Someone"];
    let missing = error(&["--map-tiles", TILES]);
    assert!(missing.contains("--map-attribution"), "{missing}");
    for (url, words) in [
        ("https://tiles.example.org/{z}/{x}.png", "{y} is missing"),
        ("https://{s}.example.org/{z}/{x}/{y}.png", "name one of its hosts"),
        ("https://me:pass@example.org/{z}/{x}/{y}.png", "without a user name and a password"),
    ] {
        let error = error(&[&["--map-tiles", url][..], &attribution].concat());
        assert!(error.contains(words), "{error}");
    }
    let error = error(&["--allow-embedding=example.org"]);
    assert!(error.contains("https://example.org") && error.contains("\"example.org\""), "{error}");
}

#[test]
fn flags_of_the_map_are_environment_variables_too() {
    let database = TestDatabase::sqlite();
    summer::fill(&database);
    let mut command: Command = serve_command(&database.url);
    command.env("AVAILABILITY_MAP_TILES", TILES).env("AVAILABILITY_MAP_ATTRIBUTION", "© Someone");
    let service = Service::spawn(command.env("AVAILABILITY_ALLOW_EMBEDDING", "true"));
    assert!(policy(&service.get("/embed/map")).contains("https://tiles.example.org"));
    drop(service);
    let mut command = serve_command(&database.url);
    let service = Service::spawn(command.env("AVAILABILITY_ALLOW_EMBEDDING", "false"));
    assert_eq!(service.get("/embed/map").status, 404);
}
