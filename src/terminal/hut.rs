//! Renders one hut: its fields, its state on a date, its last check, and its calendar.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::ops::RangeInclusive;

use chrono::{DateTime, NaiveDate};
use chrono_tz::Tz;

use super::calendar;
use super::cell::{Form, checked, legend, legend_of_colours, not_public};
use super::screen::Screen;
use crate::db::check::HutCheck;
use crate::domain::register::Hut;
use crate::query::describe::night_in_words;
use crate::query::freshness::AgeLimits;
use crate::query::night::Night;
use crate::query::views::{DayDetail, HutDetail};
use crate::text::humanize::{day, instant_and_age, pluralize};
use crate::text::visible::visible;

/// The data of the view of a hut.
pub struct HutView<'a> {
    pub hut: &'a Hut,
    pub check: &'a HutCheck,
    /// The states of `dates`
    pub detail: &'a HutDetail,
    /// The whole months of the calendar
    pub dates: RangeInclusive<NaiveDate>,
    /// The date whose state is described in words
    pub date: NaiveDate,
    pub limits: AgeLimits,
    pub timezone: Tz,
}

/// Renders the hut for people.
#[must_use]
pub fn text(view: &HutView, screen: Screen) -> String {
    let mut text = String::new();
    // Writing to a String cannot fail.
    let _ = view.write(&mut text, screen);
    text
}

impl HutView<'_> {
    fn write(&self, out: &mut String, screen: Screen) -> std::fmt::Result {
        self.write_head(out)?;
        self.write_state(out)?;
        self.write_check(out)?;
        let nights: BTreeMap<NaiveDate, Night> =
            self.detail.days.iter().map(|day| (day.date, day.night)).collect();
        if nights.is_empty() {
            return writeln!(out, "\nno data stored for these months");
        }
        let calendar = calendar::text(&nights, &self.dates, self.date, screen);
        let (legend, colours) = (legend(Form::Short), legend_of_colours(screen));
        write!(out, "\n{calendar}\n{legend}\n{colours}")?;
        self.write_age(out)
    }

    fn write_head(&self, out: &mut String) -> std::fmt::Result {
        let fields = &self.hut.fields;
        let name = visible(&fields.name);
        let country = fields.country.as_deref().map(|code| format!(", {}", visible(code)));
        let inactive = if fields.is_active { "" } else { " (inactive: no longer polled)" };
        let hidden = not_public(fields.is_public);
        writeln!(out, "{name}{}{inactive}{hidden}", country.unwrap_or_default())?;
        let coordinates = fields.latitude.zip(fields.longitude);
        let coordinates =
            coordinates.map(|(latitude, longitude)| format!("{latitude:.5}, {longitude:.5}"));
        let elevation = fields.elevation.map(|metres| format!("{metres} m"));
        let location: Vec<String> = elevation.into_iter().chain(coordinates).collect();
        if !location.is_empty() {
            line(out, "location", &location.join(", "))?;
        }
        match self.hut.followed() {
            Some((organization, source)) => {
                let id = visible(&source.source_hut_id);
                line(out, "bookings", &format!("{}, hut {id}", visible(organization)))?;
                source.link.as_deref().map_or(Ok(()), |link| line(out, "", &visible(link)))
            }
            None => line(out, "bookings", "not polled"),
        }
    }

    fn write_state(&self, out: &mut String) -> std::fmt::Result {
        let on_date = self.detail.days.iter().find(|day| day.date == self.date);
        let words = match on_date {
            Some(DayDetail { night, .. }) => {
                let verb = if night.is_withdrawn { "last listed" } else { "checked" };
                let days = [(self.date, *night)];
                format!(
                    "{}; {verb} {}",
                    night_in_words(night),
                    checked(&days, &self.limits, Form::Full)
                )
            }
            None => "no data stored for this date".into(),
        };
        line(out, "night", &format!("{}: {words}", day(self.date)))
    }

    /// The age of the oldest figure of the coming nights in the calendar. Those of past nights stay as they are.
    fn write_age(&self, out: &mut String) -> std::fmt::Result {
        let coming = self.detail.days.iter().filter(|day| day.date >= self.limits.today);
        let coming: Vec<_> = coming.map(|day| (day.date, day.night)).collect();
        if coming.is_empty() {
            return Ok(());
        }
        writeln!(
            out,
            "oldest figure of a coming night: {}",
            checked(&coming, &self.limits, Form::Full)
        )
    }

    fn write_check(&self, out: &mut String) -> std::fmt::Result {
        let when = |at| instant_and_age(DateTime::from(at), self.limits.now, self.timezone);
        let check = self.check;
        match (check.last_checked, check.last_success) {
            (None, _) => {
                let slug = visible(&self.hut.fields.slug);
                let hint =
                    format!("never; run `update-availability --hut-slug {slug}` to check the hut");
                return line(out, "last check", &hint);
            }
            (Some(at), Some(success)) if at == success => line(out, "last check", &when(at))?,
            (Some(at), success) => {
                line(out, "last check", &format!("{}, failed", when(at)))?;
                let success = success.map_or_else(|| "never".into(), when);
                line(out, "last success", &success)?;
            }
        }
        let Some(error) = &check.last_error else { return Ok(()) };
        let failures =
            pluralize(usize::try_from(check.consecutive_failures).unwrap_or(0), "failure");
        let since = check.failing_since.map(|at| format!(" since {}", when(at)));
        line(out, "", &format!("{failures} in a row{}", since.unwrap_or_default()))?;
        line(out, "", &visible(error))
    }
}

