//! A fake booking site for the tests, and runs against it.

use std::net::Ipv4Addr;
use std::process::Command;

use chrono::{DateTime, Utc};
use hut_availability::runtime::clock::Clock;
use hut_availability::simulate::clock::SiteClock;
use hut_availability::simulate::faults::Faults;
use hut_availability::simulate::model::Model;
use hut_availability::simulate::server::FakeSite;
use hut_availability::simulate::site::Site;
use tokio::runtime::Runtime;

use super::database::TestDatabase;
use super::program::{RunOutput, run, update_availability};

/// A fake booking site that serves while the test runs.
pub struct TestSite {
    pub fake_site: FakeSite,
    _runtime: Runtime,
}

impl TestSite {
    pub fn start(site: Site) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        let start = FakeSite::start(
            (Ipv4Addr::LOCALHOST, 0).into(),
            site,
            SiteClock::from(Clock::System),
            Faults::none(),
        );
        let fake_site = runtime.block_on(start).unwrap();
        Self { fake_site, _runtime: runtime }
    }

    /// A site with the huts `1` to `count`.
    pub fn with_huts(count: u32) -> Self {
        Self::start(Site::Model(Model::numbered(1, count)))
    }

    pub fn set_now(&self, now: DateTime<Utc>) {
        self.fake_site.set_clock(Clock::StoppedAt(now));
    }

    /// Runs the job against the site, with the clocks of both at `as_of`, and with a JSON report.
    pub fn update(&self, database: &TestDatabase, as_of: &str, args: &[&str]) -> RunOutput {
        self.set_now(as_of.parse().unwrap());
        self.update_with_site_clock(database, as_of, args)
    }

    /// Runs the job in the same way, but leaves the site's clock as it is.
    pub fn update_with_site_clock(
        &self,
        database: &TestDatabase,
        as_of: &str,
        args: &[&str],
    ) -> RunOutput {
        run(self
            .update_command(&database.url)
            .args(["--as-of", as_of, "--request-interval", "0"])
            .args(args))
    }

    /// A command that runs the job against the site, with a JSON report.
    pub fn update_command(&self, database_url: &str) -> Command {
        update_command_at(&self.fake_site.url(), database_url)
    }
}

/// A command that runs the job against the site at a URL, with a JSON report.
pub fn update_command_at(site: &reqwest::Url, database_url: &str) -> Command {
    let mut command = update_availability();
    command.args(["--database-url", database_url, "--output", "json"]);
    for organization in ["hrs", "huetten-holiday", "ffcam"] {
        command.args(["--source-url", &format!("{organization}={site}")]);
    }
    command
}
