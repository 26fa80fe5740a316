//! Parses the coordinates and elevations of all captured huts, in every spelling. The captured data must
//! not be copied, so the snapshot holds the parsed values and not the original texts.

use std::fmt::Write as _;

use hut_availability::domain::geo::{Place, read_coordinates, read_elevation};
use hut_availability::simulate::hut::SimulatedHut;
use hut_availability::simulate::model::Model;
use hut_availability::simulate::site::Site;
use serde::Deserialize;

use crate::on_both_databases;
use crate::support::captured_data;
use crate::support::database::number;
use crate::support::program::{discover, run};
use crate::support::random::is_skipped_as_long;
use crate::support::site::TestSite;

#[derive(Deserialize)]
struct CapturedHut {
    hut_id: String,
    hut_name: String,
    tenant_country: String,
    coordinates: String,
    altitude: String,
    serviced_places: i16,
    unserviced_places: i16,
}

/// The captured huts. Returns none where the data are missing.
fn captured() -> Option<Vec<CapturedHut>> {
    let file = captured_data()?.join("hut-reservation-huts.csv");
    let mut reader = csv::Reader::from_path(file).unwrap();
    Some(reader.deserialize().map(Result::unwrap).collect())
}

#[test]
fn every_captured_hut_gets_coordinates_or_a_reason() {
    let Some(huts) = captured() else { return };
    let (mut placed, mut with_elevation) = (0, 0);
    let mut lines = String::new();
    for hut in &huts {
        let place = read_coordinates(&hut.coordinates);
        let elevation = read_elevation(&hut.altitude);
        placed += usize::from(place.is_ok());
        with_elevation += usize::from(elevation.is_ok());
        let place = place.map_or_else(
            |why| format!("({why})"),
            |Place { latitude, longitude }| format!("{latitude:.6} {longitude:.6}"),
        );
        let elevation =
            elevation.map_or_else(|why| format!("({why})"), |metres| metres.to_string());
        writeln!(lines, "{}  {place}  {elevation}", hut.hut_id).unwrap();
    }
    let counts =
        format!("{} huts, {placed} placed, {with_elevation} with an elevation", huts.len());
    insta::assert_snapshot!("real_huts", format!("{counts}\n{lines}"));
}

on_both_databases! {
    /// The whole discovery, over a socket. Eight of the entries are tests of the site's operators.
    fn the_captured_huts_are_discovered(database) {
        if !database.is_sqlite() && is_skipped_as_long("all captured huts, on PostgreSQL") {
            return;
        }
        let Some(huts) = captured() else { return };
        let simulated = huts.into_iter().map(|hut| SimulatedHut {
            id: hut.hut_id,
            name: hut.hut_name,
            country: hut.tenant_country,
            place: None,
            coordinates: hut.coordinates,
            altitude: hut.altitude,
            unlocked: true,
            places: hut.serviced_places,
            winter_places: hut.unserviced_places,
        });
        let site = TestSite::start(Site::Model(Model::new(1, simulated.collect())));
        let mut command = discover(&site.fake_site.url(), database);
        command.args(["--organization", "hrs", "--request-interval", "0", "--output", "json"]);
        let report = run(&mut command).json();
        let found = &report["sites"][0];
        assert_eq!((&found["outcomes"]["added"], &found["test_entries"]), (&658.into(), &8.into()), "{found}");
        let mut db = database.open();
        let mut count = |what: &str| number(&mut db, &format!("SELECT count(*) AS number FROM hut WHERE {what}"));
        // One hut fewer than the spellings suggest gets coordinates: its Swiss coordinates lie in the
        // Allgäu, in Germany.
        assert_eq!((count("latitude IS NOT NULL"), count("elevation IS NOT NULL")), (589, 618));
        assert_eq!(count("latitude IS NOT NULL AND country IS NULL"), 0);
        assert_eq!(count("latitude NOT BETWEEN 43 AND 53 OR longitude NOT BETWEEN 4 AND 17"), 0);
        // German and Austrian alpine clubs also have huts in each other's countries and in Italy.
        assert!(count("country = 'AT'") > 200, "{}", count("country = 'AT'"));
        assert_eq!(count("slug = 'blueemlisalphuette-sac'"), 1);
    }
}
