//! A run that is frozen past its lease with an answer unread. What it read may be older than what is stored when it
//! goes on, although its own clock says otherwise.

use std::collections::BTreeSet;

use chrono::{TimeDelta, Utc};
use diesel::prelude::*;
use hut_availability::db::check::{self as hut_check, Attempt};
use hut_availability::db::connection::Db;
use hut_availability::db::guard::{Guard, Refusal};
use hut_availability::db::lease::claim_huts;
use hut_availability::db::schema::lease;
use hut_availability::db::timestamp::Timestamp;
use hut_availability::db::update_run;
use hut_availability::db::write::{
    Recorded, RunContext, Stored, store_check, store_failure, store_unmodified,
};
use hut_availability::domain::availability::Check;
use hut_availability::domain::fault::Fault;
use hut_availability::domain::lease::{Claim, ClaimRequest, ClaimToken, LastTry};
use hut_availability::domain::run::Mode;
use hut_availability::domain::schedule::Observed;
use hut_availability::domain::state::State;
use hut_availability::domain::validators::Validators;
use hut_availability::runtime::clock::Clock;
use hut_availability::runtime::timing::Meter;
use hut_availability::simulate::faults::Faults;

use crate::on_both_databases;
use crate::support::checks::check;
use crate::support::database::{TestDatabase, current, number};
use crate::support::model::assert_invariants;
use crate::support::program::{RunOutput, run};
use crate::support::proxy::HeldSite;
use crate::support::running::{Running, wait_until};
use crate::support::site::{TestSite, update_command_at};

const ARGS: [&str; 5] = ["--all", "--days", "60", "--request-interval", "0"];

/// Lets all leases end now.
fn expire_leases(db: &mut Db) {
    let at = |seconds| Timestamp::from(Utc::now() - TimeDelta::seconds(seconds));
    let ended = (lease::renewed_at.eq(at(60)), lease::expires_at.eq(at(1)));
    assert_eq!(diesel::update(lease::table).set(ended).execute(db).unwrap(), 1);
}

/// A run that is frozen with an old answer of the site unread, and whose lease has ended since.
fn frozen_run(database: &TestDatabase, site: &TestSite) -> Running {
    site.set_now(Utc::now() - TimeDelta::days(25));
    let held = HeldSite::start(&site.fake_site.url());
    let frozen = Running::start(update_command_at(&held.url, &database.url).args(ARGS));
    held.wait_for_answer();
    frozen.signal("STOP");
    let state = format!("/proc/{}/stat", frozen.id());
    wait_until("the run is frozen", || std::fs::read_to_string(&state).unwrap().contains(") T "));
    held.release();
    expire_leases(&mut database.open());
    site.fake_site.set_clock(Clock::System);
    frozen
}

fn end(frozen: Running) -> RunOutput {
    frozen.signal("CONT");
    frozen.end()
}

fn states(database: &TestDatabase) -> Vec<(chrono::NaiveDate, State)> {
    current(&mut database.open()).iter().map(|row| (row.date, row.state())).collect()
}

/// What the site says now, and that it is not what it said 25 days ago.
fn states_now(site: &TestSite) -> Vec<(chrono::NaiveDate, State)> {
    let [now, before] = [TimeDelta::zero(), TimeDelta::days(25)].map(|ago| {
        let database = TestDatabase::sqlite();
        drop(database.with_huts(1));
        site.set_now(Utc::now() - ago);
        let ran = run(site.update_command(&database.url).args(ARGS));
        assert_eq!(ran.status, 0, "{ran:?}");
        states(&database)
    });
    assert_ne!(now, before);
    now
}

/// The observations of a hut up to its last successful check.
fn observed(db: &mut Db, hut_id: i32) -> Observed {
    hut_check::load(db, hut_id).unwrap().observed()
}

