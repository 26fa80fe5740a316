//! Huts of the site in the register: discovery, and a list of facts that adds what the site does not publish.

use hut_availability::domain::geo::Place;
use hut_availability::domain::geo::country::country;

use super::with_refuges;
use crate::on_both_databases;
use crate::support::captured_data;
use crate::support::database::{TestDatabase, lines, number};
use crate::support::program::{RunOutput, discover, huts, run};
use crate::support::site::TestSite;

/// Discovers the huts of this site only.
fn discover_refuges(site: &TestSite, database: &TestDatabase) -> RunOutput {
    let mut command = discover(&site.fake_site.url(), database);
    run(command.args(["--organization", "ffcam", "--request-interval", "0", "--output", "json"]))
}

fn import_facts(database: &TestDatabase, text: &str, args: &[&str]) -> RunOutput {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(&file, text).unwrap();
    let path = file.path().to_str().unwrap();
    huts(database, &[&["import", path, "--organization", "ffcam"], args].concat())
}

/// Everything that discoveries and imports of facts may change.
fn stored(database: &TestDatabase) -> Vec<String> {
    huts(database, &["export"]).stdout.lines().map(str::to_owned).collect()
}

on_both_databases! {
    fn one_page_lists_all_huts_and_their_names_are_written_as_people_do(database) {
        let site = TestSite::with_huts(20);
        let first = discover_refuges(&site, database);
        assert_eq!((first.status, &first.json()["sites"][0]["outcomes"]["added"]), (0, &20.into()), "{first:?}");
        assert_eq!(site.fake_site.requests(), 1);
        let rows = "SELECT slug || '|' || name || '|' || country || '|' || source_hut_id || '|' || link AS line
            FROM hut JOIN hut_source ON hut_source.hut_id = hut.id ORDER BY hut.id LIMIT 1";
        let link = "https://centrale.ffcam.fr/index.php?structure=BK_STRUCTURE:1";
        let first_hut = lines(&mut database.open(), rows);
        assert!(first_hut[0].ends_with(&format!("|FR|BK_STRUCTURE:1|{link}")), "{first_hut:?}");
        assert!(!first_hut[0].contains("FFCAM") && first_hut[0].contains(char::is_lowercase));
        let before = stored(database);
        let again = discover_refuges(&site, database);
        assert_eq!(again.json()["sites"][0]["outcomes"]["unchanged"], 20);
        assert_eq!(stored(database), before);
        // A hut that the list no longer has becomes inactive.
        let fewer = discover_refuges(&TestSite::with_huts(19), database);
        assert_eq!(fewer.json()["sites"][0]["outcomes"]["deactivated"], 1, "{fewer:?}");
    }

    fn a_list_of_facts_adds_what_the_site_does_not_publish(database) {
        let none = import_facts(database, "structure,places\nBK_STRUCTURE:1,30\n", &[]);
        assert_eq!(none.status, 2);
        assert!(none.stderr.contains("huts discover --organization ffcam"), "{none:?}");
        let site = TestSite::with_huts(2);
        discover_refuges(&site, database);
        let before = stored(database);
        let facts = "structure,name,latitude,longitude,altitude_m,places,min_date\n\
            BK_STRUCTURE:1,OTHER NAME (FFCAM),45.011304,6.324587,3440,30,2025-08-08\n\
            BK_STRUCTURE:2,,42.846065,-0.329145,,,\n\
            BK_STRUCTURE:77,GONE,45.0,6.0,2000,7,\n";
        let ran = import_facts(database, facts, &[]);
        assert_eq!((ran.status, ran.stdout.as_str()), (0, "2 huts: 2 updated, 0 unchanged\n"), "{ran:?}");
        assert!(ran.stderr.contains("columns that were not read: name, min_date"), "{ran:?}");
        assert!(ran.stderr.contains("1 hut of the file left out, which the register does not have: BK_STRUCTURE:77"), "{ran:?}");
        let added = "SELECT coalesce(latitude, 0) || '|' || coalesce(elevation, 0) || '|' || coalesce(capacity_open, 0) || '|'
            || coalesce(hut_type_open, '-') || '|' || coalesce(country, '-') AS line FROM hut ORDER BY id";
        let rows = ["45.011304|3440|30|hut|FR", "42.846065|0|0|-|FR"];
        assert_eq!(lines(&mut database.open(), added), rows);
        // Names and slugs are those of the discovery, and a further discovery changes nothing.
        for (before, after) in before.iter().zip(stored(database)) {
            let name = |line: &str| line.split(',').take(4).map(str::to_owned).collect::<Vec<_>>();
            assert_eq!(name(before), name(&after));
        }
        let after = stored(database);
        assert_eq!(discover_refuges(&site, database).json()["sites"][0]["outcomes"]["unchanged"], 2);
        assert_eq!(stored(database), after);
        let again = import_facts(database, facts, &[]);
        assert_eq!(again.stdout, "2 huts: 0 updated, 2 unchanged\n");

        // A field that an operator has set stays, and `--by-hand` pins the others.
        huts(database, &["set", &slug(database, 1), "elevation=3441"]);
        let pinned = import_facts(database, facts, &["--by-hand"]);
        assert_eq!(pinned.stdout, "2 huts: 2 updated, 0 unchanged\n", "{pinned:?}");
        assert_eq!(number(&mut database.open(), "SELECT count(*) AS number FROM hut WHERE elevation = 3441"), 1);
        let bad = import_facts(database, "structure,places\nBK_STRUCTURE:1,x\n7,3\n", &[]);
        assert!(bad.status == 2 && bad.stderr.contains("2 bad lines"), "{bad:?}");
    }

    fn the_captured_facts_are_read_as_they_are(database) {
        let Some(data) = captured_data() else { return };
        let text = std::fs::read_to_string(data.join("ffcam-huts.csv")).unwrap();
        drop(with_refuges(database, 140));
        let ran = import_facts(database, &text, &[]);
        assert_eq!(ran.status, 0, "{ran:?}");
        let placed = "SELECT count(*) AS number FROM hut WHERE latitude IS NOT NULL AND longitude IS NOT NULL
            AND elevation > 0 AND capacity_open <> 80";
        let placed = number(&mut database.open(), placed);
        assert!(placed > 70, "{placed}: {ran:?}");
    }
}

fn slug(database: &TestDatabase, id: u32) -> String {
    lines(&mut database.open(), &format!("SELECT slug AS line FROM hut WHERE id = {id}")).remove(0)
}

/// The discovery says that all huts of the clubs are in France.
#[test]
fn all_captured_huts_are_in_france() {
    let Some(data) = captured_data() else { return };
    let mut reader = csv::Reader::from_path(data.join("ffcam-huts.csv")).unwrap();
    for row in reader.records() {
        let row = row.unwrap();
        let place = Place { latitude: row[2].parse().unwrap(), longitude: row[3].parse().unwrap() };
        assert_eq!(country(place, Some("FR")).as_deref(), Some("FR"), "{}", &row[1]);
    }
}
