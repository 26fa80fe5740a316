//! The alerts and the dashboard use the metrics that the programs write.

use std::collections::BTreeSet;
use std::path::Path;

use super::{AS_OF, MetricsFile, assert_promtool_accepts, names};
use crate::support::database::TestDatabase;
use crate::support::service::{Service, get};
use crate::support::site::TestSite;

/// An alert on a metric that is never written would never fire, and a panel of it would stay empty.
#[test]
fn the_programs_write_every_metric_of_the_alerts_and_the_dashboard() {
    let database = TestDatabase::sqlite();
    drop(database.with_huts(1));
    let site = TestSite::with_huts(1);
    let file = MetricsFile::new();
    assert_eq!(file.update(&database, &site, AS_OF).status, 0);
    assert_promtool_accepts(&file.text());
    let service = Service::start(&database.url);
    get(service.address, "/healthz");
    let mut written = names(&file.text());
    written.extend(names(service.get("/metrics").text()));
    // With the other schedule, some metrics are in place of others.
    let adaptive = ["--schedule", "adaptive", "--checks-per-day", "4"];
    assert_eq!(file.update_with(&database, &site, "2026-07-01T22:00:00Z", &adaptive).status, 0);
    written.extend(names(&file.text()));

    for document in ["alerts.yaml", "grafana.json"] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs").join(document);
        let text = std::fs::read_to_string(path).unwrap();
        let words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
        let named: BTreeSet<_> = words.filter(|it| it.starts_with("hut_availability_")).collect();
        assert!(named.len() > 10, "{document}: {named:?}");
        for name in named {
            assert!(written.contains(name), "{document}: no program writes {name}: {written:?}");
        }
    }
}

/// Grafana imports a dashboard whose panels have data, lie side by side and have IDs of their own.
#[test]
fn the_dashboard_is_well_formed() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/grafana.json");
    let dashboard: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let panels = dashboard["panels"].as_array().unwrap();
    let mut ids = BTreeSet::new();
    let mut places = BTreeSet::new();
    for panel in panels {
        let title = panel["title"].as_str().unwrap();
        assert!(ids.insert(panel["id"].as_u64().unwrap()), "{title}: its ID is used twice");
        assert!(!panel["targets"].as_array().unwrap().is_empty(), "{title}");
        let number = |key: &str| panel["gridPos"][key].as_u64().unwrap();
        assert!(number("x") + number("w") <= 24, "{title}");
        for x in number("x")..number("x") + number("w") {
            for y in number("y")..number("y") + number("h") {
                assert!(places.insert((x, y)), "{title} lies on another panel");
            }
        }
    }
}
