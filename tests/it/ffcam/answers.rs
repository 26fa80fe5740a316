//! Answers that a test writes, and the captured one.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::NaiveDate;
use hut_availability::domain::availability::Answer;
use hut_availability::domain::failure::ErrorKind;
use hut_availability::domain::validators::Validators;
use hut_availability::runtime::timing::Meter;
use hut_availability::sites::error::SourceError;
use hut_availability::sites::limits::RequestLimits;
use hut_availability::sites::registry::Registry;
use hut_availability::sites::source::{BookingSource, Reply};
use serde_json::{Value, json};

use super::{MID_JULY, with_refuges};
use crate::on_both_databases;
use crate::support::captured_data;
use crate::support::database::{TestDatabase, current, history, lines};
use crate::support::program::{RunOutput, run, update_availability};
use crate::support::raw_site::{RawSite, answer, send};

/// The form of each request so far.
type Forms = Arc<Mutex<Vec<HashMap<String, String>>>>;

/// A site whose pages `page` makes of the form of a request.
fn site(
    page: impl Fn(&HashMap<String, String>) -> Vec<u8> + Send + Sync + 'static,
) -> (RawSite, Forms) {
    let forms = Forms::default();
    let asked = Arc::clone(&forms);
    let site = RawSite::start(move |request, stream| {
        let form: HashMap<_, _> =
            form_urlencoded::parse(request.body.as_bytes()).into_owned().collect();
        assert!(request.head.starts_with("POST /index.php? HTTP/1.1"), "{}", request.head);
        assert_eq!(request.header("content-type"), Some("application/x-www-form-urlencoded"));
        let page = page(&form);
        asked.lock().unwrap().push(form);
        send(stream, &answer("200 OK", "", &page));
    });
    (site, forms)
}

/// A page for the structure of a request, with these values.
fn page(form: &HashMap<String, String>, values: &[(&str, Value)]) -> Vec<u8> {
    let lines = values.iter().map(|(name, value)| format!("BK.{name} = {value};\n"));
    let lines: String = lines.collect();
    let structure = json!(form["structure"]);
    format!("<html>\n<script>\nBK.structure = {structure};\n{lines}</script>\n</html>").into()
}

/// The nights from a date on, each with the same value.
fn nights(first: &str, count: usize, value: &Value) -> Value {
    let first: NaiveDate = first.parse().unwrap();
    first.iter_days().take(count).map(|night| (night.to_string(), value.clone())).collect()
}

fn update(site: &RawSite, database: &TestDatabase, as_of: &str, args: &[&str]) -> RunOutput {
    let mut command = update_availability();
    command.args(["--all", "--no-progress", "--output", "json", "--retries=0"]);
    command.args(["--request-interval=0", "--as-of", as_of, "--max-in-flight=1"]);
    command.args(["--source-url", &site.source_url("ffcam"), "--database-url", &database.url]);
    run(command.args(args))
}

fn dates(forms: &Forms) -> Vec<String> {
    forms.lock().unwrap().drain(..).map(|form| form["date"].clone()).collect()
}

