//! `hut-availability hut`: shows one hut and its calendar.

use anyhow::Context;

use super::config;
use super::find_hut::find_to_read;
use crate::cli::reading::HutArgs;
use crate::db::check;
use crate::db::open::open_to_read;
use crate::db::reading::for_hut_detail::for_hut_detail;
use crate::domain::database_url::DatabaseUrl;
use crate::query::views::dates;
use crate::runtime::console::print;
use crate::terminal::calendar::whole_months;
use crate::terminal::data::{CheckedDayData, HutData, SourceFields, hut_csv, to_json};
use crate::terminal::hut::{HutView, text};
use crate::terminal::screen::Screen;
use crate::text::format::{Format, Printout};

/// Prints one hut on some dates.
pub fn run(url: &DatabaseUrl, args: &HutArgs, screen: Screen) -> anyhow::Result<()> {
    let date = config::date(&args.day, &args.date)?;
    let dates = dates(date, args.days);
    let dates = if args.output == Format::Table { whole_months(&dates) } else { dates };
    let mut db = open_to_read(url)?;
    let (id, hut) = find_to_read(&mut db, &args.slug)?;
    let check = check::load(&mut db, id)?;
    let detail = for_hut_detail(&mut db, &hut.fields.slug, &dates)?
        .context("the hut was deleted a moment ago")?;
    let view = HutView {
        hut: &hut,
        check: &check,
        detail: &detail,
        dates,
        date,
        limits: config::age_limits(&args.day, &args.intervals),
        timezone: args.day.timezone,
    };
    print(&HutReport { view, screen }, args.output)?;
    Ok(())
}

/// One hut and its dates.
struct HutReport<'a> {
    view: HutView<'a>,
    screen: Screen,
}

impl HutReport<'_> {
    fn data(&self) -> HutData<CheckedDayData> {
        let HutView { hut, check, detail, .. } = &self.view;
        let source = hut.followed().map(|(organization, source)| SourceFields {
            source_id: Some(source.source_hut_id.clone()),
            source: Some(organization.clone()),
            source_link: source.link.clone(),
        });
        let days = detail.days.iter().map(|day| CheckedDayData::new(&detail.hut, day)).collect();
        let last_success = check.last_success.map(Into::into);
        HutData::new(&detail.hut, source.unwrap_or_default(), last_success, days)
    }
}

impl Printout for HutReport<'_> {
    fn text(&self) -> String {
        text(&self.view, self.screen)
    }

    fn csv(&self) -> String {
        hut_csv(&self.data())
    }

    fn json(&self) -> String {
        to_json(&self.data())
    }
}
