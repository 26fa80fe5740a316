//! Formats the values that several pages show, some of them with small templates.

use askama::Template;
use askama::filters::HtmlSafe;
use chrono::{DateTime, Datelike, NaiveDate, SecondsFormat, Utc};
use chrono_tz::Tz;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::db::pages::count::MAX_COUNTED;
use crate::domain::availability::{OccupancyStatus, ReservationStatus, State};
use crate::domain::hut::HutType;
use crate::text::clean::one_line;
use crate::text::humanize;
use crate::text::visible::visible;

/// The characters that are percent-encoded in a segment of a path. Slugs stay readable.
const PATH_SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.');

/// The longest text from a booking site that is shown, in characters.
const MAX_TEXT_LEN: usize = 300;

/// A text from a booking site as one line. Control characters become spaces. Invisible characters, and
/// those that change the direction of writing, become their codes. The templates escape HTML.
#[must_use]
pub fn text(text: &str) -> String {
    visible(&one_line(text, MAX_TEXT_LEN))
}

/// The path of a hut's page.
#[must_use]
pub fn hut_url(slug: &str) -> String {
    format!("/huts/{}", utf8_percent_encode(slug, PATH_SEGMENT))
}

/// The path of the page of a hut's night.
#[must_use]
pub fn night_url(slug: &str, date: NaiveDate) -> String {
    format!("{}/{date}", hut_url(slug))
}

/// The date if a URL can contain it: the forms of dates allow the years 1 to 9999.
#[must_use]
pub fn linkable_date(date: Option<NaiveDate>) -> Option<NaiveDate> {
    date.filter(|date| (1..=9_999).contains(&date.year()))
}

/// A link from a booking site if it is an HTTP or HTTPS URL. Others, such as `javascript:`, are never linked.
#[must_use]
pub fn web_link(link: Option<&str>) -> Option<String> {
    let url: reqwest::Url = link?.parse().ok()?;
    matches!(url.scheme(), "http" | "https").then(|| url.into())
}

/// The link to book a night; none if it cannot be booked online or no place is free.
#[must_use]
pub fn booking_link(state: &State, link: Option<&str>) -> Option<String> {
    let is_bookable = state.reservation_status == ReservationStatus::Possible && state.free > 0;
    web_link(link).filter(|_| is_bookable)
}

/// The current instant and the timezone, with which instants are formatted.
#[derive(Clone, Copy, Debug)]
pub struct Times {
    pub now: DateTime<Utc>,
    pub timezone: Tz,
}

impl Times {
    /// An instant with its age.
    #[must_use]
    pub fn ago(&self, instant: DateTime<Utc>) -> Moment {
        Moment { age: Some(humanize::age(instant, self.now)), ..self.at(instant) }
    }

    /// An instant in the huts' timezone.
    #[must_use]
    pub fn at(&self, instant: DateTime<Utc>) -> Moment {
        let local = humanize::instant(instant, self.timezone);
        let rfc3339 = instant.to_rfc3339_opts(SecondsFormat::Secs, true);
        Moment { rfc3339, local, age: None }
    }
}

/// A formatted instant, after its age if it has one. Both are visible text, because a tooltip cannot be
/// opened by keyboard or touch.
#[derive(Clone, Debug, Template)]
#[template(
    ext = "html",
    source = r#"<time datetime="{{ rfc3339 }}">{% if let Some(age) = age %}{{ age }} <small>{{ local }}</small>{% else %}{{ local }}{% endif %}</time>"#
)]
pub struct Moment {
    rfc3339: String,
    local: String,
    age: Option<String>,
}

impl HtmlSafe for Moment {}

/// The occupancy of a date as a bar, with its status in words.
#[derive(Clone, Copy, Debug, Template)]
#[template(path = "occupancy.html")]
pub struct Occupancy {
    status: OccupancyStatus,
    percent: f64,
}

impl HtmlSafe for Occupancy {}

impl Occupancy {
    /// The percentage as a whole number. It is at least 1 while a place is taken, and at most 99 while one
    /// is free.
    fn rounded(&self) -> f64 {
        match self.percent {
            percent if percent > 0.0 && percent < 100.0 => percent.round().clamp(1.0, 99.0),
            percent => percent,
        }
    }
}

impl From<State> for Occupancy {
    fn from(state: State) -> Self {
        Self { status: state.occupancy_status(), percent: state.occupancy_percent() }
    }
}

/// Free and total places: `12 of 40`.
#[must_use]
pub fn places(state: &State) -> String {
    format!("{} of {}", state.free, state.total)
}