on_both_databases! {
    fn only_the_months_that_are_sold_are_asked_for(database) {
        drop(with_refuges(database, 1));
        let sold = Arc::new(Mutex::new(("2026-05-01", "2026-11-20")));
        let bounds = Arc::clone(&sold);
        let (site, forms) = site(move |form| {
            let (first, last) = *bounds.lock().unwrap();
            let list = json!({form["structure"].clone(): {"minDate": first, "maxDate": last}});
            let month = format!("{}-01", &form["date"][..7]);
            page(form, &[("structuresList", list), ("globalAvailability", nights(&month, 61, &json!(3)))])
        });
        let ran = update(&site, database, MID_JULY, &[]);
        assert_eq!(ran.status, 0, "{ran:?}");
        // From 15 July to 20 November. 61 nights from 1 July end on 30 August.
        assert_eq!(dates(&forms), ["2026-07-15", "2026-08-31", "2026-10-01"]);
        assert_eq!(ran.json()["dates"]["created"], 17 + 31 + 30 + 31 + 20);
        let form: HashMap<String, String> = HashMap::from([
            ("action", "availability"), ("apporigin", "FFCAM"), ("structure", "BK_STRUCTURE:1"),
            ("productCategory", "nomatter"), ("pax", "1"), ("parent_url", ""), ("widgetHostCss", ""),
            ("structures", ""), ("faqurl", ""), ("faqtitle", ""), ("date", "2026-07-16"),
        ].map(|(name, value)| (name.to_owned(), value.to_owned())));

        // What is sold begins later: nothing is asked for in between.
        *sold.lock().unwrap() = ("2027-06-10", "2027-09-30");
        let ran = update(&site, database, "2026-07-16T10:00:00Z", &[]);
        assert_eq!(ran.status, 0, "{ran:?}");
        assert_eq!(forms.lock().unwrap()[0], form);
        assert_eq!(dates(&forms), ["2026-07-16", "2027-06-10"]);
        assert_eq!(ran.json()["dates"]["created"], 21 + 15);

        // Nothing is sold any more.
        *sold.lock().unwrap() = ("2025-06-10", "2025-09-30");
        let ran = update(&site, database, "2026-07-17T10:00:00Z", &[]);
        let error = &ran.json()["results"][0]["error"];
        assert_eq!((ran.status, &error["kind"]), (2, &"empty".into()), "{ran:?}");
        assert_eq!(dates(&forms), ["2026-07-17"]);
    }

    fn the_waiting_room_is_a_rate_limit_and_stores_nothing(database) {
        let mut db = with_refuges(database, 8);
        let (site, _) = site(|_| "<!DOCTYPE html>\n<title>File d'attente</title>\n".into());
        let ran = update(&site, database, MID_JULY, &[]);
        let message = "the site asks for fewer requests (HTTP 200): a page without data, such as its \
            waiting room, \"File d'attente\"";
        let error = json!({"kind": "rate_limited", "message": message});
        assert_eq!((ran.status, &ran.json()["results"][0]["error"]), (2, &error), "{ran:?}");
        assert_eq!(site.requests(), 5, "then the run leaves the site");
        assert!(current(&mut db).is_empty() && history(&mut db).is_empty());
        let stored = lines(&mut db, "SELECT DISTINCT last_error AS line FROM hut_check WHERE last_error IS NOT NULL");
        assert_eq!(stored, [format!("rate_limited: {message}")]);
    }

    fn a_page_for_another_structure_stores_nothing(database) {
        let mut db = with_refuges(database, 1);
        let (site, _) = site(|form| {
            let other = HashMap::from([("structure".to_owned(), format!("{}0", form["structure"]))]);
            page(&other, &[("globalAvailability", nights("2026-07-01", 61, &json!(3)))])
        });
        let ran = update(&site, database, MID_JULY, &[]);
        let error = &ran.json()["results"][0]["error"];
        assert_eq!((ran.status, &error["kind"]), (2, &"malformed".into()), "{ran:?}");
        let begin = "at BK.structure: \"BK_STRUCTURE:10\" in place of the requested structure \"BK_STRUCTURE:1\"; ";
        assert!(error["message"].as_str().unwrap().starts_with(begin), "{error}");
        assert!(current(&mut db).is_empty());
    }

    fn words_of_the_calendar_that_are_not_known_are_reported(database) {
        let mut db = with_refuges(database, 1);
        let (site, _) = site(|form| {
            let mut calendar = nights("2026-07-15", 10, &json!("OPEN"));
            calendar["2026-07-16"] = json!("WORKS");
            page(form, &[("globalAvailability", nights("2026-07-01", 62, &json!(3))), ("openingCalendar", calendar)])
        });
        let ran = update(&site, database, MID_JULY, &["--days=30"]);
        let unknown = json!([{"field": "openingCalendar", "value": "WORKS", "count": 1}]);
        assert_eq!((ran.status, &ran.json()["sites"][0]["unknown_values"]), (0, &unknown), "{ran:?}");
        let rows: Vec<_> = current(&mut db).iter().map(|row| (row.free, row.total, row.reservation_status.clone())).collect();
        assert_eq!(rows[0], (Some(3), Some(80), "possible".to_owned()));
        assert_eq!((rows.len(), &rows[1]), (10, &(Some(0), Some(0), "not_possible".to_owned())));
    }
}

/// A client of the site at a URL.
fn client(site: &RawSite) -> Arc<dyn BookingSource> {
    let limits = RequestLimits {
        request_interval: Some(Duration::ZERO),
        force_request_interval: false,
        max_in_flight: 1,
        request_timeout: Duration::from_secs(30),
        retries: 0,
        contact: None,
    };
    let url = site.source_url("ffcam").replace("ffcam=", "").parse().unwrap();
    let urls = HashMap::from([("ffcam".to_owned(), url)]);
    let registry = Registry::default();
    registry
        .clients(["ffcam"], &limits, &urls, None, &Meter::default())
        .unwrap()
        .remove("ffcam")
        .unwrap()
}

async fn fetch(site: &RawSite, structure: &str) -> Result<Answer, SourceError> {
    let dates = "2025-07-01".parse().unwrap()..="2025-08-31".parse().unwrap();
    let reply = client(site).availability(structure, &dates, &Validators::default()).await?;
    let Reply::Answer(answer) = reply else { panic!("no validators were sent") };
    Ok(answer)
}

#[tokio::test]
async fn every_night_and_structure_of_the_captured_page_is_read() {
    let Some(data) = captured_data() else { return };
    let body = std::fs::read(data.join("ffcam-availability-29.html")).unwrap();
    let (site, forms) = site(move |_| body.clone());
    let answer = fetch(&site, "BK_STRUCTURE:29").await.unwrap();
    assert_eq!((answer.days.len(), answer.adjustments.count), (62, 0));
    assert!(answer.unknown_values.is_empty());
    assert!(answer.days.iter().all(|day| day.total == Some(66)));
    let free: Vec<_> = answer.days.iter().filter(|day| day.free != Some(0)).collect();
    let free: Vec<_> =
        free.iter().map(|day| format!("{} {}", day.date, day.free.unwrap())).collect();
    assert_eq!(
        free,
        [
            "2025-08-03 2",
            "2025-08-08 2",
            "2025-08-13 2",
            "2025-08-17 2",
            "2025-08-22 2",
            "2025-08-23 1",
            "2025-08-25 1"
        ]
    );
    assert_eq!(forms.lock().unwrap().len(), 1, "both months are in one answer");

    let other = fetch(&site, "BK_STRUCTURE:100").await.unwrap_err();
    assert_eq!(other.kind(), ErrorKind::Malformed);
    let listing = client(&site).discover(1).await.unwrap();
    let names: Vec<_> = listing.huts.iter().map(|hut| hut.name.as_deref().unwrap()).collect();
    assert_eq!(names, ["Refuge de Tête Rousse", "Refuge du Goûter", "Refuge du Nid d'Aigle"]);
}
