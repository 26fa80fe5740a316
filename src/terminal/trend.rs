//! Renders how one night of a hut filled up: a chart, and a line for each state.

use std::ops::RangeInclusive;

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use comfy_table::{Cell, CellAlignment};

use super::cell::{Form, checked, coloured, not_public};
use super::chart::{Size, chart};
use super::screen::{Narrowing, Screen};
use crate::query::freshness::AgeLimits;
use crate::query::night::NightStatus;
use crate::query::views::{Entry, Trend};
use crate::text::humanize::{age, day, duration, narrow_instant, pluralize};
use crate::text::visible::visible;

/// The size of the chart; it is narrower on a narrow terminal.
const SIZE: Size = Size { columns: 60, rows: 5 };

/// Characters left of the chart: the number of places and the axis.
const AXIS: u16 = 6;

/// Renders the trend for people, the newest state first.
#[must_use]
pub fn text(
    trend: &Trend,
    period: &RangeInclusive<NaiveDate>,
    limits: &AgeLimits,
    timezone: Tz,
    screen: Screen,
) -> String {
    let hidden = not_public(trend.hut.is_public);
    let head = format!("{}{hidden}, night of {}", visible(&trend.hut.name), day(trend.target_date));
    let entries = &trend.entries;
    let (Some(newest), Some(oldest)) = (entries.first(), entries.last()) else {
        let since = day(*period.start());
        return format!(
            "{head}\nno states found since {since}; a larger --days goes back further\n"
        );
    };
    let plot = plot(entries, timezone, screen).map(|plot| plot + "\n").unwrap_or_default();
    let table = table(entries, limits.now, timezone, screen);
    let first = age(oldest.first_checked, limits.now);
    let last = match &trend.night {
        Some(night) => checked(&[(trend.target_date, *night)], limits, Form::Full),
        None => age(newest.last_checked, limits.now),
    };
    let states = pluralize(entries.len(), "state");
    let last = match trend.night.is_some_and(|night| night.is_withdrawn) {
        true => format!("last listed {last}\nthe booking site no longer lists this night"),
        false => format!("last checked {last}"),
    };
    format!("{head}\n\n{plot}{table}\n{states}, first found {first}, {last}\n")
}

/// The chart with its axes; none if the number of places is not known.
fn plot(entries: &[Entry], timezone: Tz, screen: Screen) -> Option<String> {
    let open = entries.iter().map(|entry| entry.state).filter(|state| !state.is_closed());
    let max_places = open.filter_map(|state| state.total.max(state.free)).max();
    let max_places = max_places.filter(|max| *max > 0)?;
    let room = screen.width.map_or(SIZE.columns, |width| width.saturating_sub(AXIS + 1));
    let size = Size { columns: SIZE.columns.min(room).max(10), ..SIZE };
    let rows = chart(entries, max_places, size);
    let last = rows.len() - 1;
    let mut text = String::new();
    for (index, row) in rows.iter().enumerate() {
        let label = match index {
            0 => max_places.to_string(),
            index if index == last => "0".into(),
            _ => String::new(),
        };
        text += format!("{label:>4} │{row}").trim_end();
        text += "\n";
    }
    let at = |at: DateTime<Utc>| at.with_timezone(&timezone).format("%-d %b %H:%M").to_string();
    let from = at(entries[entries.len() - 1].first_checked);
    let until = at(entries[0].last_checked);
    let between = usize::from(size.columns).saturating_sub(from.len());
    let axis = "─".repeat(size.columns.into());
    Some(text + &format!("     └{axis}\n      {from}{until:>between$}\n"))
}

