//! Compares the fields of huts and nights. Pure.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use serde_json::{Map, Value};

use super::difference::{Collector, Kind};
use super::reason::Reason;

pub type Object = Map<String, Value>;

/// The figures of a night.
const FIGURES: [&str; 7] = [
    "free",
    "total",
    "free_tolerance",
    "occupancy_percent",
    "occupancy_steps",
    "occupancy_status",
    "reservation_status",
];

/// Times of checks.
const TIMES: [&str; 3] = ["first_checked", "last_checked", "duration_seconds"];

/// Fields that answers of the Wodore backend lack, or lacked in April 2026.
const ADDITIONS: [&str; 9] = [
    "listed",
    "first_checked",
    "last_checked",
    "duration_seconds",
    "free_tolerance",
    "source_link",
    "type_standard_name",
    "type_reduced_name",
    "api",
];

/// Figures that differ by less are equal: the two services compute percentages in other ways.
const MAX_ROUNDING: f64 = 1e-6;

/// Compares the fields of two objects, apart from some. `reason` says why a differing value is expected.
pub fn compare_objects(
    ours: &Object,
    theirs: &Object,
    apart_from: &[&str],
    collector: &mut Collector<'_>,
    reason: impl Fn(&str, &Value, &Value) -> Option<Reason>,
) {
    let names: BTreeSet<&String> = ours.keys().chain(theirs.keys()).collect();
    for name in names.into_iter().filter(|name| !apart_from.contains(&name.as_str())) {
        let values = (ours.get(name), theirs.get(name));
        match values {
            (Some(_), None) => {
                let reason = ADDITIONS.contains(&name.as_str()).then_some(Reason::Addition);
                collector.add(Kind::FieldMissing, name, values, reason);
            }
            (None, Some(_)) => collector.add(Kind::FieldMissing, name, values, None),
            (Some(ours), Some(theirs)) if !is_same_type(ours, theirs) => {
                collector.add(Kind::Type, name, values, None);
            }
            (Some(ours), Some(theirs)) if !is_same(ours, theirs) => {
                collector.add(Kind::Value, name, values, reason(name, ours, theirs));
            }
            _ => {}
        }
    }
}

/// Whether values have the same type. Null may stand for any.
fn is_same_type(ours: &Value, theirs: &Value) -> bool {
    let is_null = ours.is_null() || theirs.is_null();
    is_null || std::mem::discriminant(ours) == std::mem::discriminant(theirs)
}

fn is_same(ours: &Value, theirs: &Value) -> bool {
    match (ours.as_f64(), theirs.as_f64()) {
        (Some(ours), Some(theirs)) => (ours - theirs).abs() < MAX_ROUNDING,
        _ => ours == theirs,
    }
}

/// The reason why a field of a hut is expected to differ.
#[must_use]
pub fn reason_of_hut(field: &str, ours: &Value, theirs: &Value) -> Option<Reason> {
    match field {
        "source_link" | "link" => reason_of_link(theirs),
        "period_start" => Some(Reason::TrendPeriod),
        field if field.starts_with("type_") => reason_of_type(ours, theirs),
        _ => None,
    }
}

fn reason_of_link(theirs: &Value) -> Option<Reason> {
    let is_former = theirs.as_str().is_some_and(|link| link.contains("alpsonline.org"));
    is_former.then_some(Reason::BookingLink)
}

/// A type without a value is null in their answers.
fn reason_of_type(ours: &Value, theirs: &Value) -> Option<Reason> {
    (theirs.is_null() && !ours.is_null()).then_some(Reason::UnknownType)
}

/// Compares two states of a night. Returns whether one of the services first found it after the last check of the other
/// one. A trend has the first check of a state; the answer about a hut has that of the night.
pub fn compare_states(ours: &Object, theirs: &Object, collector: &mut Collector<'_>) -> bool {
    let is_newer = is_newer(ours, theirs) || is_newer(theirs, ours);
    let of_figures = reason_of_figures(ours, theirs);
    let is_unknown_type = ours.get("hut_type").is_some_and(|slug| slug == "unknown");
    compare_objects(ours, theirs, &[], collector, |field, ours, theirs| match field {
        field if TIMES.contains(&field) => Some(Reason::OwnClock),
        _ if is_newer => Some(Reason::CheckedSince),
        field if FIGURES.contains(&field) => of_figures,
        "link" => reason_of_link(theirs),
        field if field.starts_with("type") && is_unknown_type => reason_of_type(ours, theirs),
        _ => None,
    });
    is_newer
}

/// Whether the first state was found after the last check of the second one.
fn is_newer(first: &Object, second: &Object) -> bool {
    let instant = |state: &Object, field: &str| -> Option<DateTime<Utc>> {
        let text = state.get(field)?.as_str()?;
        DateTime::parse_from_rfc3339(text).ok().map(|at| at.to_utc())
    };
    instant(first, "first_checked")
        .zip(instant(second, "last_checked"))
        .is_some_and(|(found, checked)| found > checked)
}

