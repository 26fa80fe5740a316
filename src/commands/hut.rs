//! `hut-availability hut`: shows one hut and its calendar.

use anyhow::Context;

use super::config;
use super::huts_set::find;
use crate::cli::reading::HutArgs;
use crate::db::check;
use crate::db::open::open_to_read;
use crate::db::reading::for_hut_detail::for_hut_detail;
use crate::domain::database_url::DatabaseUrl;
use crate::query::views::dates;
use crate::runtime::console::print_text;
use crate::terminal::calendar::whole_months;
use crate::terminal::data::{CheckedDayData, HutData, SourceFields, hut_csv, to_json};
use crate::terminal::hut::{HutView, text};
use crate::terminal::screen::{Screen, print_csv};
use crate::text::format::ListOutput;

/// Prints one hut on some dates.
pub fn run(url: &DatabaseUrl, args: &HutArgs, screen: Screen) -> anyhow::Result<()> {
    let date = config::date(&args.day, &args.date)?;
    let dates = dates(date, args.days);
    let dates = if args.output == ListOutput::Table { whole_months(&dates) } else { dates };
    let mut db = open_to_read(url)?;
    let (id, hut) = find(&mut db, &args.slug)?;
    let check = check::load(&mut db, id)?;
    let detail =
        for_hut_detail(&mut db, &args.slug, &dates)?.context("the hut was deleted a moment ago")?;
    let data = || {
        let source = hut.followed().map(|(organization, source)| SourceFields {
            source_id: Some(source.source_hut_id.clone()),
            source: Some(organization.clone()),
            source_link: source.link.clone(),
        });
        let days = detail.days.iter().map(|day| CheckedDayData::new(&detail.hut, day)).collect();
        let last_success = check.last_success.map(Into::into);
        HutData::new(&detail.hut, source.unwrap_or_default(), last_success, days)
    };
    match args.output {
        ListOutput::Json => print_text(&to_json(&data()))?,
        ListOutput::Csv => print_csv(&hut_csv(&data()))?,
        ListOutput::Table => {
            let view = HutView {
                hut: &hut,
                check: &check,
                detail: &detail,
                dates,
                date,
                now: config::clock(&args.day).now(),
                timezone: args.day.timezone,
            };
            print_text(&text(&view, screen))?;
        }
    }
    Ok(())
}
