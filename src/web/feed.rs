//! Stays and tours as feeds: iCalendar for calendars, Atom for readers of feeds. An entry keeps its ID as long as the
//! stay has room, so that a reader shows it once.

use atom_syndication::{Entry, FixedDateTime, Link, Text};
use axum::http::Uri;
use chrono::{DateTime, NaiveDate, Utc};
use icalendar::{Calendar, Component, Event, EventLike};

use crate::domain::digest::Digest;
use crate::query::stay_fields::{StayFields, StayList, TourFields, TourList};
use crate::text::humanize::{day, pluralize};

/// A list of nights with room.
pub struct Feed {
    /// The same as long as the address is.
    id: String,
    title: String,
    entries: Vec<FeedEntry>,
}

struct FeedEntry {
    id: String,
    title: String,
    text: String,
    begin: NaiveDate,
    /// The morning after the last night.
    end: NaiveDate,
    /// The page where the hut is booked, if it is a page of the web.
    link: Option<String>,
    /// When this was last found to be so.
    checked: DateTime<Utc>,
}

impl Feed {
    #[must_use]
    pub fn of_stays(list: &StayList, uri: &Uri) -> Self {
        let entry = |stay: &StayFields| FeedEntry {
            id: format!("stay:{}:{}:{}:{}", stay.hut.slug, stay.arrival, list.nights, list.places),
            title: title(&stay.hut.name, stay.free),
            text: stay_text(stay),
            begin: stay.arrival,
            end: stay.departure,
            link: web_link(stay.hut.link.as_deref()),
            checked: stay.hut.last_checked.unwrap_or_default(),
        };
        let title = format!(
            "Huts with room for {} for {}",
            people(list.places),
            pluralize(list.nights.into(), "night")
        );
        Self { id: id_of(uri), title, entries: list.stays.iter().map(entry).collect() }
    }

    #[must_use]
    pub fn of_tours(list: &TourList, uri: &Uri) -> Self {
        let entry = |tour: &TourFields| {
            let stays = || tour.stages.iter().flat_map(|stage| &stage.stays);
            let firsts = tour.stages.iter().filter_map(|stage| stage.stays.first());
            let huts: Vec<&str> = firsts.map(|stay| stay.hut.name.as_str()).collect();
            FeedEntry {
                // Of the tour that was asked for: the alternatives that have room change.
                id: format!("tour:{}:{}", id_of(uri), tour.start),
                title: huts.join(" – "),
                text: stays().map(stay_text).collect::<Vec<_>>().join("\n"),
                begin: tour.start,
                end: tour.end,
                link: stays().find_map(|stay| web_link(stay.hut.link.as_deref())),
                checked: stays().filter_map(|stay| stay.hut.last_checked).min().unwrap_or_default(),
            }
        };
        let title = format!(
            "Tours with room for {} for {}",
            people(list.places),
            pluralize(list.nights.into(), "night")
        );
        Self { id: id_of(uri), title, entries: list.tours.iter().map(entry).collect() }
    }
}

fn people(places: u16) -> String {
    if places == 1 { "one person".into() } else { format!("{places} people") }
}

fn title(name: &str, free: i16) -> String {
    format!("{name}: {free} free")
}

fn stay_text(stay: &StayFields) -> String {
    let by_night: Vec<String> = stay.free_by_night.iter().map(ToString::to_string).collect();
    let link = web_link(stay.hut.link.as_deref()).map(|link| format!(", {link}"));
    format!(
        "{}, {} to {}, free places by night: {}{}",
        stay.hut.name,
        day(stay.arrival),
        day(stay.departure),
        by_night.join(", "),
        link.unwrap_or_default()
    )
}

/// A link that may be clicked. Sites could publish any other scheme.
fn web_link(link: Option<&str>) -> Option<String> {
    let link = link?;
    let is_web = link.starts_with("https://") || link.starts_with("http://");
    is_web.then(|| link.to_owned())
}

/// The ID of the feed with this query. The service does not know by which host it is reached.
fn id_of(uri: &Uri) -> String {
    let mut digest = Digest::default();
    let path = uri.path().trim_end_matches(".ics").trim_end_matches(".atom");
    digest.text(path);
    digest.text(uri.query().unwrap_or_default());
    digest.finish()
}

/// The feed as iCalendar (RFC 5545), with an event of whole days for each entry.
#[must_use]
pub fn ics(feed: &Feed) -> String {
    let mut calendar = Calendar::new();
    calendar.name(&feed.title);
    for entry in &feed.entries {
        let mut event = Event::new();
        event
            .uid(&format!("{}@hut-availability", entry.id))
            .timestamp(entry.checked)
            .summary(&entry.title)
            .description(&entry.text)
            .starts(entry.begin)
            .ends(entry.end);
        if let Some(link) = &entry.link {
            event.url(link);
        }
        calendar.push(event.done());
    }
    calendar.to_string()
}

/// The feed as Atom (RFC 4287).
#[must_use]
pub fn atom(feed: &Feed) -> String {
    let entry = |entry: &FeedEntry| Entry {
        id: format!("urn:hut-availability:{}", entry.id),
        title: format!("{}, {} to {}", entry.title, day(entry.begin), day(entry.end)).into(),
        summary: Some(Text::plain(entry.text.clone())),
        updated: entry.checked.into(),
        links: entry
            .link
            .iter()
            .map(|href| Link { href: href.clone(), rel: "alternate".into(), ..Link::default() })
            .collect(),
        ..Entry::default()
    };
    let updated = feed.entries.iter().map(|entry| entry.checked).max().unwrap_or_default();
    atom_syndication::Feed {
        id: format!("urn:hut-availability:feed:{}", feed.id),
        title: feed.title.as_str().into(),
        updated: FixedDateTime::from(updated),
        authors: vec![atom_syndication::Person {
            name: "hut-availability".into(),
            ..atom_syndication::Person::default()
        }],
        entries: feed.entries.iter().map(entry).collect(),
        ..atom_syndication::Feed::default()
    }
    .to_string()
}