/// The reason why the figures of a night are expected to differ.
fn reason_of_figures(ours: &Object, theirs: &Object) -> Option<Reason> {
    let number = |state: &Object, field: &str| state.get(field).and_then(Value::as_i64);
    let is_not_possible =
        |state: &Object| state.get("reservation_status").is_some_and(|it| it == "not_possible");
    let places = [number(ours, "free"), number(ours, "total")];
    if ours.get("listed") == Some(&Value::Bool(false)) {
        Some(Reason::NotListed)
    } else if places == [Some(0), Some(0)] && is_not_possible(ours) && is_not_possible(theirs) {
        Some(Reason::Closed)
    } else {
        let their_places = [number(theirs, "free"), number(theirs, "total")];
        let mut pairs = places.into_iter().zip(their_places);
        let is_unpublished = pairs.all(|pair| match pair {
            (None, theirs) => theirs.unwrap_or_default() == 0,
            (ours, theirs) => ours == theirs,
        });
        let has_none = places.contains(&None) || places[1] == Some(0);
        (is_unpublished && has_none).then_some(Reason::NotPublished)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compare::question::Question;
    use serde_json::json;

    fn object(value: Value) -> Object {
        let Value::Object(object) = value else { panic!("no object: {value}") };
        object
    }

    /// The differences between two nights, as `kind field reason`.
    fn differences(ours: Value, theirs: Value) -> Vec<String> {
        let question = Question::Version;
        let mut collector = Collector::new(&question);
        compare_states(&object(ours), &object(theirs), &mut collector);
        let line = |it: &super::super::difference::Difference| {
            let reason = it.reason.map_or("unexpected".into(), |reason| reason.to_string());
            format!("{} {} {reason}", it.kind, it.field)
        };
        collector.into_found().iter().map(line).collect()
    }

    #[test]
    fn fields_types_and_values_are_told_apart() {
        let found = differences(
            json!({"free": 3, "total": "40", "occupancy_percent": 92.5, "listed": true, "type": "a"}),
            json!({"free": 4, "total": 40, "occupancy_percent": 92.500_000_01, "hut_type": "hut"}),
        );
        assert_eq!(
            found,
            [
                "value free unexpected",
                "field_missing hut_type unexpected",
                "field_missing listed addition",
                "type total unexpected",
                "field_missing type unexpected",
            ]
        );
        assert_eq!(differences(json!({"free": null}), json!({"free": null})), [""; 0]);
    }

    #[test]
    fn a_number_that_is_not_published_may_be_zero_there() {
        let expected = |free: Value, total: Value, theirs: (i64, i64)| {
            let ours = json!({"free": free, "total": total, "occupancy_percent": null});
            let theirs = json!({"free": theirs.0, "total": theirs.1, "occupancy_percent": 100.0});
            differences(ours, theirs).iter().all(|line| line.ends_with("not_published"))
        };
        assert!(expected(Value::Null, Value::Null, (0, 0)));
        assert!(expected(Value::Null, json!(40), (0, 40)));
        assert!(expected(json!(0), json!(0), (0, 0)));
        assert!(!expected(Value::Null, json!(40), (12, 40)), "they know a number that we do not");
        assert!(!expected(json!(3), json!(40), (3, 40)), "a percentage can be computed");
    }

    #[test]
    fn closed_and_withdrawn_nights_are_expected_to_differ() {
        let closed = json!({"free": 0, "total": 0, "reservation_status": "not_possible"});
        let theirs = json!({"free": 0, "total": 40, "reservation_status": "not_possible"});
        assert_eq!(differences(closed.clone(), theirs), ["value total closed"]);
        let theirs = json!({"free": 9, "total": 40, "reservation_status": "possible"});
        assert_eq!(differences(closed, theirs).len(), 3);
        let withdrawn = json!({"free": null, "listed": false});
        let found = differences(withdrawn, json!({"free": 9, "listed": false}));
        assert_eq!(found, ["value free not_listed"]);
    }

    #[test]
    fn a_state_that_began_after_the_other_check_is_expected_to_differ() {
        let state = |free: i64, first: &str, last: &str| {
            let instant = |time: &str| format!("2026-07-01T{time}Z");
            json!({"free": free, "first_checked": instant(first), "last_checked": instant(last)})
        };
        let times = ["value first_checked own_clock", "value last_checked own_clock"];
        let before = state(3, "10:00:00", "11:00:00");
        let after = differences(before.clone(), state(4, "11:00:01", "11:30:00"));
        assert_eq!(after, [times[0], "value free checked_since", times[1]]);
        let during = differences(before, state(4, "10:59:00", "11:30:00"));
        assert_eq!(during, [times[0], "value free unexpected", times[1]]);
    }
}
