//! Several sites in one run: they are asked side by side, and one that is left harms no other.

use std::collections::HashMap;
use std::ops::RangeInclusive;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::routing::get;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use hut_availability::db::connection::Db;
use hut_availability::db::open::Access;
use hut_availability::db::resilient::ResilientDb;
use hut_availability::db::schedule::{Selection, get_huts_needing_update};
use hut_availability::db::write::RunContext;
use hut_availability::domain::failure::ErrorKind;
use hut_availability::domain::fault::Fault;
use hut_availability::domain::run::{HutOutcome, HutResult};
use hut_availability::domain::schedule::{Intervals, SelectedHut};
use hut_availability::domain::validators::Validators;
use hut_availability::register::file;
use hut_availability::runtime::clock::Clock;
use hut_availability::runtime::timing::Meter;
use hut_availability::simulate::faults::Faults;
use hut_availability::sites::error::SourceError;
use hut_availability::sites::limits::RequestLimits;
use hut_availability::sites::listing::Listing;
use hut_availability::sites::registry::Sources;
use hut_availability::sites::source::{BookingSource, Reply};
use hut_availability::update::claims::Claims;
use hut_availability::update::event::{Reporter, RunEvent};
use hut_availability::update::pipeline::{FetchConfig, update};
use hut_availability::update::store::Store;
use reqwest::Url;
use tokio::sync::{Barrier, RwLock, watch};

use crate::support::checks::{at, july};
use crate::support::database::{TestDatabase, lines, number};
use crate::support::model::assert_invariants;
use crate::support::site::TestSite;
use crate::{facts_of_a_site_made_by_hand, on_both_databases};

/// Adds `count` huts of each site, `hrs-1` … and `huetten-holiday-1` …, which know them by number.
fn with_huts_of_two_sites(database: &TestDatabase, count: usize) -> Db {
    let mut csv = "slug,name,organization,source_hut_id\n".to_owned();
    for organization in ["hrs", "huetten-holiday"] {
        for id in 1..=count {
            csv += &format!("{organization}-{id},Hut {id},{organization},{id}\n");
        }
    }
    let mut db = database.open();
    hut_availability::register::import::import(
        &mut db,
        &file::read(csv.as_bytes(), &crate::support::organizations()).unwrap(),
        &crate::support::organizations(),
    )
    .unwrap();
    db
}

/// A client of the site at `url`, which tries nothing again.
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
    hut_availability::sites::registry::Registry::default()
        .clients(["hrs"], &limits, &base_urls, None, &Meter::default())
        .unwrap()
        .remove("hrs")
        .unwrap()
}

/// Two sites in the words of hut-reservation.org, under the names of both.
fn sources(hrs: Arc<dyn BookingSource>, huetten_holiday: Arc<dyn BookingSource>) -> Sources {
    HashMap::from([("hrs".into(), hrs), ("huetten-holiday".into(), huetten_holiday)])
}

/// The huts that are due.
fn due(db: &mut Db, now: DateTime<Utc>) -> Vec<SelectedHut> {
    let intervals = Intervals {
        high: TimeDelta::minutes(30),
        medium: TimeDelta::hours(3),
        low: TimeDelta::hours(24),
        inactive: TimeDelta::days(7),
    };
    get_huts_needing_update(db, &Selection::Due, now, july(1), 14, &intervals).unwrap()
}

/// The sites that a run has left, with how many of their huts.
#[derive(Default)]
struct LeftSites(Vec<(String, usize)>);

impl Reporter for LeftSites {
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
) -> (Vec<HutResult>, LeftSites) {
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
    let (dates, clock) = (july(1)..=july(14), Clock::StoppedAt(now));
    let ask = FetchConfig { dates, clock, max_in_flight, claims: Claims::All };
    let mut left = LeftSites::default();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let updated = runtime.block_on(update(&huts, &ask, sources, &store, &mut left, stop));
    (updated.results, left)
}

/// Updated, failed, and skipped huts of an organization.
fn counts(results: &[HutResult], organization: &str) -> [usize; 3] {
    [HutOutcome::Updated, HutOutcome::Failed, HutOutcome::Skipped].map(|outcome| {
        let is_counted =
            |result: &&HutResult| result.organization == organization && result.outcome == outcome;
        results.iter().filter(is_counted).count()
    })
}

