//! `hut-availability trend`: shows how one night of a hut filled up.

use super::config;
use super::huts_set::find;
use crate::cli::reading::TrendArgs;
use crate::db::open::open_to_read;
use crate::db::reading::for_trend::for_trend;
use crate::domain::database_url::DatabaseUrl;
use crate::domain::day::start_of;
use crate::query::views::period_of_trend;
use crate::runtime::console::print_text;
use crate::terminal::data::{TrendData, to_json, trend_csv};
use crate::terminal::screen::{Screen, print_csv};
use crate::terminal::trend::text;
use crate::text::format::ListOutput;

/// Prints how one night of a hut filled up.
pub fn run(url: &DatabaseUrl, args: &TrendArgs, screen: Screen) -> anyhow::Result<()> {
    let (clock, timezone) = (config::clock(&args.day), args.day.timezone);
    let date = config::date(&args.day, &args.date)?;
    let period = period_of_trend(date, clock.today(timezone), args.days);
    let since = start_of(*period.start(), timezone);
    let mut db = open_to_read(url)?;
    let Some(trend) = for_trend(&mut db, &args.slug, date, since)? else {
        return find(&mut db, &args.slug).map(drop);
    };
    let data = || TrendData::new(&trend, *period.start());
    match args.output {
        ListOutput::Json => print_text(&to_json(&data()))?,
        ListOutput::Csv => print_csv(&trend_csv(&data()))?,
        ListOutput::Table => {
            print_text(&text(&trend, &period, clock.now(), timezone, screen))?;
        }
    }
    Ok(())
}
