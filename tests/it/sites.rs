//! Several sites in one run: they are asked concurrently, and an abandoned site does not affect the others.

use std::collections::HashMap;
use std::ops::RangeInclusive;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::routing::get;
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use hut_availability::db::connection::Db;
use hut_availability::db::open::Access;
use hut_availability::db::resilient::ResilientDb;
use hut_availability::db::schedule::{Selection, get_huts_needing_update};
use hut_availability::db::write::RunContext;
use hut_availability::domain::day::Now;
use hut_availability::domain::failure::ErrorKind;
use hut_availability::domain::fault::Fault;
use hut_availability::domain::run::{HutOutcome, HutResult};
use hut_availability::domain::schedule::{Intervals, Schedule, SelectedHut};
use hut_availability::domain::validators::Validators;
use hut_availability::register::file;
use hut_availability::register::import;
use hut_availability::runtime::clock::Clock;
use hut_availability::runtime::timing::Meter;
use hut_availability::simulate::faults::Faults;
use hut_availability::sites::error::SourceError;
use hut_availability::sites::limits::RequestLimits;
use hut_availability::sites::listing::Listing;
use hut_availability::sites::registry::Registry;
use hut_availability::sites::registry::Sources;
use hut_availability::sites::source::{BookingSource, Reply};
use hut_availability::update::claims::Claims;
use hut_availability::update::event::{Reporter, RunEvent};
use hut_availability::update::pipeline::{FetchConfig, update};
use hut_availability::update::store::Store;
use reqwest::Url;
use tokio::sync::{Barrier, RwLock, watch};

use crate::support::checks::at;
use crate::support::database::{TestDatabase, lines, number};
use crate::support::model::assert_invariants;
use crate::support::site::TestSite;
use crate::{methods_of_an_unregistered_site, on_both_databases};

/// Adds `count` huts of each site: `hrs-1`, …, and `huetten-holiday-1`, …, whose IDs at the site are the
/// numbers.
fn with_huts_of_two_sites(database: &TestDatabase, count: usize) -> Db {
    let mut csv = "slug,name,organization,source_hut_id\n".to_owned();
    for organization in ["hrs", "huetten-holiday"] {
        for id in 1..=count {
            csv += &format!("{organization}-{id},Hut {id},{organization},{id}\n");
        }
    }
    let mut db = database.open();
    import::import(
        &mut db,
        &file::read(csv.as_bytes(), &crate::support::organizations()).unwrap(),
        &crate::support::organizations(),
    )
    .unwrap();
    db
}

/// A client of the site at `url` that does not retry.
fn client(url: Url) -> Arc<dyn BookingSource> {
    let limits = RequestLimits {
        request_interval: Some(Duration::ZERO),
        force_request_interval: false,
        max_in_flight: 4,
        request_timeout: Duration::from_secs(10),
        retries: 0,
        contact: None,
    };
    let base_urls = HashMap::from([("hrs".to_owned(), url)]);
    Registry::default()
        .clients(["hrs"], &limits, &base_urls, None, &Meter::default())
        .unwrap()
        .remove("hrs")
        .unwrap()
}

/// Two sites with the format of hut-reservation.org, under the names of both organizations.
fn sources(hrs: Arc<dyn BookingSource>, huetten_holiday: Arc<dyn BookingSource>) -> Sources {
    HashMap::from([("hrs".into(), hrs), ("huetten-holiday".into(), huetten_holiday)])
}

/// The huts that are due at `now`.
fn due(db: &mut Db, now: DateTime<Utc>) -> Vec<SelectedHut> {
    let schedule = Schedule::Tiers(Intervals::default());
    let now = Now::new(now, chrono_tz::UTC);
    get_huts_needing_update(db, &Selection::Due, &now, 14, &schedule, None).unwrap().huts
}

/// Records the sites that a run abandoned, with the number of skipped huts.
#[derive(Default)]
struct AbandonedSites(Vec<(String, usize)>);

impl Reporter for AbandonedSites {
    fn report(&mut self, event: &RunEvent<'_>) {
        if let RunEvent::SiteAbandoned { organization, skipped, .. } = event {
            self.0.push(((*organization).to_owned(), *skipped));
        }
    }
}

/// Runs the pipeline on the huts that are due at `now`.
fn run(
    database: &TestDatabase,
    now: DateTime<Utc>,
    sources: &Sources,
    max_in_flight: usize,
) -> (Vec<HutResult>, AbandonedSites) {
    let mut db = database.open();
    let huts = due(&mut db, now);
    let (_sender, stop) = watch::channel(None);
    let db = ResilientDb::new(
        db,
        Some(database.url()),
        Access::ReadWrite,
        stop.clone(),
        &Meter::default(),
    );
    let store = Store::new(db, Access::ReadWrite, RunContext::started(now), &Meter::default());
    let (timezone, clock) = (Tz::UTC, Clock::StoppedAt(now));
    let config = FetchConfig { days: 15, timezone, clock, max_in_flight, claims: Claims::All };
    let mut abandoned = AbandonedSites::default();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let updated = runtime.block_on(update(&huts, &config, sources, &store, &mut abandoned, stop));
    (updated.results, abandoned)
}

