//! The update pipeline with fake implementations of the site trait, and with the real client over a socket.

mod requests;

use std::collections::HashMap;
use std::ops::RangeInclusive;
use std::sync::Arc;
use std::time::Duration;

use chrono::NaiveDate;
use chrono_tz::Tz;
use diesel::connection::InstrumentationEvent;
use diesel::prelude::*;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use hut_availability::db::check;
use hut_availability::db::connection::Db;
use hut_availability::db::open::Access;
use hut_availability::db::resilient::ResilientDb;
use hut_availability::db::schema::hut_source;
use hut_availability::db::write::RunContext;
use hut_availability::domain::availability::{Answer, SiteDay, SiteStatus};
use hut_availability::domain::hut::{FollowedHut, HutTypes};
use hut_availability::domain::lease::LastTry;
use hut_availability::domain::run::{HutOutcome, HutResult};
use hut_availability::domain::schedule::{Observed, Reason, SelectedHut};
use hut_availability::domain::signal::Signal;
use hut_availability::domain::validators::Validators;
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
use hut_availability::update::pipeline::{FetchConfig, Updated, update};
use hut_availability::update::store::Store;
use tokio::sync::watch;

use crate::support::checks::{at, july};
use crate::support::database::{TestDatabase, current};
use crate::support::model::assert_invariants;
use crate::support::site::TestSite;
use crate::{methods_of_an_unregistered_site, on_both_databases};

/// A site whose answers depend on the hut's ID.
struct OddSite;

impl BookingSource for OddSite {
    methods_of_an_unregistered_site!();

    fn availability<'a>(
        &'a self,
        source_hut_id: &'a str,
        _dates: &'a RangeInclusive<NaiveDate>,
        _cached: &'a Validators,
    ) -> BoxFuture<'a, Result<Reply, SourceError>> {
        async move {
            match source_hut_id {
                "2" => panic!("a bug in a parser"),
                "3" => Err(SourceError::UnknownHut("3".into())),
                "4" => Ok(Answer::default().into()),
                _ => Ok(Answer { days: vec![day(1), day(2)], ..Answer::default() }.into()),
            }
        }
        .boxed()
    }

    fn discover(&self, _step: u32) -> BoxFuture<'_, Result<Listing, SourceError>> {
        async { Ok(Listing::default()) }.boxed()
    }
}

/// A site that records the IDs that it is asked for, in their order.
#[derive(Default)]
struct OrderedSite(std::sync::Mutex<Vec<String>>);

impl BookingSource for OrderedSite {
    methods_of_an_unregistered_site!();

    fn availability<'a>(
        &'a self,
        source_hut_id: &'a str,
        _dates: &'a RangeInclusive<NaiveDate>,
        _cached: &'a Validators,
    ) -> BoxFuture<'a, Result<Reply, SourceError>> {
        async move {
            self.0.lock().unwrap().push(source_hut_id.to_owned());
            Ok(Answer { days: vec![day(1)], ..Answer::default() }.into())
        }
        .boxed()
    }

    fn discover(&self, _step: u32) -> BoxFuture<'_, Result<Listing, SourceError>> {
        async { Ok(Listing::default()) }.boxed()
    }
}

fn day(day: u32) -> SiteDay {
    let (free, total, status) = (Some(3), Some(40), SiteStatus::Unsaid);
    SiteDay { date: july(day), free, total, status, unattended: false }
}

/// Records the events, and stops the run after a number of huts.
struct Recorder {
    events: Vec<String>,
    stop: Option<(usize, watch::Sender<Option<Signal>>)>,
}

impl Reporter for Recorder {
    fn report(&mut self, event: &RunEvent<'_>) {
        match event {
            RunEvent::Answered => self.events.push("answered".into()),
            RunEvent::Done(result) => {
                self.events.push(format!("{} {:?}", result.hut, result.outcome));
            }
            RunEvent::SiteAbandoned { organization, .. } => {
                self.events.push(format!("{organization} abandoned"));
            }
            RunEvent::Selected(_) | RunEvent::Finished(_) => {}
        }
        let done = self.events.iter().filter(|event| *event != "answered").count();
        if let Some((after, stop)) = &self.stop
            && done >= *after
        {
            stop.send_replace(Some(Signal::Terminate));
        }
    }
}

