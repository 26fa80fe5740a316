//! Finding huts at the sites: through the program, over a socket, on both databases.

mod failing;
mod gone;
mod register;
mod resume;
mod twins;

use hut_availability::commands::demo;
use hut_availability::simulate::hut::SimulatedHut;
use hut_availability::simulate::model::Model;
use hut_availability::simulate::site::Site;

use crate::support::database::{TestDatabase, lines};
use crate::support::program::{Ran, discover, huts, run};
use crate::support::site::TestSite;

const HRS: [&str; 2] = ["--organization", "hrs"];

/// Runs a discovery at a site of IDs up to 40, without waiting.
fn discover_at(site: &TestSite, database: &TestDatabase, args: &[&str]) -> Ran {
    let mut command = discover(&site.fake_site.url(), database);
    command.args(["--request-interval", "0", "--retries", "0", "--output", "json"]);
    if !args.contains(&"--max-id") {
        command.args(["--max-id", "40"]);
    }
    run(command.args(args))
}

/// How many huts of a site had an outcome.
fn outcome(ran: &Ran, organization: &str, outcome: &str) -> u64 {
    let report = ran.json();
    let sites = report["sites"].as_array().unwrap();
    let site = sites.iter().find(|site| site["organization"] == organization).unwrap();
    site["outcomes"][outcome].as_u64().unwrap_or(0)
}

/// The whole register, but for when it was written.
fn stored(database: &TestDatabase) -> Vec<String> {
    let mut rows: Vec<String> =
        huts(database, &["export"]).stdout.lines().map(str::to_owned).collect();
    let sources = "SELECT slug || ' ' || organization || ' ' || source_hut_id || ' '
        || coalesce(link, '-') || ' ' || (last_listed IS NULL) AS line
        FROM hut JOIN hut_source ON hut_source.hut_id = hut.id ORDER BY 1";
    rows.extend(lines(&mut database.open(), sources));
    rows
}

/// Huts whose facts a test knows.
fn simulated(change: impl Fn(&mut SimulatedHut)) -> TestSite {
    let huts = demo::huts().into_iter().zip(1..).map(|(mut hut, id)| {
        hut.id = id.to_string();
        change(&mut hut);
        hut
    });
    let huts = huts.filter(|hut| !hut.id.is_empty()).collect();
    TestSite::start(Site::Model(Model::new(1, huts)))
}

/// The 24 huts of the demo, the numbers 1 to 24.
fn demo_site() -> TestSite {
    simulated(|_| ())
}
