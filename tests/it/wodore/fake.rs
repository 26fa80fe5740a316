//! A fake of the Wodore backend, which answers from the rows of a database by its own rules.

use std::collections::HashMap;
use std::sync::Arc;

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use hut_availability::db::connection::Db;
use serde_json::{Map, Value, json};

use crate::support::database::{CurrentRow, HistoryRow, current, history, lines};
use crate::support::receiver::Receiver;

/// The version of the backend.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Era {
    April,
    October,
}

/// It asks the booking sites half a minute later than we do.
const LATER: TimeDelta = TimeDelta::seconds(30);

struct Hut {
    id: i32,
    slug: String,
    place: [f64; 2],
}

struct Backend {
    era: Era,
    huts: Vec<Hut>,
    rows: Vec<CurrentRow>,
    entries: Vec<HistoryRow>,
}

/// Starts the fake with what is stored now. `spoil` may change the answer to a path.
pub fn start(
    db: &mut Db,
    era: Era,
    spoil: impl Fn(&str, &mut (StatusCode, Value)) + Clone + Send + Sync + 'static,
) -> Receiver {
    let huts = "SELECT id || ' ' || slug || ' ' || longitude || ' ' || latitude AS line FROM hut
        WHERE is_active AND is_public ORDER BY id";
    let hut = |line: String| {
        let parts: Vec<&str> = line.split(' ').collect();
        let degrees = |index: usize| parts[index].parse().unwrap();
        Hut {
            id: parts[0].parse().unwrap(),
            slug: parts[1].into(),
            place: [degrees(2), degrees(3)],
        }
    };
    let huts = lines(db, huts).into_iter().map(hut).collect();
    let backend = Arc::new(Backend { era, huts, rows: current(db), entries: history(db) });
    Receiver::start(move |request| -> Response {
        let mut answer = backend.answer(&request.path);
        spoil(&request.path, &mut answer);
        (answer.0, Json(answer.1)).into_response()
    })
}

fn not_found() -> (StatusCode, Value) {
    (StatusCode::NOT_FOUND, json!({"detail": "not found"}))
}

impl Backend {
    fn answer(&self, path: &str) -> (StatusCode, Value) {
        let url = reqwest::Url::parse("http://fake").unwrap().join(path).unwrap();
        let query: HashMap<String, String> = url.query_pairs().into_owned().collect();
        let number = |name: &str| query.get(name).map(|text| text.parse::<u64>().unwrap());
        let days = number("days").unwrap_or(1);
        if !(1..=365).contains(&days) {
            let detail = json!([{"loc": ["query", "days"], "msg": "out of range"}]);
            return (StatusCode::UNPROCESSABLE_ENTITY, json!({"detail": detail}));
        }
        let parts: Vec<&str> = url.path().trim_start_matches("/v1/").split('/').collect();
        let date = |text: &str| text.parse::<NaiveDate>().unwrap();
        let body = match parts.as_slice() {
            ["version"] => Some(self.version()),
            ["huts", "availability", map] => {
                Some(self.map(date(map.strip_suffix(".geojson").unwrap()), days, &query))
            }
            ["huts", slug, "availability", start] => self.hut(slug, date(start), days),
            ["huts", slug, "availability", night, "trend"] => {
                self.trend(slug, date(night), number("limit").unwrap_or(7))
            }
            _ => None,
        };
        body.map_or_else(not_found, |body| (StatusCode::OK, body))
    }

    fn version(&self) -> Value {
        let mut version = json!({
            "hash": "abc123e", "hash_long": "abc123e0", "version": "1.2.0",
            "timestamp": "2026-04-12T10:00:00Z", "environment": "production",
        });
        if self.era == Era::October {
            let supported = json!([{"version": "2026-10-01", "status": "current", "sunset": null}]);
            version["api"] =
                json!({"current": "2026-10-01", "default": "2026-10-01", "supported": supported});
        }
        version
    }

    fn map(&self, start: NaiveDate, days: u64, query: &HashMap<String, String>) -> Value {
        let slugs = query.get("slugs").map(|list| list.split(',').collect::<Vec<_>>());
        let bbox = query.get("bbox").filter(|_| self.era == Era::October);
        let bbox: Option<Vec<f64>> =
            bbox.map(|text| text.split(',').map(|it| it.parse().unwrap()).collect());
        let is_within = |place: [f64; 2]| {
            bbox.as_ref().is_none_or(|bbox| {
                (bbox[0]..=bbox[2]).contains(&place[0]) && (bbox[1]..=bbox[3]).contains(&place[1])
            })
        };
        let number = |name: &str| query.get(name).and_then(|text| text.parse().ok());
        let feature = |hut: &Hut| {
            let rows = self.rows_of(hut, start, days);
            let head = self.head(hut, rows.first()?, start, days);
            let data: Vec<Value> = rows.iter().map(|row| self.day(row).into()).collect();
            let mut properties = head;
            properties.insert("data".into(), data.into());
            Some(json!({
                "type": "Feature", "properties": properties,
                "geometry": {"type": "Point", "coordinates": hut.place},
            }))
        };
        let huts = self.huts.iter().filter(|hut| {
            let is_named = slugs.as_ref().is_none_or(|slugs| slugs.contains(&&*hut.slug));
            is_named && is_within(hut.place)
        });
        let features = huts.filter_map(feature);
        let page = features.skip(number("offset").unwrap_or(0));
        let features: Vec<Value> = page.take(number("limit").unwrap_or(usize::MAX)).collect();
        // The database makes null of no rows.
        let features = if features.is_empty() { Value::Null } else { features.into() };
        json!({"type": "FeatureCollection", "features": features})
    }