/// A site that works for so many huts and then dies, when the answers of these are in.
struct Dying {
    client: Arc<dyn BookingSource>,
    site: Arc<TestSite>,
    lives_for: usize,
    asked: AtomicUsize,
    dying: RwLock<()>,
    requests_before: AtomicUsize,
}

impl Dying {
    fn after(lives_for: usize, site: &Arc<TestSite>) -> Arc<Self> {
        Arc::new(Self {
            client: client(site.fake_site.url()),
            site: Arc::clone(site),
            lives_for,
            asked: AtomicUsize::new(0),
            dying: RwLock::new(()),
            requests_before: AtomicUsize::new(0),
        })
    }

    fn requests_after_death(&self) -> usize {
        self.site.fake_site.requests() - self.requests_before.load(Ordering::SeqCst)
    }
}

impl BookingSource for Dying {
    facts_of_a_site_made_by_hand!();

    fn availability<'a>(
        &'a self,
        source_hut_id: &'a str,
        dates: &'a RangeInclusive<NaiveDate>,
        known: &'a Validators,
    ) -> BoxFuture<'a, Result<Reply, SourceError>> {
        async move {
            if self.asked.fetch_add(1, Ordering::SeqCst) == self.lives_for {
                let _nobody_is_waiting = self.dying.write().await;
                self.site.fake_site.set_faults(Faults::always(Fault::Reset));
                self.requests_before.store(self.site.fake_site.requests(), Ordering::SeqCst);
            }
            let _not_dying = self.dying.read().await;
            self.client.availability(source_hut_id, dates, known).await
        }
        .boxed()
    }

    fn discover(&self, _step: u32) -> BoxFuture<'_, Result<Listing, SourceError>> {
        async { Ok(Listing::default()) }.boxed()
    }
}

