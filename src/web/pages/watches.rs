//! The page *Watches*: all watches, what is open, and the last notifications. It is there only if the operator wants
//! it, and no cache keeps it, because it shows who wants to sleep where.

use askama::Template;
use axum::extract::State;
use axum::http::{StatusCode, Uri};
use axum::response::Response;

use super::format;
use super::layout::{Layout, Section, private_page_with};
use super::page_links::{Links, cursor};
use super::params::Params;
use super::times::{Moment, Times};
use crate::db::reading::for_watches::{Which, deliveries, page_of_watches};
use crate::query::paging::Cursor;
use crate::query::watch_fields::{DeliveryFields, OpenArrival, WatchFields};
use crate::text::clean::one_line;
use crate::text::texts::Texts;
use crate::text::visible::visible;
use crate::web::app::App;
use crate::web::problem::{Problem, unknown_path};
use crate::web::visitor::Visitor;

/// Rows of a page. A row is long on a phone.
const ROWS: usize = 12;
/// The last notifications.
const MAX_DELIVERIES: i64 = 15;
/// The most huts, stages, open arrivals and channels of a row each.
const MAX_SHOWN: usize = 5;
/// The most characters of an error: its beginning says what is wrong.
const MAX_ERROR_LEN: usize = 160;
/// The most characters of a stage, and of the name of a channel.
const MAX_TEXT_LEN: usize = 60;

#[derive(Template)]
#[template(path = "watches.html")]
struct WatchesPage {
    layout: Layout,
    problem: Option<Problem>,
    caption: String,
    rows: Vec<Row>,
    links: Links,
    deliveries: Vec<DeliveryView>,
}

struct Row {
    name: String,
    state: String,
    goal: Goal,
    arrivals: String,
    places: u16,
    open_count: usize,
    open: Shown<Link>,
    channels: Shown<String>,
}

/// What a watch waits for.
enum Goal {
    /// The nights, and the huts.
    Stay(String, Shown<Link>),
    Tour(Shown<String>),
}

struct Link {
    url: String,
    text: String,
}

/// The first of a list, and the number of the others.
struct Shown<T> {
    first: Vec<T>,
    more: usize,
}

impl<T> Shown<T> {
    fn of<U>(all: &[U], view: impl Fn(&U) -> T) -> Self {
        let first = all.iter().take(MAX_SHOWN).map(view).collect();
        Self { first, more: all.len().saturating_sub(MAX_SHOWN) }
    }
}

struct DeliveryView {
    created: Moment,
    watch: String,
    channel: String,
    state: String,
    attempts: i32,
    last_error: String,
}

/// `GET /watches`
pub async fn show(
    State(app): State<App>,
    visitor: Visitor,
    params: Params,
    uri: Uri,
) -> Result<Response, Problem> {
    if !app.shows_watches() {
        return Err(unknown_path(uri).await);
    }
    let (times, today) = (Times::new(&app, &visitor), app.today());
    let (cursor, problem) = match cursor(&params, |name| Ok(name.to_owned())) {
        Ok(cursor) => (cursor, None),
        Err(problem) => (Cursor::Start, Some(problem)),
    };
    let t = visitor.t;
    let read = app.read(move |db| {
        let page = page_of_watches(db, today, &cursor, ROWS)?;
        diesel::QueryResult::Ok((page, deliveries(db, Which::All, MAX_DELIVERIES)?))
    });
    let ((page, count), deliveries) = read.await?;
    let status = problem.as_ref().map_or(StatusCode::OK, |problem| problem.status);
    let links = Links::new(&page, &params, |watch| watch.name.clone());
    let page = WatchesPage {
        layout: Layout::new(&visitor, t.get("watches"), Section::None),
        problem,
        caption: links.caption(t, t.count("watch-count", count).to_string(), ROWS),
        rows: page.rows.iter().map(|watch| row(t, watch)).collect(),
        links,
        deliveries: deliveries.iter().map(|delivery| delivery_view(delivery, &times)).collect(),
    };
    Ok(private_page_with(status, &page))
}

fn row(t: Texts, watch: &WatchFields) -> Row {
    let weekdays =
        if watch.weekday.is_empty() { String::new() } else { format!(" ({})", watch.weekday) };
    Row {
        name: format::text(&watch.name),
        state: t.get(&format!("watch-{}", watch.state)),
        goal: goal(t, watch),
        arrivals: format!("{} – {}{weekdays}", t.day(watch.from), t.day(watch.to)),
        places: watch.places,
        open_count: watch.open.len(),
        open: Shown::of(&watch.open, |arrival| open_link(t, watch, arrival)),
        channels: Shown::of(&watch.notify, |channel| short(channel, MAX_TEXT_LEN)),
    }
}

fn goal(t: Texts, watch: &WatchFields) -> Goal {
    match watch.nights {
        Some(nights) => {
            let hut = |slug: &String| Link { url: format::hut_url(slug), text: format::text(slug) };
            Goal::Stay(t.count("night-count", nights).to_string(), Shown::of(&watch.hut, hut))
        }
        None => Goal::Tour(Shown::of(&watch.stage, |stage| short(stage, MAX_TEXT_LEN))),
    }
}

/// The night of an open stay, or the search for an open tour.
fn open_link(t: Texts, watch: &WatchFields, OpenArrival { arrival, hut }: &OpenArrival) -> Link {
    match hut {
        Some(slug) => Link {
            url: format::night_url(slug, *arrival),
            text: format!("{}, {}", t.day(*arrival), format::text(slug)),
        },
        None => {
            let date = arrival.to_string();
            let places = watch.places.to_string();
            let changes = [("from", &*date), ("to", &*date), ("places", &*places)];
            let link = Params::with_all("stage", &watch.stage).link_with(&changes);
            Link { url: format!("/tours{link}"), text: t.day(*arrival) }
        }
    }
}

fn delivery_view(delivery: &DeliveryFields, times: &Times) -> DeliveryView {
    let error = delivery.last_error.as_deref().unwrap_or_default();
    DeliveryView {
        created: times.ago(delivery.created_at),
        watch: format::text(&delivery.watch),
        channel: short(&delivery.channel, MAX_TEXT_LEN),
        state: times.t.get(&format!("delivery-{}", delivery.state)),
        attempts: delivery.attempts,
        last_error: short(error, MAX_ERROR_LEN),
    }
}

/// The beginning of a text, as one line.
fn short(text: &str, max_len: usize) -> String {
    visible(&one_line(text, max_len))
}