/// The number of rows with a noun; rows are counted up to [`MAX_COUNTED`].
#[must_use]
pub fn pluralize(count: i64, noun: &str) -> String {
    match count {
        count if count > MAX_COUNTED => format!("more than 10,000 {noun}s"),
        count => humanize::pluralize(usize::try_from(count).unwrap_or(0), noun),
    }
}

/// The name of a choice on the page.
pub trait Label {
    fn label(&self) -> &'static str;
}

impl Label for OccupancyStatus {
    fn label(&self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Full => "full",
            Self::Unknown => "unknown",
        }
    }
}

impl Label for ReservationStatus {
    fn label(&self) -> &'static str {
        match self {
            Self::Possible => "possible",
            Self::NotPossible => "not possible",
            Self::NotOnline => "not online",
            Self::Unknown => "unknown",
        }
    }
}

impl Label for HutType {
    fn label(&self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Closed => "closed",
            Self::Campgr => "campground",
            Self::Shelter => "shelter",
            Self::Camping => "camping",
            Self::Bivouac => "bivouac",
            Self::Selfhut => "self-service hut",
            Self::Hut => "hut",
            Self::Alp => "alp",
            Self::Bhotel => "basic hotel",
            Self::Hostel => "hostel",
            Self::Hotel => "hotel",
            Self::Special => "special",
            Self::Resta => "restaurant",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_http_and_https_urls_are_links() {
        for link in
            ["javascript:alert(1)", " JaVaScript:alert(1)", "data:text/html,x", "/x", "", "//x.org"]
        {
            assert_eq!(web_link(Some(link)), None, "{link}");
        }
        assert_eq!(web_link(None), None);
        let link = "https://example.org/?a=1&b=\"'";
        assert_eq!(web_link(Some(link)).as_deref(), Some("https://example.org/?a=1&b=%22%27"));
    }

    #[test]
    fn only_a_bookable_night_with_free_places_has_a_booking_link() {
        let link = |free, reservation_status| {
            let state = State { free, total: 40, hut_type: HutType::Hut, reservation_status };
            booking_link(&state, Some("https://example.org/"))
        };
        assert!(link(1, ReservationStatus::Possible).is_some());
        assert_eq!(link(0, ReservationStatus::Possible), None);
        for status in [
            ReservationStatus::NotPossible,
            ReservationStatus::NotOnline,
            ReservationStatus::Unknown,
        ] {
            assert_eq!(link(40, status), None);
        }
    }

    #[test]
    fn a_single_taken_place_is_one_percent_and_a_single_free_place_ninety_nine() {
        let label = |free, total| {
            let reservation_status = ReservationStatus::Possible;
            let state = State { free, total, hut_type: HutType::Hut, reservation_status };
            let html = Occupancy::from(state).render().unwrap();
            html.split("class=\"status\">").nth(1).unwrap().split('<').next().unwrap().to_owned()
        };
        assert_eq!(label(1, 300), "high · 99 %");
        assert_eq!(label(249, 250), "low · 1 %");
        assert_eq!(label(0, 300), "full · 100 %");
        assert_eq!(label(250, 250), "empty · 0 %");
        assert_eq!(label(3, 8), "high · 63 %");
        assert_eq!(label(0, 0), "unknown");
    }

    #[test]
    fn an_instant_names_its_timezone() {
        let now = "2026-11-28T10:05:00Z".parse().unwrap();
        let times = Times { now, timezone: chrono_tz::Europe::Zurich };
        let instant = "2026-11-28T10:00:00.5Z".parse().unwrap();
        assert_eq!(
            times.ago(instant).render().unwrap(),
            "<time datetime=\"2026-11-28T10:00:00Z\">4 minutes ago <small>Sat 28 Nov 2026 11:00 CET</small></time>"
        );
        assert_eq!(times.at(instant).local, "Sat 28 Nov 2026 11:00 CET");
    }

    #[test]
    fn a_text_from_a_booking_site_is_one_line() {
        assert_eq!(text("a\u{1b}[31m\n\u{0}b"), "a [31m b");
        assert_eq!(text("a\u{202e}b\u{200b}c\u{2066}"), r"a\u{202e}b\u{200b}c\u{2066}");
        assert_eq!(text("Blüemlisalp 'L\"A\\B'"), "Blüemlisalp 'L\"A\\B'");
        assert_eq!(text(&"x".repeat(1_000)).chars().count(), MAX_TEXT_LEN + 1);
    }
}