fn table(entries: &[Entry], now: DateTime<Utc>, timezone: Tz, screen: Screen) -> String {
    let mut table = screen.table();
    table.set_header(["FROM", "UNTIL", "FOR", "FREE", "ALL", "STATUS", "BOOKING", "TYPE"]);
    for column in [3, 4] {
        let column = table.column_mut(column).expect("a column of the header");
        column.set_cell_alignment(CellAlignment::Right);
    }
    for Entry { state, first_checked, last_checked } in entries {
        let status = NightStatus::from(*state);
        let number = |places: Option<i16>| match places {
            // The status says it. Earlier versions stored the numbers that a site gave for a closed night.
            _ if state.is_closed() => String::new(),
            Some(places) => places.to_string(),
            None => "unknown".to_owned(),
        };
        table.add_row([
            Cell::new(narrow_instant(*first_checked, timezone)),
            Cell::new(narrow_instant(*last_checked, timezone)),
            Cell::new(duration((*last_checked).min(now) - *first_checked)),
            Cell::new(number(state.free)),
            Cell::new(number(state.total)),
            coloured(Cell::new(status), status),
            Cell::new(state.reservation_status),
            Cell::new(state.hut_type),
        ]);
    }
    // Without the end of each state, which is the start of the next one; then the type of the hut, the booking, all
    // places, and how long the state lasted.
    let narrowing = Narrowing { drop: &[1, 7, 6, 4, 2], shorten: &[] };
    format!("{}\n", screen.fit(table, &narrowing))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::night::Night;
    use crate::query::views::period_of_trend;
    use crate::terminal::sample::{coloured, date, entry, head, limits, night};

    fn trend(entries: Vec<Entry>) -> Trend {
        let newest = entries
            .first()
            .map(|entry| Night { last_checked: entry.last_checked, ..night(entry.state) });
        Trend {
            hut: head(1, "Watzmannhaus", Some("DE")),
            target_date: date("2026-08-15"),
            night: newest,
            entries,
        }
    }

    fn rendered(entries: Vec<Entry>, screen: Screen) -> String {
        let trend = trend(entries);
        let period = period_of_trend(trend.target_date, date("2026-06-30"), 30);
        text(&trend, &period, &limits(), chrono_tz::Europe::Zurich, screen)
    }

    fn entries() -> Vec<Entry> {
        vec![
            entry(0, 40, -2, 0),
            entry(3, 40, -14, -2),
            entry(12, 40, -30, -14),
            entry(40, 40, -100, -30),
        ]
    }

    #[test]
    fn a_trend_has_a_chart_and_a_line_for_each_state() {
        insta::assert_snapshot!(rendered(entries(), Screen::PLAIN), @r"
        Watzmannhaus, night of Sat 15 Aug 2026

          40 │█████████████████████████████████████████
             │█████████████████████████████████████████
             │█████████████████████████████████████████
             │█████████████████████████████████████████▄▄▄▄▄▄▄▄▄▄
           0 │███████████████████████████████████████████████████▃▃▃▃▃▃▃··
             └────────────────────────────────────────────────────────────
              26 Jun 10:00                                    30 Jun 14:00

         FROM                   UNTIL                  FOR              FREE  ALL  STATUS  BOOKING       TYPE
         2026-06-30 12:00 CEST  2026-06-30 14:00 CEST  2 hours             0   40  full    not_possible  hut
         2026-06-30 00:00 CEST  2026-06-30 12:00 CEST  12 hours            3   40  high    possible      hut
         2026-06-29 08:00 CEST  2026-06-30 00:00 CEST  16 hours           12   40  high    possible      hut
         2026-06-26 10:00 CEST  2026-06-29 08:00 CEST  2 days 22 hours    40   40  empty   possible      hut

        4 states, first found 4 days ago, last checked just now
        ");
    }

    #[test]
    fn a_trend_is_coloured_and_fits_the_width_of_the_terminal() {
        let screen = coloured(Some(40));
        insta::assert_snapshot!(rendered(entries(), screen).replace('\x1b', "^"), @r"
        Watzmannhaus, night of Sat 15 Aug 2026

          40 │███████████████████████
             │███████████████████████
             │███████████████████████
             │███████████████████████▄▄▄▄▄
           0 │████████████████████████████▃▃▃▃·
             └─────────────────────────────────
              26 Jun 10:00         30 Jun 14:00

         FROM                   FREE  STATUS
         2026-06-30 12:00 CEST     0 ^[48;5;203m^[38;5;16m full   ^[49m^[39m
         2026-06-30 00:00 CEST     3 ^[48;5;209m^[38;5;16m high   ^[49m^[39m
         2026-06-29 08:00 CEST    12 ^[48;5;209m^[38;5;16m high   ^[49m^[39m
         2026-06-26 10:00 CEST    40 ^[48;5;41m^[38;5;16m empty  ^[49m^[39m

        4 states, first found 4 days ago, last checked just now
        ");
    }

    #[test]
    fn a_closed_night_has_no_chart() {
        insta::assert_snapshot!(rendered(vec![entry(0, 0, -2, 0)], Screen::PLAIN), @r"
        Watzmannhaus, night of Sat 15 Aug 2026

         FROM                   UNTIL                  FOR      FREE  ALL  STATUS  BOOKING       TYPE
         2026-06-30 12:00 CEST  2026-06-30 14:00 CEST  2 hours             closed  not_possible  hut

        1 state, first found 2 hours ago, last checked just now
        ");
    }

    #[test]
    fn a_trend_without_states_names_the_flag_that_goes_back_further() {
        insta::assert_snapshot!(rendered(Vec::new(), Screen::PLAIN), @r"
        Watzmannhaus, night of Sat 15 Aug 2026
        no states found since Sun 31 May 2026; a larger --days goes back further
        ");
    }
}
