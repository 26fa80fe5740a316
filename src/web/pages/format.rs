//! Formats the values that several pages show.

use std::fmt::Display;

use chrono::{Datelike, NaiveDate};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::db::pages::count::MAX_COUNTED;
use crate::domain::hut::HutType;
use crate::domain::state::ReservationStatus;
use crate::query::night::Night;
use crate::text::clean::one_line;
use crate::text::texts::Texts;
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

/// The link to book a night; none if it cannot be booked online, no place is free, or the site no
/// longer lists it.
#[must_use]
pub fn booking_link(night: &Night, link: Option<&str>) -> Option<String> {
    web_link(link).filter(|_| night.has_room_for(1) || night.must_ask())
}

/// A counted number of rows, as the text `id` says it; rows are counted up to [`MAX_COUNTED`].
#[must_use]
pub fn counted(t: Texts, id: &str, count: i64) -> String {
    match count {
        count if count > MAX_COUNTED => {
            let limit = t.count(id, MAX_COUNTED).to_string();
            t.with("more-than", "what", limit).to_string()
        }
        count => t.count(id, count).to_string(),
    }
}

/// The name of a choice in the language of the reader.
pub trait Label: Display {
    /// The beginning of the IDs of the texts; the end is the value.
    const TEXTS: &'static str;

    fn label(&self, t: Texts) -> String {
        t.get(&format!("{}-{self}", Self::TEXTS))
    }
}

impl Label for ReservationStatus {
    const TEXTS: &'static str = "reservation";
}

impl Label for HutType {
    const TEXTS: &'static str = "hut-type";
}

/// The name of a country in the language of the reader; its code if it is another one than those of the huts.
#[must_use]
pub fn country(t: Texts, code: &str) -> String {
    match code {
        "AD" | "AT" | "CH" | "DE" | "ES" | "FR" | "IT" | "LI" | "SI" => {
            t.get(&format!("country-{code}"))
        }
        other => text(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::state::State;

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
        let night = |free, reservation_status| Night {
            state: State { free, total: Some(40), hut_type: HutType::Hut, reservation_status },
            last_checked: chrono::DateTime::UNIX_EPOCH,
            tier: None,
            is_listed: true,
            is_withdrawn: false,
        };
        let of_night = |night: Night| booking_link(&night, Some("https://example.org/"));
        let link = |free, status| of_night(night(Some(free), status));
        assert!(link(1, ReservationStatus::Possible).is_some());
        assert_eq!(link(0, ReservationStatus::Possible), None);
        let unpublished = night(None, ReservationStatus::Possible);
        assert!(of_night(unpublished).is_some(), "the site knows the number");
        for night in [unpublished, night(Some(1), ReservationStatus::Possible)] {
            assert_eq!(of_night(Night { is_withdrawn: true, ..night }), None);
        }
        for status in [
            ReservationStatus::NotPossible,
            ReservationStatus::NotOnline,
            ReservationStatus::Unknown,
        ] {
            assert_eq!(link(40, status), None);
        }
    }

    #[test]
    fn a_text_from_a_booking_site_is_one_line() {
        assert_eq!(text("a\u{1b}[31m\n\u{0}b"), "a [31m b");
        assert_eq!(text("a\u{202e}b\u{200b}c\u{2066}"), r"a\u{202e}b\u{200b}c\u{2066}");
        assert_eq!(text("Blüemlisalp 'L\"A\\B'"), "Blüemlisalp 'L\"A\\B'");
        assert_eq!(text(&"x".repeat(1_000)).chars().count(), MAX_TEXT_LEN + 1);
    }
}
