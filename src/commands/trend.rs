//! `hut-availability trend`: shows how one night of a hut filled up.

use std::ops::RangeInclusive;

use anyhow::Context;
use chrono::NaiveDate;
use chrono_tz::Tz;

use super::config;
use super::find_hut::find_to_read;
use crate::cli::reading::TrendArgs;
use crate::db::open::open_to_read;
use crate::db::reading::for_trend::for_trend;
use crate::domain::database_url::DatabaseUrl;
use crate::domain::day::start_of;
use crate::query::freshness::AgeLimits;
use crate::query::views::{Trend, period_of_trend};
use crate::runtime::console::print;
use crate::terminal::data::{TrendData, to_json, trend_csv};
use crate::terminal::screen::Screen;
use crate::terminal::trend::text;
use crate::text::format::Printout;

/// Prints how one night of a hut filled up.
pub fn run(url: &DatabaseUrl, args: &TrendArgs, screen: Screen) -> anyhow::Result<()> {
    let timezone = args.day.timezone;
    let limits = config::age_limits(&args.day, &args.intervals);
    let date = config::date(&args.day, &args.date)?;
    let period = period_of_trend(date, limits.today, args.days);
    let since = start_of(*period.start(), timezone);
    let mut db = open_to_read(url)?;
    let (_, hut) = find_to_read(&mut db, &args.slug)?;
    let trend = for_trend(&mut db, &hut.fields.slug, date, since)?;
    let trend = trend.context("the hut was deleted a moment ago")?;
    let report = TrendReport { trend, period, limits, timezone, screen };
    print(&report, args.output)?;
    Ok(())
}

/// How one night of a hut filled up.
struct TrendReport {
    trend: Trend,
    period: RangeInclusive<NaiveDate>,
    limits: AgeLimits,
    timezone: Tz,
    screen: Screen,
}

impl TrendReport {
    fn data(&self) -> TrendData {
        TrendData::new(&self.trend, *self.period.start())
    }
}

impl Printout for TrendReport {
    fn text(&self) -> String {
        text(&self.trend, &self.period, &self.limits, self.timezone, self.screen)
    }

    fn csv(&self) -> String {
        trend_csv(&self.data())
    }

    fn json(&self) -> String {
        to_json(&self.data())
    }
}