fn line(out: &mut String, name: &str, value: &str) -> std::fmt::Result {
    writeln!(out, "{name:<12} {value}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::check::{Attempt, Listed};
    use crate::domain::change_rate::ChangeRate;
    use crate::domain::field::HutFields;
    use crate::domain::register::Source;
    use crate::domain::validators::Validators;
    use crate::query::views::dates;
    use crate::terminal::calendar::whole_months;
    use crate::terminal::sample::{coloured, date, head, limits, night, now, source, state};
    use chrono::TimeDelta;

    fn hut(name: &str) -> Hut {
        let mut hut = Hut::new(HutFields {
            country: Some("DE".into()),
            latitude: Some(47.57133),
            longitude: Some(12.93399),
            elevation: Some(1930),
            booking_ref: Some("hrs".into()),
            ..HutFields::new("watzmannhaus", name)
        });
        let link = source().link;
        let source = Source { source_hut_id: "151".into(), link, ..Source::default() };
        hut.sources.insert("hrs".into(), source);
        hut
    }

    fn check(hours_ago: i64) -> HutCheck {
        let at = (now() - TimeDelta::hours(hours_ago)).into();
        HutCheck::succeeded(
            Attempt { at, run_started: at },
            Listed::default(),
            Validators::default().into(),
            ChangeRate::default(),
        )
    }

    /// Renders the hut with four states, the first on 30 June.
    fn rendered(hut: &Hut, check: &HutCheck, screen: Screen) -> String {
        let states = [state(12, 40), state(0, 40), state(40, 40), state(0, 0)];
        let day = |(date, state)| DayDetail {
            date,
            night: night(state),
            source: source(),
            first_checked: now() - TimeDelta::days(9),
        };
        let days = date("2026-06-30").iter_days().zip(states).map(day).collect();
        let view = HutView {
            hut,
            check,
            detail: &HutDetail { hut: head(1, "Watzmannhaus", None), days },
            dates: whole_months(&dates(date("2026-06-30"), 14)),
            date: date("2026-06-30"),
            limits: limits(),
            timezone: chrono_tz::Europe::Zurich,
        };
        text(&view, screen)
    }

    #[test]
    fn a_hut_has_fields_and_a_calendar() {
        insta::assert_snapshot!(rendered(&hut("Watzmannhaus"), &check(1), Screen::PLAIN), @r"
        Watzmannhaus, DE
        location     1930 m, 47.57133, 12.93399
        bookings     hrs, hut 151
                     https://www.hut-reservation.org/reservation/book-hut/151/wizard
        night        Tue 30 Jun 2026: 12 of 40 free (high), bookable online, hut; checked 1 hour ago
        last check   Tue 30 Jun 2026 13:00 CEST (1 hour ago)

        Jun 2026   Mo  Tu  We  Th  Fr  Sa  Su  Jul 2026   Mo  Tu  We  Th  Fr  Sa  Su
              1.    ·   ·   ·   ·   ·   ·   ·        1.            0  40   x   ·   ·
              8.    ·   ·   ·   ·   ·   ·   ·        6.    ·   ·   ·   ·   ·   ·   ·
             15.    ·   ·   ·   ·   ·   ·   ·       13.    ·   ·   ·   ·   ·   ·   ·
             22.    ·   ·   ·   ·   ·   ·   ·       20.    ·   ·   ·   ·   ·   ·   ·
             29.    ·  12                           27.    ·   ·   ·   ·   ·

        free places; x closed; * not bookable online; ask: bookable, number not published; ? not known; † no longer listed; · nothing stored
        oldest figure of a coming night: 1 hour ago
        ");
    }

    #[test]
    fn the_calendar_is_coloured_on_a_terminal_with_colours() {
        let rendered =
            rendered(&hut("Watzmannhaus"), &check(1), coloured(Some(90))).replace('\x1b', "^");
        insta::assert_snapshot!(rendered, @r"
        Watzmannhaus, DE
        location     1930 m, 47.57133, 12.93399
        bookings     hrs, hut 151
                     https://www.hut-reservation.org/reservation/book-hut/151/wizard
        night        Tue 30 Jun 2026: 12 of 40 free (high), bookable online, hut; checked 1 hour ago
        last check   Tue 30 Jun 2026 13:00 CEST (1 hour ago)

        Jun 2026   Mo  Tu  We  Th  Fr  Sa  Su  Jul 2026   Mo  Tu  We  Th  Fr  Sa  Su
              1.    ·   ·   ·   ·   ·   ·   ·        1.         ^[48;5;203m^[38;5;16m   0^[49m^[39m^[48;5;41m^[38;5;16m  40^[49m^[39m^[2m   x^[0m   ·   ·
              8.    ·   ·   ·   ·   ·   ·   ·        6.    ·   ·   ·   ·   ·   ·   ·
             15.    ·   ·   ·   ·   ·   ·   ·       13.    ·   ·   ·   ·   ·   ·   ·
             22.    ·   ·   ·   ·   ·   ·   ·       20.    ·   ·   ·   ·   ·   ·   ·
             29.    ·^[48;5;209m^[38;5;16m^[4m  12^[0m                           27.    ·   ·   ·   ·   ·

        free places; x closed; * not bookable online; ask: bookable, number not published; ? not known; † no longer listed; · nothing stored
        ^[48;5;41m^[38;5;16m empty 0 % ^[49m^[39m^[48;5;150m^[38;5;16m low up to 37 % ^[49m^[39m^[48;5;221m^[38;5;16m medium up to 62 % ^[49m^[39m^[48;5;209m^[38;5;16m high above 62 % ^[49m^[39m^[48;5;203m^[38;5;16m full 100 % taken ^[49m^[39m
        oldest figure of a coming night: 1 hour ago
        ");
    }

    #[test]
    fn failed_checks_show_their_number_and_error() {
        let attempt = |hours_ago| {
            let at = (now() - TimeDelta::hours(hours_ago)).into();
            Attempt { at, run_started: at }
        };
        let error = || "timeout: no complete answer within 30 s\x07".to_owned();
        let failed =
            check(30).failed(attempt(3), false, error()).failed(attempt(2), false, error());
        let rendered = rendered(&hut("Watz\x1b[1mmann\nhaus"), &failed, Screen::PLAIN);
        let head: Vec<&str> = rendered.lines().take_while(|line| !line.is_empty()).collect();
        insta::assert_snapshot!(head.join("\n"), @r"
        Watz\u{1b}[1mmann\nhaus, DE
        location     1930 m, 47.57133, 12.93399
        bookings     hrs, hut 151
                     https://www.hut-reservation.org/reservation/book-hut/151/wizard
        night        Tue 30 Jun 2026: 12 of 40 free (high), bookable online, hut; checked 1 hour ago
        last check   Tue 30 Jun 2026 12:00 CEST (2 hours ago), failed
        last success Mon 29 Jun 2026 08:00 CEST (1 day ago)
                     2 failures in a row since Tue 30 Jun 2026 11:00 CEST (3 hours ago)
                     timeout: no complete answer within 30 s\u{7}
        ");
    }

    #[test]
    fn a_hut_that_was_never_checked_names_the_command_that_checks_it() {
        let mut hut = hut("Watzmannhaus");
        hut.fields.is_active = false;
        hut.fields.booking_ref = None;
        let rendered = rendered(&hut, &HutCheck::default(), Screen::PLAIN);
        let head: Vec<&str> = rendered.lines().take_while(|line| !line.is_empty()).collect();
        insta::assert_snapshot!(head.join("\n"), @r"
        Watzmannhaus, DE (inactive: no longer polled)
        location     1930 m, 47.57133, 12.93399
        bookings     not polled
        night        Tue 30 Jun 2026: 12 of 40 free (high), bookable online, hut; checked 1 hour ago
        last check   never; run `update-availability --hut-slug watzmannhaus` to check the hut
        ");
    }
}