/// Updated, failed, and skipped huts of an organization.
fn counts(results: &[HutResult], organization: &str) -> [usize; 3] {
    [HutOutcome::Updated, HutOutcome::Failed, HutOutcome::Skipped].map(|outcome| {
        let is_counted =
            |result: &&HutResult| result.organization == organization && result.outcome == outcome;
        results.iter().filter(is_counted).count()
    })
}

/// A site that answers for a number of huts, waits until those answers have arrived, and then fails for
/// ever.
struct FailingSite {
    client: Arc<dyn BookingSource>,
    site: Arc<TestSite>,
    fails_after: usize,
    requested: AtomicUsize,
    failing: RwLock<()>,
    requests_before_failure: AtomicUsize,
}

impl FailingSite {
    fn failing_after(fails_after: usize, site: &Arc<TestSite>) -> Arc<Self> {
        Arc::new(Self {
            client: client(site.fake_site.url()),
            site: Arc::clone(site),
            fails_after,
            requested: AtomicUsize::new(0),
            failing: RwLock::new(()),
            requests_before_failure: AtomicUsize::new(0),
        })
    }

    fn requests_after_failure(&self) -> usize {
        self.site.fake_site.requests() - self.requests_before_failure.load(Ordering::SeqCst)
    }
}

impl BookingSource for FailingSite {
    methods_of_an_unregistered_site!();

    fn availability<'a>(
        &'a self,
        source_hut_id: &'a str,
        dates: &'a RangeInclusive<NaiveDate>,
        cached: &'a Validators,
    ) -> BoxFuture<'a, Result<Reply, SourceError>> {
        async move {
            if self.requested.fetch_add(1, Ordering::SeqCst) == self.fails_after {
                let _no_request_in_flight = self.failing.write().await;
                self.site.fake_site.set_faults(Faults::always(Fault::Reset));
                self.requests_before_failure
                    .store(self.site.fake_site.requests(), Ordering::SeqCst);
            }
            let _not_failing = self.failing.read().await;
            self.client.availability(source_hut_id, dates, cached).await
        }
        .boxed()
    }

    fn discover(&self, _step: u32) -> BoxFuture<'_, Result<Listing, SourceError>> {
        async { Ok(Listing::default()) }.boxed()
    }
}

on_both_databases! {
    fn a_failing_site_is_abandoned_and_the_next_run_recovers(database) {
        let mut db = with_huts_of_two_sites(database, 40);
        let (failing, healthy) = (Arc::new(TestSite::with_huts(40)), TestSite::with_huts(40));
        failing.set_now(at("10:00"));
        healthy.set_now(at("10:00"));
        let hrs = FailingSite::failing_after(10, &failing);
        let failing_sources = sources(hrs.clone(), client(healthy.fake_site.url()));

        let (results, abandoned) = run(database, at("10:00"), &failing_sources, 4);
        assert_eq!(counts(&results, "hrs"), [10, 5, 25]);
        assert_eq!(counts(&results, "huetten-holiday"), [40, 0, 0]);
        assert_eq!(abandoned.0, [("hrs".to_owned(), 25)], "reported once");
        // Five requests failed, and up to three others were in flight.
        assert!((5..=8).contains(&hrs.requests_after_failure()), "{}", hrs.requests_after_failure());
        for skipped in results.iter().filter(|result| result.outcome == HutOutcome::Skipped) {
            let failure = skipped.failure.as_ref().unwrap();
            assert_eq!(failure.kind, ErrorKind::Connect);
            let why = "the site was abandoned: 5 huts in a row could not be reached; the last error: the connection to 127.0.0.1 failed: ";
            assert!(failure.message.starts_with(why), "{failure}");
        }

        // Skipped huts do not count as failed: they are still due.
        let failures = "SELECT count(*) AS number FROM hut_check WHERE consecutive_failures > 0";
        assert_eq!(number(&mut db, failures), 5);
        let mut skipped: Vec<_> = results.iter().filter(|result| result.outcome == HutOutcome::Skipped).map(|result| result.hut.clone()).collect();
        skipped.sort();
        let mut still_due: Vec<_> = due(&mut db, at("10:01")).into_iter().map(|due| due.hut.slug).collect();
        still_due.sort();
        assert_eq!(still_due, skipped);

        failing.fake_site.set_faults(Faults::none());
        let recovered = sources(client(failing.fake_site.url()), client(healthy.fake_site.url()));
        let (results, abandoned) = run(database, at("10:30"), &recovered, 4);
        let [updated, failed, skipped] = counts(&results, "hrs");
        assert!(updated >= 30, "{updated}");
        assert_eq!((failed, skipped, abandoned.0), (0, 0, Vec::new()));
        assert_eq!(number(&mut db, failures), 0);
        let checked = "SELECT slug AS line FROM hut LEFT JOIN hut_check ON hut_id = hut.id WHERE last_success IS NULL";
        assert_eq!(lines(&mut db, checked), [""; 0]);
        assert_invariants(&mut db);
    }

    fn a_site_that_asks_for_a_pause_is_abandoned_and_the_other_goes_on(database) {
        let mut db = with_huts_of_two_sites(database, 20);
        let (limited, healthy) = (TestSite::with_huts(20), TestSite::with_huts(20));
        healthy.set_now(at("10:00"));
        let hour = Duration::from_secs(3600);
        limited.fake_site.set_faults(Faults { retry_after: hour, ..Faults::always(Fault::RateLimit) });
        let sources = sources(client(limited.fake_site.url()), client(healthy.fake_site.url()));

        let (results, abandoned) = run(database, at("10:00"), &sources, 4);
        let [updated, failed, skipped] = counts(&results, "hrs");
        // Other huts may see the site's wish to pause before the refused hut is reported as failed.
        assert!(updated == 0 && failed <= 1 && failed + skipped == 20, "{failed} failed, {skipped} skipped");
        assert_eq!(abandoned.0, [("hrs".to_owned(), skipped)], "reported once");
        assert!(limited.fake_site.requests() <= 4, "{}", limited.fake_site.requests());
        assert_eq!(counts(&results, "huetten-holiday"), [20, 0, 0]);
        let mut failures = results.iter().filter_map(|result| result.failure.as_ref());
        assert!(failures.all(|failure| failure.kind == ErrorKind::RateLimited));
        assert_eq!(due(&mut db, at("10:01")).len(), skipped);

        // A run that knows of the pause from its start asks for no hut, so none fails.
        let requests = limited.fake_site.requests();
        let (results, abandoned) = run(database, at("10:01"), &sources, 4);
        assert_eq!((results.len(), counts(&results, "hrs")), (skipped, [0, 0, skipped]));
        assert_eq!((abandoned.0.len(), limited.fake_site.requests()), (1, requests));
        assert_eq!(due(&mut db, at("10:02")).len(), skipped);
    }
}