    fn hut(&self, slug: &str, start: NaiveDate, days: u64) -> Option<Value> {
        let hut = self.huts.iter().find(|hut| hut.slug == slug)?;
        let rows = self.rows_of(hut, start, days);
        let mut answer = self.head(hut, rows.first()?, start, days);
        answer.insert("source_link".into(), link(rows[0]).into());
        let day = |row: &&CurrentRow| {
            let mut day = self.day(row);
            day.insert("link".into(), link(row).into());
            day.insert("first_checked".into(), instant(row.first_checked()));
            day.insert("last_checked".into(), instant(row.last_checked()));
            Value::from(day)
        };
        answer.insert("data".into(), rows.iter().map(day).collect::<Vec<_>>().into());
        Some(answer.into())
    }

    /// The states that began in the period, the newest first.
    fn trend(&self, slug: &str, night: NaiveDate, limit: u64) -> Option<Value> {
        let hut = self.huts.iter().find(|hut| hut.slug == slug)?;
        let (first, last) = (night - Days::new(limit), night);
        let began = |entry: &&HistoryRow| {
            let date = (entry.first_checked() + LATER).date_naive();
            entry.hut_id == hut.id && entry.date == night && (first..last).contains(&date)
        };
        let state = |entry: &HistoryRow| {
            let places = (entry.free, entry.total);
            let figures = (entry.occupancy_percent, &*entry.occupancy_status);
            let mut state = self.figures(places, figures, &entry.reservation_status);
            state.insert("date".into(), night.to_string().into());
            state.insert("hut_type".into(), (&*entry.hut_type).into());
            state.insert("first_checked".into(), instant(entry.first_checked()));
            state.insert("last_checked".into(), instant(entry.last_checked()));
            Value::from(state)
        };
        let mut data: Vec<Value> = self.entries.iter().filter(began).map(state).collect();
        data.reverse();
        (!data.is_empty()).then(|| {
            json!({
                "slug": hut.slug, "id": hut.id, "target_date": night,
                "period_start": first, "period_end": last, "data": data,
            })
        })
    }

    fn rows_of(&self, hut: &Hut, start: NaiveDate, days: u64) -> Vec<&CurrentRow> {
        let dates = start..start + Days::new(days);
        let rows = self.rows.iter();
        rows.filter(|row| row.hut_id == hut.id && dates.contains(&row.date)).collect()
    }

    fn head(&self, hut: &Hut, row: &CurrentRow, start: NaiveDate, days: u64) -> Map<String, Value> {
        let head = json!({
            "slug": hut.slug, "id": hut.id, "days": days, "start_date": start,
            "source": row.source_organization, "source_id": row.source_hut_id,
            "type_standard_slug": "hut", "type_standard_identifier": "🛖",
            "type_standard_color": "#c1440e", "type_standard_order": 80,
            "type_reduced_slug": "selfhut", "type_reduced_identifier": "🔑",
            "type_reduced_color": "#d98e04", "type_reduced_order": 70,
        });
        head.as_object().unwrap().clone()
    }

    fn day(&self, row: &CurrentRow) -> Map<String, Value> {
        let figures = (row.occupancy_percent, &*row.occupancy_status);
        let mut day = self.figures((row.free, row.total), figures, &row.reservation_status);
        let steps = row.occupancy_steps.map_or(self.unpublished(100), Value::from);
        let fields = json!({
            "date": row.date, "occupancy_steps": steps, "hut_type": row.hut_type,
            "type_slug": row.hut_type, "type_identifier": "🛖", "type_color": "#c1440e",
            "type": "standard",
        });
        day.extend(fields.as_object().unwrap().clone());
        day
    }

    /// In April, what a site did not publish was stored as a number.
    fn unpublished(&self, in_april: i16) -> Value {
        match self.era {
            Era::April => in_april.into(),
            Era::October => Value::Null,
        }
    }

    fn figures(
        &self,
        (free, total): (Option<i16>, Option<i16>),
        (percent, status): (Option<f64>, &str),
        reservation: &str,
    ) -> Map<String, Value> {
        let places = |places: Option<i16>| places.map_or(self.unpublished(0), Value::from);
        let status =
            if self.era == Era::April { status.trim_start_matches("free_") } else { status };
        let mut figures = json!({
            "free": places(free), "total": places(total),
            "occupancy_percent": percent.map_or(self.unpublished(100), Value::from),
            "occupancy_status": status, "reservation_status": reservation,
        });
        if self.era == Era::October {
            figures["free_tolerance"] = free.map(|_| 0).into();
        }
        figures.as_object().unwrap().clone()
    }
}

fn link(row: &CurrentRow) -> String {
    format!("https://www.alpsonline.org/reservation/calendar?hut_id={}", row.source_hut_id)
}

fn instant(at: DateTime<Utc>) -> Value {
    (at + LATER).to_rfc3339().into()
}
