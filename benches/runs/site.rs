//! A fake booking site in this process, whose bookings change when the bench says so.

use std::net::Ipv4Addr;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use hut_availability::runtime::clock::Clock;
use hut_availability::simulate::clock::SiteClock;
use hut_availability::simulate::faults::Faults;
use hut_availability::simulate::model::Model;
use hut_availability::simulate::server::FakeSite;
use hut_availability::simulate::site::Site;
use tokio::runtime::Runtime;

/// Seconds in which the fake site makes the bookings of a real day. At this speed about 5 % of the cells change
/// in an hour. The table shows the exact share of each run.
const SECONDS_PER_DAY: i32 = 4300;

/// Huts 1 to N of hut-reservation.org. The site stops when this is dropped.
pub struct BookingSite {
    fake_site: FakeSite,
    /// The same huts and bookings.
    model: Model,
    now: DateTime<Utc>,
    /// When bookings last changed.
    changed_at: DateTime<Utc>,
    _runtime: Runtime,
}

impl BookingSite {
    pub fn new(huts: u32) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .expect("a runtime starts");
        // Early in the fake day, which has enough hours for all runs.
        let now = "2026-07-01T00:00:00Z".parse().expect("a valid constant");
        let model = || Model::numbered(7, huts).with_pace(SECONDS_PER_DAY.into());
        let clock = SiteClock::from(Clock::StoppedAt(now));
        let address = (Ipv4Addr::LOCALHOST, 0).into();
        let fake_site = runtime
            .block_on(FakeSite::start(address, Site::Model(model()), clock, Faults::none()))
            .expect("a port is free");
        Self { fake_site, model: model(), now, changed_at: now, _runtime: runtime }
    }

    /// Lets an hour pass, in which about a twentieth of the cells change.
    pub fn change(&mut self) {
        self.pass(TimeDelta::hours(1));
    }

    /// Changes bookings as half an hour at the real site does, plus those of the minutes that `later` has let
    /// pass since the last change.
    pub fn change_as_usual(&mut self) {
        self.pass(TimeDelta::seconds((SECONDS_PER_DAY / 48).into()));
    }

    fn pass(&mut self, time: TimeDelta) {
        self.now += time;
        self.changed_at = self.now;
        self.fake_site.set_clock(Clock::StoppedAt(self.now));
    }

    /// Lets a minute pass without changes at the site, and returns the new time.
    pub fn later(&mut self) -> DateTime<Utc> {
        self.now += TimeDelta::minutes(1);
        self.now
    }

    /// The site's answer for a hut.
    pub fn answer(&self, hut_id: &str) -> Vec<u8> {
        let days = self.model.availability(hut_id, self.changed_at).expect("the hut exists");
        serde_json::to_vec(&days).expect("plain values have JSON")
    }

    pub fn set_latency(&self, latency: Duration) {
        self.fake_site.set_faults(Faults { latency, ..Faults::none() });
    }

    pub fn url(&self) -> String {
        self.fake_site.url().to_string()
    }
}
