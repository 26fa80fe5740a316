//! `hut-availability trend`

use chrono::{DateTime, NaiveDate, NaiveTime, TimeZone, Utc};
use chrono_tz::Tz;

use super::huts_set::find;
use crate::cli::huts::ListOutput;
use crate::cli::reading::TrendArgs;
use crate::db::open::open_to_read;
use crate::db::reading::for_trend::for_trend;
use crate::db::url::DatabaseUrl;
use crate::reading::period_of_trend;
use crate::report::print_text;
use crate::terminal::data::{TrendData, to_json, trend_csv};
use crate::terminal::screen::{Screen, print_csv};
use crate::terminal::trend::text;

/// Prints how a night filled up.
pub fn run(url: &DatabaseUrl, args: &TrendArgs, screen: Screen) -> anyhow::Result<()> {
    let (clock, timezone) = (args.day.clock(), args.day.timezone);
    let date = args.day.date(&args.date)?;
    let period = period_of_trend(date, clock.today(timezone), args.days);
    let since = start_of_day(*period.start(), timezone);
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

/// When a day begins where the huts are.
fn start_of_day(date: NaiveDate, timezone: Tz) -> DateTime<Utc> {
    let midnight = date.and_time(NaiveTime::MIN);
    // In some places summer time begins at midnight, which then is not.
    timezone.from_local_datetime(&midnight).earliest().map_or(midnight.and_utc(), |at| at.to_utc())
}
