use super::*;
use crate::db::check::Attempt;
use crate::domain::hut::HutType;
use crate::domain::state::{ReservationStatus, State};

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn day(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 7, day).unwrap()
}

fn row(is_listed: bool, withdrawn: bool) -> Row {
    let state = State {
        free: Some(1),
        total: Some(2),
        hut_type: HutType::Hut,
        reservation_status: ReservationStatus::Possible,
    };
    let (organization, source_hut_id) = ("hrs".into(), "1".into());
    Row {
        day: StoredDay { state, organization, source_hut_id, is_listed, withdrawn },
        entry_from: at("2026-06-30T10:00:00Z").into(),
    }
}

/// A successful check that asked for 3 to 31 July.
fn check(instant: &str) -> HutCheck {
    let attempt = Attempt { at: at(instant).into(), run_started: at(instant).into() };
    let listed = Listed {
        listed_at: Some(attempt.at),
        range_from: Some(day(3)),
        range_until: Some(day(31)),
        ..Listed::default()
    };
    HutCheck::succeeded(attempt, listed, Default::default(), Default::default())
}

#[test]
fn nothing_is_mended_where_every_rule_holds() {
    let rows = BTreeMap::from([
        (day(1), row(false, false)),
        (day(3), row(true, false)),
        (day(4), row(false, true)),
    ]);
    let now = at("2026-07-03T12:00:00Z");
    let plan = Plan::new(&check("2026-07-03T10:00:00Z"), &rows, &[], None, now);
    assert_eq!(plan, Plan::default());
}

#[test]
fn instants_in_the_future_become_now_and_keep_their_order() {
    let now = at("2026-07-03T12:00:00Z");
    let future = ["2062-07-01T10:00:00Z", "2062-07-01T11:00:00Z", "2062-07-01T10:00:00Z"];
    let future: Vec<Timestamp> = future.map(|text| at(text).into()).into();
    let plan = Plan::new(&check("2062-07-01T11:00:00Z"), &BTreeMap::new(), &future, None, now);
    let to: Vec<DateTime<Utc>> = plan.instants.iter().map(|(_, to)| DateTime::from(*to)).collect();
    assert_eq!(to.len(), 2);
    assert!(to[0] < to[1] && to[1] <= now && now - to[0] < TimeDelta::seconds(1), "{to:?}");
    let mended = plan.check.unwrap();
    assert_eq!(
        (mended.last_success, mended.listed.listed_at),
        (Some(to[1].into()), Some(to[1].into()))
    );
    assert_eq!(mended.last_success_run, Some((now - LONG_AGO).into()), "the hut is due");
}

#[test]
fn moved_instants_stay_after_all_others() {
    let now = at("2026-07-03T12:00:00Z");
    let latest = Timestamp::from(now + TimeDelta::minutes(4));
    let moved = moved(&[at("2062-07-01T10:00:00Z").into()], Some(latest), now);
    assert!(moved[0].1 > latest);
}

#[test]
fn marks_of_dates_follow_the_range_of_the_last_check() {
    let rows = BTreeMap::from([
        (day(1), row(true, false)),
        (day(5), row(false, false)),
        (day(6), row(true, true)),
        (day(7), row(true, false)),
    ]);
    let now = at("2026-07-03T12:00:00Z");
    let plan = Plan::new(&check("2026-07-03T10:00:00Z"), &rows, &[], None, now);
    assert_eq!(plan.unlist, [(day(1), at("2026-07-02T00:00:00Z").into())]);
    assert_eq!(plan.withdrawn, [(day(5), true), (day(6), false)]);
}