on_both_databases! {
    fn a_run_that_was_frozen_leaves_its_hut_to_the_run_that_has_it(database) {
        drop(database.with_huts(1));
        let site = TestSite::with_huts(1);
        let expected = states_now(&site);
        let frozen = frozen_run(database, &site);
        let other = run(site.update_command(&database.url).args(ARGS));
        assert_eq!((other.status, &other.json()["huts"]["updated"]), (0, &1.into()), "{other:?}");
        let requests = site.fake_site.requests();

        let ran = end(frozen);
        assert_eq!((ran.status, &ran.json()["huts"]["skipped"]), (0, &1.into()), "{ran:?}");
        assert!(ran.stderr.contains("asking again: the claim of the hut expired"), "{ran:?}");
        assert_eq!(site.fake_site.requests(), requests, "the other run has asked it");
        assert_eq!(states(database), expected);
        assert_invariants(&mut database.open());
    }

    fn a_run_that_was_frozen_asks_again_for_a_hut_that_nobody_took(database) {
        drop(database.with_huts(1));
        let site = TestSite::with_huts(1);
        let expected = states_now(&site);
        let frozen = frozen_run(database, &site);
        let requests = site.fake_site.requests();

        let ran = end(frozen);
        assert_eq!((ran.status, &ran.json()["huts"]["updated"]), (0, &1.into()), "{ran:?}");
        assert_eq!(ran.json()["results"].as_array().unwrap().len(), 1, "{ran:?}");
        assert_eq!(site.fake_site.requests(), requests + 1, "it has asked once more");
        assert_eq!(states(database), expected);
        assert_eq!(number(&mut database.open(), "SELECT count(*) AS number FROM lease"), 0);
        assert_invariants(&mut database.open());
    }

    /// A hut that was to be asked again is reported once if its site is abandoned meanwhile, and not asked.
    fn a_run_that_was_frozen_leaves_a_site_that_is_abandoned(database) {
        drop(database.with_huts(6));
        let site = TestSite::with_huts(6);
        site.fake_site.set_faults(Faults::always(Fault::Html));
        let ran = end(frozen_run(database, &site));
        let report = ran.json();
        let results = report["results"].as_array().unwrap();
        let huts: BTreeSet<_> = results.iter().map(|result| result["hut"].as_str().unwrap()).collect();
        assert_eq!((huts.len(), results.len(), &report["huts"]["updated"]), (6, 6, &0.into()), "{ran:?}");
        assert!(!ran.stderr.contains("asking again"), "{ran:?}");
        assert_invariants(&mut database.open());
    }

    fn an_expired_lease_is_not_renewed_and_its_answers_are_refused(database) {
        let mut db = database.with_huts(2);
        let minute = TimeDelta::seconds(60);
        let token = update_run::begin(&mut db, Utc::now(), Mode::All, "here", 2, minute).unwrap();
        let request = |hut_id| ClaimRequest { hut_id, last_try: LastTry::default() };
        let (renewed, claims) = claim_huts(&mut db, token, &[request(1)], &[], minute).unwrap();
        assert_eq!((renewed, &claims[..]), (token, &[Claim::Taken][..]));
        let (renewed, _) = claim_huts(&mut db, token, &[], &[1], minute).unwrap();
        assert_eq!(renewed, token, "a valid lease is renewed");

        let guard = |claim| Guard { claim: Some(claim), ..Guard::default() };
        let store = |db: &mut Db, time: &str, claim| {
            let check = check(1, time, &[(1, 7)]);
            let observed = observed(db, 2);
            store_check(db, &check, RunContext::started(check.at), &observed, &guard(claim), &Meter::default(), |_| ()).unwrap()
        };
        assert!(matches!(store(&mut db, "10:00", token), Stored::Updated(_)));
        expire_leases(&mut db);
        // Both with and without changes, and a failure.
        let refused = Stored::Refused(Refusal::ClaimLost);
        assert_eq!(store(&mut db, "11:00", token), refused);
        let (renewed, _) = claim_huts(&mut db, token, &[], &[1], minute).unwrap();
        assert_eq!((renewed.run_id, renewed.generation), (token.run_id, token.generation + 1));
        assert_eq!(store(&mut db, "11:00", token), refused, "it was asked for under the lease before");
        let changed = check(1, "11:00", &[(1, 3)]);
        let run = RunContext::started(changed.at);
        let stored = store_check(&mut db, &changed, run, &Observed::default(), &guard(token), &Meter::default(), |_| ());
        assert_eq!(stored.unwrap(), refused);
        let attempt = Attempt { at: changed.at.into(), run_started: changed.at.into() };
        let failed = store_failure(&mut db, 1, attempt, false, "timeout: …", &guard(token));
        assert_eq!(failed.unwrap(), Recorded::Refused(Refusal::ClaimLost));
        assert_eq!(current(&mut db)[0].last_checked(), check(1, "10:00", &[]).at);

        let covered: String = lease::table.select(lease::hut_ids).first(&mut db).unwrap();
        assert_eq!(covered, "", "the new lease does not cover what was claimed under the one before");
        let request = ClaimRequest { hut_id: 2, last_try: LastTry::default() };
        let (again, claims) = claim_huts(&mut db, renewed, &[request], &[], minute).unwrap();
        assert_eq!((again, &claims[..]), (renewed, &[Claim::Taken][..]));
        assert!(matches!(store(&mut db, "12:00", renewed), Stored::Updated(_)));
    }

    /// An answer that says that nothing has changed is stored by a statement of its own.
    fn an_unmodified_answer_is_refused_like_any_other(database) {
        let mut db = database.with_huts(1);
        let cached = Validators { etag: Some("1".into()), last_modified: None, asked_digest: Some("asked".into()) };
        let listed = Check { validators: cached.clone(), ..check(1, "10:00", &[(1, 7)]) };
        let run = RunContext::started(listed.at);
        store_check(&mut db, &listed, run, &Observed::default(), &Guard::default(), &Meter::default(), |_| ()).unwrap();
        let minute = TimeDelta::seconds(60);
        let token = update_run::begin(&mut db, Utc::now(), Mode::All, "here", 1, minute).unwrap();
        let request = ClaimRequest { hut_id: 1, last_try: LastTry { last_checked: Some(listed.at), consecutive_failures: 0 } };
        let (token, claims) = claim_huts(&mut db, token, &[request], &[], minute).unwrap();
        assert_eq!(claims, [Claim::Taken]);
        let source = |id: &str| Some(("hrs".to_owned(), id.to_owned()));
        let lost = ClaimToken { generation: token.generation + 1, ..token };
        let at = |time| Timestamp::from(check(1, time, &[]).at);
        let attempt = Attempt { at: at("11:00"), run_started: at("11:00") };
        let observed = observed(&mut db, 1);
        for (claim, source, refusal) in [
            (lost, source("1"), Some(Refusal::ClaimLost)),
            (token, source("2"), Some(Refusal::SourceChanged)),
            (token, source("1"), None),
        ] {
            let guard = Guard { claim: Some(claim), source, at: None };
            let stored = store_unmodified(&mut db, 1, attempt, &cached, &observed, &guard).unwrap();
            match refusal {
                Some(refusal) => assert_eq!(stored, Stored::Refused(refusal)),
                None => assert!(matches!(stored, Stored::Updated(_)), "{stored:?}"),
            }
            let last_checked = current(&mut db)[0].last_checked();
            let expected = if refusal.is_some() { "10:00" } else { "11:00" };
            assert_eq!(last_checked, check(1, expected, &[]).at);
        }
    }

    /// An answer whose instant lies in the future is refused, as far as the database has a clock of its own.
    fn a_check_ahead_of_the_clock_of_the_database_is_refused(database) {
        let mut db = database.with_huts(1);
        let mut ahead = check(1, "10:00", &[(1, 7)]);
        ahead.at = Utc::now() + TimeDelta::minutes(6);
        let guard = Guard { at: Some(ahead.at.into()), ..Guard::default() };
        let run = RunContext::started(Utc::now());
        let stored = store_check(&mut db, &ahead, run, &Observed::default(), &guard, &Meter::default(), |_| ()).unwrap();
        if database.is_sqlite() {
            database.allow_violations("SQLite has only the clock of the machine");
            assert!(matches!(stored, Stored::Updated(_)), "{stored:?}");
        } else {
            assert!(matches!(stored, Stored::Refused(Refusal::ClockAhead(_))), "{stored:?}");
            assert_eq!(current(&mut db), []);
        }
    }
}
