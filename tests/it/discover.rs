//! Discovery of huts at the sites, with the program, over a socket, on both databases.

mod duplicates;
mod failing;
mod gone;
mod register;
mod resume;

use hut_availability::commands::demo;
use hut_availability::simulate::hut::SimulatedHut;
use hut_availability::simulate::model::Model;
use hut_availability::simulate::site::Site;

use crate::support::database::{TestDatabase, lines};
use crate::support::program::{RunOutput, discover, huts, run};
use crate::support::site::TestSite;

const HRS: [&str; 2] = ["--organization", "hrs"];

/// The sites that these tests crawl: one by ID and one by pages. `ffcam.rs` has those of the third one.
const TWO_SITES: [&str; 4] = ["--organization", "hrs", "--organization", "huetten-holiday"];

/// Runs a discovery of the IDs up to 40, without pauses between requests.
fn discover_at(site: &TestSite, database: &TestDatabase, args: &[&str]) -> RunOutput {
    let mut command = discover(&site.fake_site.url(), database);
    command.args(["--request-interval", "0", "--retries", "0", "--output", "json"]);
    if !args.contains(&"--max-id") {
        command.args(["--max-id", "40"]);
    }
    if !args.contains(&"--organization") {
        command.args(TWO_SITES);
    }
    run(command.args(args))
}

/// The number of huts of a site with a given outcome.
fn outcome(ran: &RunOutput, organization: &str, outcome: &str) -> u64 {
    let report = ran.json();
    let sites = report["sites"].as_array().unwrap();
    let site = sites.iter().find(|site| site["organization"] == organization).unwrap();
    site["outcomes"][outcome].as_u64().unwrap_or(0)
}

/// The whole register without its timestamps.
fn stored(database: &TestDatabase) -> Vec<String> {
    let mut rows: Vec<String> =
        huts(database, &["export"]).stdout.lines().map(str::to_owned).collect();
    let sources = "SELECT slug || ' ' || organization || ' ' || source_hut_id || ' '
        || coalesce(link, '-') || ' ' || (last_listed IS NULL) AS line
        FROM hut JOIN hut_source ON hut_source.hut_id = hut.id ORDER BY 1";
    rows.extend(lines(&mut database.open(), sources));
    rows
}

/// A site with the first huts of the demo, changed by `change`. A hut with an empty ID is left out.
fn simulated(change: impl Fn(&mut SimulatedHut)) -> TestSite {
    let huts = demo::huts().into_iter().take(24).zip(1..).map(|(mut hut, id)| {
        hut.id = id.to_string();
        change(&mut hut);
        hut
    });
    let huts = huts.filter(|hut| !hut.id.is_empty()).collect();
    TestSite::start(Site::Model(Model::new(1, huts)))
}

/// A site with 24 huts of the demo, whose IDs are 1 to 24.
fn demo_site() -> TestSite {
    simulated(|_| ())
}