on_both_databases! {
    fn a_site_that_dies_is_left_and_the_next_run_recovers(database) {
        let mut db = with_huts_of_two_sites(database, 40);
        let (dying, healthy) = (Arc::new(TestSite::with_huts(40)), TestSite::with_huts(40));
        dying.set_now(at("10:00"));
        healthy.set_now(at("10:00"));
        let hrs = Dying::after(10, &dying);
        let sources_while_dying = sources(hrs.clone(), client(healthy.fake_site.url()));

        let (results, left) = run(database, at("10:00"), &sources_while_dying, 4);
        assert_eq!(counts(&results, "hrs"), [10, 5, 25]);
        assert_eq!(counts(&results, "huetten-holiday"), [40, 0, 0]);
        assert_eq!(left.0, [("hrs".to_owned(), 25)], "told once");
        // Five failed, and of the four in flight three were still waiting.
        assert!((5..=8).contains(&hrs.requests_after_death()), "{}", hrs.requests_after_death());
        for skipped in results.iter().filter(|result| result.outcome == HutOutcome::Skipped) {
            let failure = skipped.failure.as_ref().unwrap();
            assert_eq!(failure.kind, ErrorKind::Connect);
            let why = "the site was left: 5 huts in a row could not be reached, the last one: the connection to 127.0.0.1 failed: ";
            assert!(failure.message.starts_with(why), "{failure}");
        }

        // Nothing is held against the huts that were skipped: they are due, as if never asked.
        let failures = "SELECT count(*) AS number FROM hut_check WHERE consecutive_failures > 0";
        assert_eq!(number(&mut db, failures), 5);
        let mut skipped: Vec<_> = results.iter().filter(|result| result.outcome == HutOutcome::Skipped).map(|result| result.hut.clone()).collect();
        skipped.sort();
        let mut still_due: Vec<_> = due(&mut db, at("10:01")).into_iter().map(|due| due.hut.slug).collect();
        still_due.sort();
        assert_eq!(still_due, skipped);

        dying.fake_site.set_faults(Faults::none());
        let recovered = sources(client(dying.fake_site.url()), client(healthy.fake_site.url()));
        let (results, left) = run(database, at("10:30"), &recovered, 4);
        let [updated, failed, skipped] = counts(&results, "hrs");
        assert!(updated >= 30, "{updated}");
        assert_eq!((failed, skipped, left.0), (0, 0, Vec::new()));
        assert_eq!(number(&mut db, failures), 0);
        let checked = "SELECT slug AS line FROM hut LEFT JOIN hut_check ON hut_id = hut.id WHERE last_success IS NULL";
        assert_eq!(lines(&mut db, checked), [""; 0]);
        assert_invariants(&mut db);
    }

    fn a_site_that_says_stop_is_left_and_harms_no_other(database) {
        let mut db = with_huts_of_two_sites(database, 20);
        let (tired, healthy) = (TestSite::with_huts(20), TestSite::with_huts(20));
        healthy.set_now(at("10:00"));
        let for_an_hour = Duration::from_secs(3600);
        tired.fake_site.set_faults(Faults { retry_after: for_an_hour, ..Faults::always(Fault::RateLimit) });
        let sources = sources(client(tired.fake_site.url()), client(healthy.fake_site.url()));

        let (results, left) = run(database, at("10:00"), &sources, 4);
        let [updated, failed, skipped] = counts(&results, "hrs");
        // The word may reach those that are about to ask before it is told of the hut that was.
        assert!(updated == 0 && failed <= 1 && failed + skipped == 20, "{failed} failed, {skipped} skipped");
        assert_eq!(left.0, [("hrs".to_owned(), skipped)], "told once");
        assert!(tired.fake_site.requests() <= 4, "{}", tired.fake_site.requests());
        assert_eq!(counts(&results, "huetten-holiday"), [20, 0, 0]);
        let mut failures = results.iter().filter_map(|result| result.failure.as_ref());
        assert!(failures.all(|failure| failure.kind == ErrorKind::RateLimited));
        assert_eq!(due(&mut db, at("10:01")).len(), skipped);

        // Who knows from the start that the site wants to rest asks for no hut, and none has failed.
        let requests = tired.fake_site.requests();
        let (results, left) = run(database, at("10:01"), &sources, 4);
        assert_eq!((results.len(), counts(&results, "hrs")), (skipped, [0, 0, skipped]));
        assert_eq!((left.0.len(), tired.fake_site.requests()), (1, requests));
        assert_eq!(due(&mut db, at("10:02")).len(), skipped);
    }
}

/// Answers only together with the other site.
async fn answer_together(State(both): State<Arc<Barrier>>) -> &'static str {
    both.wait().await;
    r#"[{"date":"2026-07-01T00:00:00Z","freeBeds":1,"totalSleepingPlaces":2,"hutStatus":"SERVICED"}]"#
}

/// Each site has one request in flight, and none is answered until the other site has one, too: a
/// run that asked one site after the other would wait in vain.
#[test]
fn sites_are_asked_side_by_side() {
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

/// From outside: hundreds of huts that were skipped for one reason are one line.
#[test]
fn a_site_that_is_down_costs_a_line_and_the_exit_status() {
    let database = TestDatabase::sqlite();
    drop(database.with_huts(60));
    let site = TestSite::with_huts(60);
    site.fake_site.set_faults(Faults::always(Fault::ServerError));
    let args = ["--retries=0", "--no-progress", "--max-in-flight=1"];
    let ran = site.update(&database, "2026-07-01T10:00:00Z", &args);
    assert_eq!(ran.status, 2, "nothing could be done: {ran:?}");
    assert_eq!(site.fake_site.requests(), 5);
    let report = ran.json();
    let why = "the site was left: 5 huts in a row could not be reached, the last one: HTTP 500: Internal Server Error";
    assert_eq!(
        report["sites"],
        serde_json::json!([{
            "organization": "hrs", "selected": 60, "updated": 0, "failed": 5, "skipped": 55,
            "left": {"kind": "http_status", "message": why}, "mass_change": null,
        }])
    );
    let lines: Vec<_> = ran.stderr.lines().collect();
    assert_eq!(lines.len(), 6, "{lines:#?}");
    assert_eq!(lines[5], format!("[60/60] hrs: 55 huts skipped: http_status: {why}"));
}