/// Answers only when the other site has a request as well.
async fn answer_together(State(both): State<Arc<Barrier>>) -> &'static str {
    both.wait().await;
    r#"[{"date":"2026-07-01T00:00:00Z","freeBeds":1,"totalSleepingPlaces":2,"hutStatus":"SERVICED"}]"#
}

/// Each site has one request in flight, and none is answered until the other site has one as well. A run
/// that asked one site after the other would wait for ever.
#[test]
fn sites_are_asked_concurrently() {
    let database = TestDatabase::sqlite();
    drop(with_huts_of_two_sites(&database, 10));
    let servers =
        tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let router = Router::new()
        .route("/api/v1/reservation/getHutAvailability", get(answer_together))
        .with_state(Arc::new(Barrier::new(2)));
    let site = || {
        let listen = tokio::net::TcpListener::bind(("127.0.0.1", 0));
        let listener = servers.block_on(listen).unwrap();
        let address = listener.local_addr().unwrap();
        servers.spawn(axum::serve(listener, router.clone()).into_future());
        client(format!("http://{address}").parse().unwrap())
    };
    let (results, _) = run(&database, at("10:00"), &sources(site(), site()), 1);
    assert_eq!(counts(&results, "hrs"), [10, 0, 0]);
    assert_eq!(counts(&results, "huetten-holiday"), [10, 0, 0]);
}

/// Hundreds of huts that are skipped for one reason take one line of output.
#[test]
fn a_site_that_is_down_is_reported_in_one_line_and_by_the_exit_status() {
    let database = TestDatabase::sqlite();
    drop(database.with_huts(60));
    let site = TestSite::with_huts(60);
    site.fake_site.set_faults(Faults::always(Fault::ServerError));
    let args = ["--retries=0", "--no-progress", "--max-in-flight=1"];
    let ran = site.update(&database, "2026-07-01T10:00:00Z", &args);
    assert_eq!(ran.status, 2, "no hut was updated: {ran:?}");
    assert_eq!(site.fake_site.requests(), 5);
    let report = ran.json();
    let why = "the site was abandoned: 5 huts in a row could not be reached; the last error: HTTP 500: Internal Server Error";
    assert_eq!(
        report["sites"],
        serde_json::json!([{
            "organization": "hrs", "selected": 60, "updated": 0, "failed": 5, "skipped": 55,
            "left": {"kind": "http_status", "message": why}, "mass_change": null, "shrunk": null,
            "unknown_values": [],
        }])
    );
    let lines: Vec<_> = ran.stderr.lines().collect();
    assert_eq!(lines.len(), 3, "{lines:#?}");
    assert_eq!(lines[1], format!("[60/60] hrs: 55 huts skipped: http_status: {why}"));
    assert!(lines[2].starts_with("hrs: 5 huts not checked: http_status: HTTP 500"), "{lines:#?}");
}
