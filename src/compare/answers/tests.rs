use super::*;
use serde_json::json;

fn map(start: &str) -> Question {
    Question::Map(start.parse().unwrap())
}

fn answer(body: Value) -> Answer {
    Answer { status: 200, body }
}

/// A map of huts with one night each.
fn features(huts: &[(&str, i64)]) -> Answer {
    let feature = |(slug, free): &(&str, i64)| {
        json!({
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [8.0, 46.5]},
            "properties": {"slug": slug, "id": 1, "data": [{"date": "2026-07-01", "free": free}]},
        })
    };
    let features: Vec<Value> = huts.iter().map(feature).collect();
    answer(json!({"type": "FeatureCollection", "features": features}))
}

/// The differences as `kind field hut night`, with the reason of expected ones.
fn found(question: &Question, ours: &Answer, theirs: &Answer) -> Vec<String> {
    let line = |it: &Difference| {
        let reason = it.reason.map(|reason| format!("({reason})")).unwrap_or_default();
        let parts =
            [it.kind.to_string(), it.field.clone(), it.hut.clone(), it.night.clone(), reason];
        let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        parts.join(" ")
    };
    compare(question, ours, theirs).differences.iter().map(line).collect()
}

#[test]
fn maps_are_compared_hut_by_hut_and_in_their_order() {
    let question = map("2026-07-01");
    let ours = features(&[("a", 1), ("b", 2), ("c", 3)]);
    assert_eq!(found(&question, &ours, &ours), [""; 0]);
    let theirs = features(&[("c", 3), ("b", 9), ("d", 4)]);
    assert_eq!(
        found(&question, &ours, &theirs),
        ["hut_missing a", "value free b 2026-07-01", "hut_missing d", "order"]
    );
    let known: Vec<_> =
        known_huts(&ours.body, &theirs.body).into_iter().map(|hut| hut.slug).collect();
    assert_eq!(known, ["b", "c"]);
}

#[test]
fn an_empty_map_may_be_null() {
    let empty =
        |features: Value| answer(json!({"type": "FeatureCollection", "features": features}));
    assert_eq!(found(&map("2026-07-01"), &empty(json!([])), &empty(Value::Null)), [""; 0]);
}

#[test]
fn a_metre_of_rounding_is_expected_and_more_is_not() {
    let place = |longitude: f64| {
        let mut map = features(&[("a", 1)]);
        map.body["features"][0]["geometry"]["coordinates"][0] = longitude.into();
        map
    };
    let question = map("2026-07-01");
    let expected = found(&question, &place(8.0), &place(8.00001));
    assert_eq!(expected, ["value coordinates a (rounding)"]);
    assert_eq!(found(&question, &place(8.0), &place(8.00002)), ["value coordinates a"]);
    let mut nowhere = place(8.0);
    nowhere.body["features"][0]["geometry"] = Value::Null;
    assert_eq!(found(&question, &place(8.0), &nowhere), ["value coordinates a"]);
}

#[test]
fn status_codes_are_compared() {
    let status = |status| Answer { status, body: Value::Null };
    let trend = Question::Trend { slug: "a".into(), night: "2026-07-01".parse().unwrap() };
    assert_eq!(found(&trend, &status(404), &status(404)), [""; 0]);
    assert_eq!(found(&trend, &status(200), &status(404)), ["status status a (history)"]);
    assert_eq!(found(&trend, &status(404), &status(200)), ["status status a"]);
    assert_eq!(
        found(&map("2026-07-01"), &status(400), &status(422)),
        ["status status (invalid_value)"]
    );
    assert_eq!(found(&map("2026-07-01"), &status(400), &status(200)), ["status status"]);
}

#[test]
fn nights_are_compared_by_their_date() {
    let hut = |nights: &[(&str, i64)]| {
        let night = |(date, free): &(&str, i64)| json!({"date": date, "free": free});
        answer(json!({"slug": "a", "data": nights.iter().map(night).collect::<Vec<_>>()}))
    };
    let question = Question::Hut { slug: "a".into(), start: "2026-07-01".parse().unwrap() };
    let ours = hut(&[("2026-07-01", 1), ("2026-07-02", 2)]);
    let theirs = hut(&[("2026-07-02", 3), ("2026-07-03", 4)]);
    assert_eq!(
        found(&question, &ours, &theirs),
        ["night_missing a 2026-07-01", "value free a 2026-07-02", "night_missing a 2026-07-03"]
    );
}

#[test]
fn the_newest_state_of_a_trend_must_be_the_same() {
    let trend = |free: &[i64]| {
        let states: Vec<Value> = free.iter().map(|free| json!({"free": free})).collect();
        answer(json!({"target_date": "2026-07-01", "data": states}))
    };
    let question = Question::Trend { slug: "a".into(), night: "2026-07-01".parse().unwrap() };
    let compare = |ours: &[i64], theirs: &[i64]| found(&question, &trend(ours), &trend(theirs));
    assert_eq!(compare(&[3, 4], &[3, 4]), [""; 0]);
    assert_eq!(compare(&[3, 4], &[2, 4]), ["value free a 2026-07-01"]);
    assert_eq!(
        compare(&[3, 4], &[3, 5, 6]),
        ["value free a 2026-07-01 (history)", "value data a 2026-07-01 (history)"]
    );
}

#[test]
fn a_field_of_an_older_state_must_still_be_there() {
    let trend = |older: Value| answer(json!({"data": [{"free": 1}, older]}));
    let question = Question::Trend { slug: "a".into(), night: "2026-07-01".parse().unwrap() };
    let found = found(&question, &trend(json!({})), &trend(json!({"free": 2})));
    assert_eq!(found, ["field_missing free a"]);
}