fn huts(count: i32, organization: &str) -> Vec<SelectedHut> {
    let selected = |id: i32| SelectedHut {
        hut: FollowedHut {
            id,
            slug: format!("hut-{id}"),
            organization: organization.into(),
            source_hut_id: id.to_string(),
            link: None,
            types: HutTypes::default(),
        },
        reason: Reason::New,
        interval: None,
        is_budgeted: false,
        last_try: LastTry::default(),
        cached: Validators::default(),
        observed: Observed::default(),
        latest_instant: None,
    };
    (1..=count).map(selected).collect()
}

/// Stores the ID under which a hut is asked for.
fn link(db: &mut Db, selected: &SelectedHut) {
    let source = hut_source::table.find((selected.hut.id, &selected.hut.organization));
    let id = hut_source::source_hut_id.eq(&selected.hut.source_hut_id);
    diesel::update(source).set(id).execute(db).unwrap();
}

fn fetch_config() -> FetchConfig {
    let clock = Clock::StoppedAt(at("10:00"));
    FetchConfig { days: 32, timezone: Tz::UTC, clock, max_in_flight: 4, claims: Claims::All }
}

fn store(database: &TestDatabase, db: Db) -> Store {
    let (_, stop) = watch::channel(None);
    let db = ResilientDb::new(db, Some(database.url()), Access::ReadWrite, stop, &Meter::default());
    Store::new(db, Access::ReadWrite, RunContext::started(at("09:58")), &Meter::default())
}

/// Runs the pipeline in a runtime of its own.
fn run(
    huts: &[SelectedHut],
    config: &FetchConfig,
    sources: &Sources,
    store: &Store,
    recorder: &mut Recorder,
) -> Updated {
    let (sender, stop) = watch::channel(None);
    if let Some((_, stop)) = &mut recorder.stop {
        *stop = sender.clone();
    }
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(update(huts, config, sources, store, recorder, stop))
}

fn outcomes(results: &[HutResult]) -> Vec<String> {
    let mut outcomes: Vec<_> = results
        .iter()
        .map(|result| {
            let kind = result.failure.as_ref().map(|failure| failure.kind.to_string());
            format!("{} {:?} {}", result.hut, result.outcome, kind.unwrap_or_default())
        })
        .collect();
    outcomes.sort();
    outcomes
}

