//! The nights of a hut and the history of a night as CSV, and where to find them as CSV and JSON.

use std::collections::BTreeMap;

use axum::extract::{Path, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use chrono::{Days, NaiveDate};
use serde::Serialize;

use super::calendar;
use super::format;
use super::params::Params;
use super::unknown_hut;
use crate::db::pages::changes::{self, Change};
use crate::db::pages::huts;
use crate::db::reading::for_hut_detail::for_hut_detail;
use crate::query::csv::{DAY_COLUMNS, TREND_COLUMNS};
use crate::query::date;
use crate::query::fields::{Day, TrendEntry};
use crate::query::night::Night;
use crate::query::paging::Page;
use crate::query::views::{HutDetail, HutHead};
use crate::text::spreadsheet::to_csv;
use crate::web::app::App;
use crate::web::problem::Problem;
use crate::web::visitor::Visitor;

/// The days of a download as JSON, which are the days of a year.
const DAYS: u16 = 365;

/// The same as that of the pages.
const MAX_AGE: &str = "public, max-age=30";

/// The addresses of a download.
pub struct Downloads {
    pub csv: String,
    /// None if the API does not show the hut.
    pub json: Option<String>,
}

impl Downloads {
    /// The nights of a year; none if no night is stored.
    #[must_use]
    pub fn of_year(
        slug: &str,
        first: NaiveDate,
        is_active: bool,
        nights: &BTreeMap<NaiveDate, Night>,
    ) -> Option<Self> {
        let end = calendar::end(first)?;
        nights.range(first..end).next()?;
        let url = format::hut_url(slug);
        let json = format!("/v1{url}/availability/{first}?days={DAYS}");
        Some(Self {
            csv: format!("{url}/nights.csv?from={first}"),
            json: is_active.then_some(json),
        })
    }

    /// The history of a night; none if it has none.
    #[must_use]
    pub fn of_night(
        slug: &str,
        night: NaiveDate,
        is_active: bool,
        changes: &Page<Change>,
    ) -> Option<Self> {
        changes.rows.first()?;
        let url = format::hut_url(slug);
        let json = format!("/v1{url}/availability/{night}/trend?limit={DAYS}");
        let csv = format!("{}/history.csv", format::night_url(slug, night));
        Some(Self { csv, json: is_active.then_some(json) })
    }
}

/// The hut of a line.
#[derive(Serialize)]
struct HutColumns<'a> {
    slug: &'a str,
    name: &'a str,
}

const HUT_COLUMNS: [&str; 2] = ["slug", "name"];

impl<'a> From<&'a HutHead> for HutColumns<'a> {
    fn from(hut: &'a HutHead) -> Self {
        Self { slug: &hut.slug, name: &hut.name }
    }
}

/// `GET /huts/{slug}/nights.csv?from=`: the nights of a year, by default from this month on.
pub async fn nights(
    State(app): State<App>,
    visitor: Visitor,
    Path(slug): Path<String>,
    params: Params,
) -> Result<Response, Problem> {
    let today = app.today();
    let from = params.parsed("from", |text| date::parse(text, today))?;
    let first = calendar::first_of_month(from.unwrap_or(today));
    let last = calendar::end(first).map_or(NaiveDate::MAX, |end| end - Days::new(1));
    let slug_to_read = slug.clone();
    let read = app.read(move |db| {
        let detail = for_hut_detail(db, &slug_to_read, &(first..=last))?;
        match detail.filter(|detail| detail.hut.is_public) {
            Some(detail) => diesel::QueryResult::Ok(Ok(detail)),
            None => Ok(Err(huts::load(db)?)),
        }
    });
    let HutDetail { hut, days } = match read.await? {
        Ok(detail) => detail,
        Err(huts) => return Ok(unknown_hut::page(&visitor, &slug, &huts)),
    };
    let rows = days.iter().map(|day| {
        let fields = Day::new(&hut, day.date, &day.night);
        (HutColumns::from(&hut), fields, &day.source.link, day.first_checked)
    });
    let columns = [&HUT_COLUMNS[..], &DAY_COLUMNS, &["link", "first_checked"]].concat();
    Ok(file(&hut.slug, "nights", to_csv(&columns, rows)))
}

/// `GET /huts/{slug}/{date}/history.csv`: the states of a night, the newest first.
pub async fn history(
    State(app): State<App>,
    visitor: Visitor,
    Path((slug, date)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let date = date::parse(&date, app.today())
        .map_err(|error| Problem::bad_parameter("date", error.to_string()))?;
    let slug_to_read = slug.clone();
    let read = app.read(move |db| {
        let detail = for_hut_detail(db, &slug_to_read, &(date..=date))?;
        let Some(detail) = detail.filter(|detail| detail.hut.is_public) else {
            return Ok(Err(huts::load(db)?));
        };
        let changes = changes::of_night(db, detail.hut.id, date)?;
        diesel::QueryResult::Ok(Ok((detail.hut, changes)))
    });
    let (hut, changes) = match read.await? {
        Ok(found) => found,
        Err(huts) => return Ok(unknown_hut::page(&visitor, &slug, &huts)),
    };
    let rows = changes.rows.iter();
    let rows = rows.map(|change| (HutColumns::from(&hut), TrendEntry::new(date, &change.entry)));
    let csv = to_csv(&[&HUT_COLUMNS[..], &TREND_COLUMNS].concat(), rows);
    Ok(file(&hut.slug, &date.to_string(), csv))
}

/// A file to save.
fn file(slug: &str, what: &str, csv: String) -> Response {
    // A slug with other characters cannot be in a header as it is.
    let is_plain = slug.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte));
    let name = if is_plain { format!("{slug}-{what}") } else { what.to_owned() };
    let headers = [
        (CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (CONTENT_DISPOSITION, format!("attachment; filename=\"{name}.csv\"")),
        (CACHE_CONTROL, MAX_AGE.to_owned()),
    ];
    (headers, csv).into_response()
}
