//! Formats instants and ages, and marks figures that are too old.

use askama::Template;
use askama::filters::HtmlSafe;
use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use chrono_tz::Tz;

use crate::db::pages::changes::Change;
use crate::domain::tier::Tier;
use crate::query::freshness::{AgeLimits, Freshness};
use crate::query::night::Night;
use crate::text::texts::Texts;
use crate::web::app::App;
use crate::web::visitor::Visitor;

/// The language and the time zone in which instants are formatted, and the limits of their ages.
#[derive(Clone, Copy, Debug)]
pub struct Times {
    pub t: Texts,
    pub limits: AgeLimits,
    pub timezone: Tz,
}

impl Times {
    #[must_use]
    pub fn new(app: &App, visitor: &Visitor) -> Self {
        let limits = AgeLimits { now: app.now(), today: app.today(), intervals: app.intervals() };
        Self { t: visitor.t, limits, timezone: app.timezone() }
    }

    /// An instant with its age.
    #[must_use]
    pub fn ago(&self, instant: DateTime<Utc>) -> Moment {
        Moment { age: Some(self.t.age(instant, self.limits.now)), ..self.at(instant) }
    }

    /// The last check of a night with its age, marked if the figures are too old.
    #[must_use]
    pub fn checked(&self, date: NaiveDate, night: &Night) -> Moment {
        let mark = mark(self.t, self.limits.of_night(date, night));
        Moment { mark, ..self.ago(night.last_checked) }
    }

    /// The last check of a hut with its age, marked if it is too old for the figures of a night.
    #[must_use]
    pub fn checked_at(&self, date: NaiveDate, at: DateTime<Utc>, tier: Option<Tier>) -> Moment {
        Moment { mark: mark(self.t, self.limits.freshness_on(date, at, tier)), ..self.ago(at) }
    }

    /// The last check that found the state of a change. If no check has found another state since, its age matters.
    #[must_use]
    pub fn checked_change(&self, change: &Change) -> Moment {
        let last_checked = change.entry.last_checked;
        if !change.is_current && !change.is_withdrawn {
            return self.at(last_checked);
        }
        let mark = mark(self.t, self.limits.freshness_on(change.date, last_checked, change.tier));
        Moment { mark, ..self.ago(last_checked) }
    }

    /// An instant in the huts' timezone.
    #[must_use]
    pub fn at(&self, instant: DateTime<Utc>) -> Moment {
        let local = self.t.instant(instant, self.timezone);
        let rfc3339 = instant.to_rfc3339_opts(SecondsFormat::Secs, true);
        Moment { rfc3339, local, age: None, mark: None }
    }
}

/// The mark of a figure, in a word or two; none for a current one.
#[must_use]
pub fn mark(t: Texts, freshness: Freshness) -> Option<String> {
    match freshness {
        Freshness::Current => None,
        Freshness::Old => Some(t.get("old")),
        Freshness::Future => Some(t.get("wrong-clock")),
    }
}

/// A formatted instant, after its age if it has one. Both are visible text, because a tooltip cannot be
/// opened by keyboard or touch.
#[derive(Clone, Debug, Template)]
#[template(
    ext = "html",
    source = r#"<time datetime="{{ rfc3339 }}">{% if let Some(age) = age %}{{ age }} <small>{{ local }}</small>{% else %}{{ local }}{% endif %}</time>{% if let Some(mark) = mark %} <strong class="old">{{ mark }}</strong>{% endif %}"#
)]
pub struct Moment {
    rfc3339: String,
    local: String,
    age: Option<String>,
    /// `old` for a figure that should have been checked again since
    pub mark: Option<String>,
}

impl HtmlSafe for Moment {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::schedule::Intervals;
    use chrono::TimeDelta;

    #[test]
    fn an_instant_names_its_timezone() {
        let hour = TimeDelta::hours(1);
        let limits = AgeLimits {
            now: "2026-11-28T10:05:00Z".parse().unwrap(),
            today: "2026-11-28".parse().unwrap(),
            intervals: Intervals {
                watched: hour,
                high: hour,
                medium: hour,
                low: hour,
                inactive: hour,
            },
        };
        let times = Times { t: Texts::default(), limits, timezone: chrono_tz::Europe::Zurich };
        let instant = "2026-11-28T10:00:00.5Z".parse().unwrap();
        assert_eq!(
            times.ago(instant).render().unwrap(),
            "<time datetime=\"2026-11-28T10:00:00Z\">4 minutes ago <small>Sat 28 Nov 2026, 11:00 CET</small></time>"
        );
        assert_eq!(times.at(instant).local, "Sat 28 Nov 2026, 11:00 CET");
    }
}