on_both_databases! {
    fn a_failure_or_panic_in_one_hut_does_not_affect_the_others(database) {
        let db = database.with_huts(6);
        let sources: Sources = HashMap::from([("hrs".to_owned(), Arc::new(OddSite) as Arc<dyn BookingSource>)]);
        let mut recorder = Recorder { events: Vec::new(), stop: None };
        let store = store(database, db);
        let updated = run(&huts(6, "hrs"), &fetch_config(), &sources, &store, &mut recorder);
        assert_eq!(outcomes(&updated.results), [
            "hut-1 Updated ", "hut-2 Failed internal", "hut-3 Failed unknown_hut", "hut-4 Failed empty",
            "hut-5 Updated ", "hut-6 Updated ",
        ]);
        let panicked = updated.results.iter().find(|result| result.hut == "hut-2").unwrap();
        assert!(panicked.failure.as_ref().unwrap().message.contains("a bug in a parser"));
        assert_eq!(recorder.events.iter().filter(|event| *event == "answered").count(), 6);
        let mut db = database.open();
        assert_eq!(current(&mut db).len(), 3 * 2);
        // Whether a hut is due depends on the start of the run; the time of a state is when its answer
        // arrived.
        let check = check::load(&mut db, 1).unwrap();
        assert_eq!((check.last_success, check.last_success_run), (Some(at("10:00").into()), Some(at("09:58").into())));
        assert_invariants(&mut db);
    }

    fn a_database_error_in_one_hut_does_not_affect_the_others(database) {
        let mut db = database.with_huts(3);
        let mut selected = huts(3, "hrs");
        selected[1].hut.id = 999;
        let sources: Sources = HashMap::from([("hrs".to_owned(), Arc::new(OddSite) as Arc<dyn BookingSource>)]);
        for (index, hut) in selected.iter_mut().enumerate() {
            hut.hut.source_hut_id = (10 + index).to_string();
            link(&mut db, hut);
        }
        let mut recorder = Recorder { events: Vec::new(), stop: None };
        let store = store(database, db);
        let updated = run(&selected, &fetch_config(), &sources, &store, &mut recorder);
        assert_eq!(outcomes(&updated.results), ["hut-1 Updated ", "hut-2 Failed database", "hut-3 Updated "]);
        assert_eq!(current(&mut database.open()).len(), 2 * 2);
    }

    /// The transaction of the panic is rolled back, and the connection is opened again.
    fn a_panic_while_storing_does_not_affect_other_huts(database) {
        let mut db = database.with_huts(3);
        // The history entries of a hut are written by one statement or by several consecutive ones.
        let (mut hut, mut was_entry) = (0, false);
        let panic_once = move |event: InstrumentationEvent<'_>| {
            if let InstrumentationEvent::StartQuery { query, .. } = event {
                let query = query.to_string();
                let is_entry = query.contains("availability_change") && !query.starts_with("SELECT");
                let is_next_hut = is_entry && !was_entry;
                hut += u32::from(is_next_hut);
                was_entry = is_entry;
                assert!(!(is_next_hut && hut == 2), "a bug in a query");
            }
        };
        db.set_instrumentation(panic_once);
        let sources: Sources = HashMap::from([("hrs".to_owned(), Arc::new(OddSite) as Arc<dyn BookingSource>)]);
        let mut selected = huts(3, "hrs");
        for selected in &mut selected {
            selected.hut.source_hut_id += "0";
            link(&mut database.open(), selected);
        }
        let mut recorder = Recorder { events: Vec::new(), stop: None };
        let store = store(database, db);
        let updated = run(&selected, &FetchConfig { max_in_flight: 1, ..fetch_config() }, &sources, &store, &mut recorder);
        assert_eq!(outcomes(&updated.results), ["hut-1 Updated ", "hut-2 Failed internal", "hut-3 Updated "]);
        let message = &updated.results[1].failure.as_ref().unwrap().message;
        assert!(message.contains("a bug in a query"), "{message}");
        let mut db = database.open();
        assert_eq!(current(&mut db).len(), 2 * 2);
        assert_invariants(&mut db);
    }

    fn a_stopped_run_finishes_its_writes_and_skips_the_other_huts(database) {
        let db = database.with_huts(60);
        let site = TestSite::with_huts(60);
        site.fake_site.set_faults(Faults { latency: Duration::from_millis(20), ..Faults::none() });
        let limits = limits(Duration::from_millis(20));
        let sources = Registry::default().clients(["hrs"], &limits, &HashMap::from([("hrs".to_owned(), site.fake_site.url())]), None, &Meter::default()).unwrap();
        let (unused, _) = watch::channel(None);
        let mut recorder = Recorder { events: Vec::new(), stop: Some((5, unused)) };
        let store = store(database, db);
        let config = FetchConfig { days: 200, ..fetch_config() };
        let updated = run(&huts(60, "hrs"), &config, &sources, &store, &mut recorder);
        let count = |outcome| updated.results.iter().filter(|result| result.outcome == outcome).count();
        assert_eq!(updated.results.len(), 60);
        assert!((5..30).contains(&count(HutOutcome::Updated)), "{}", count(HutOutcome::Updated));
        assert_eq!(count(HutOutcome::Failed), 0);
        assert!(site.fake_site.requests() < 40, "{}", site.fake_site.requests());
        assert_invariants(&mut database.open());
    }

    fn huts_are_asked_in_the_order_of_the_selection(database) {
        let db = database.with_huts(30);
        let site = Arc::new(OrderedSite::default());
        let source: Arc<dyn BookingSource> = site.clone();
        let sources: Sources = HashMap::from([("hrs".to_owned(), source)]);
        let mut recorder = Recorder { events: Vec::new(), stop: None };
        run(&huts(30, "hrs"), &fetch_config(), &sources, &store(database, db), &mut recorder);
        let expected: Vec<_> = (1..=30).map(|id| id.to_string()).collect();
        assert_eq!(*site.0.lock().unwrap(), expected);
    }

    fn huts_of_an_unknown_organization_are_skipped(database) {
        let db = database.with_huts(1);
        let mut recorder = Recorder { events: Vec::new(), stop: None };
        let store = store(database, db);
        let updated = run(&huts(1, "dav"), &fetch_config(), &Sources::new(), &store, &mut recorder);
        assert_eq!(outcomes(&updated.results), ["hut-1 Skipped "]);
    }
}

fn limits(request_interval: Duration) -> RequestLimits {
    RequestLimits {
        request_interval: Some(request_interval),
        force_request_interval: false,
        max_in_flight: 4,
        request_timeout: Duration::from_secs(5),
        retries: 0,
        contact: None,
    }
}
