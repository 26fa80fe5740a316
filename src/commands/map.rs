//! `hut-availability map`: shows the free places of all huts.

use std::cmp::Reverse;
use std::ops::RangeInclusive;

use chrono::NaiveDate;

use super::config;
use super::find_hut::filter;
use crate::cli::reading::{MapArgs, MapOrder};
use crate::db::open::open_to_read;
use crate::db::reading::for_map::for_map;
use crate::db::register;
use crate::domain::database_url::DatabaseUrl;
use crate::query::freshness::AgeLimits;
use crate::query::hut_filter::HutFilter;
use crate::query::night::Night;
use crate::query::views::{HutOnMap, dates};
use crate::runtime::console::{print, say};
use crate::terminal::data::{HutData, MapData, map_csv, to_json};
use crate::terminal::map;
use crate::terminal::screen::Screen;
use crate::text::format::Printout;
use crate::text::slug::slug_of;

/// Prints the free places of huts on some dates.
pub fn run(url: &DatabaseUrl, args: &MapArgs, screen: Screen) -> anyhow::Result<()> {
    let date = config::date(&args.day, &args.date)?;
    let dates = dates(date, args.days);
    let mut db = open_to_read(url)?;
    let filter = filter(&mut db, &args.huts)?;
    let huts = for_map(&mut db, &dates, None)?;
    let total = huts.len();
    let is_any = huts.iter().any(|hut| matches(&filter, hut));
    if !is_any {
        say(if register::count(&mut db)? == 0 {
            "no huts yet: `hut-availability huts discover` finds the huts of the booking sites"
        } else if total == 0 {
            "nothing is stored for these dates: run `update-availability` to ask the booking sites"
        } else {
            "no hut of this name or country has anything stored for these dates"
        });
    }
    let huts = select(huts, args, &filter, date);
    let report = Map {
        huts,
        total,
        start_date: date,
        days: args.days,
        dates,
        limits: config::age_limits(&args.day, &args.intervals),
        screen,
    };
    print(&report, args.output)?;
    Ok(())
}

/// The free places of the matching huts.
struct Map {
    huts: Vec<HutOnMap>,
    /// Huts with and without a match.
    total: usize,
    start_date: NaiveDate,
    days: u16,
    dates: RangeInclusive<NaiveDate>,
    limits: AgeLimits,
    screen: Screen,
}

impl Map {
    fn data(&self) -> MapData {
        MapData {
            start_date: self.start_date,
            days: self.days,
            huts: self.huts.iter().map(HutData::from).collect(),
        }
    }
}

impl Printout for Map {
    fn text(&self) -> String {
        map::text(&self.huts, self.total, &self.dates, &self.limits, self.screen)
    }

    fn csv(&self) -> String {
        map_csv(&self.data())
    }

    fn json(&self) -> String {
        to_json(&self.data())
    }
}

fn matches(filter: &HutFilter, HutOnMap { hut, .. }: &HutOnMap) -> bool {
    filter.matches(&hut.slug, &hut.name, hut.country.as_deref())
}

/// The huts that match the filters, in the requested order.
fn select(
    mut huts: Vec<HutOnMap>,
    args: &MapArgs,
    filter: &HutFilter,
    date: NaiveDate,
) -> Vec<HutOnMap> {
    let night = |hut: &HutOnMap| -> Option<Night> {
        hut.days.iter().find_map(|(day, night)| (*day == date).then_some(*night))
    };
    huts.retain(|hut| matches(filter, hut));
    if let Some(places @ 1..) = args.min_free {
        huts.retain(|hut| night(hut).is_some_and(|night| night.has_room_or_ask(places, args.ask)));
    }
    // Accents and case do not matter for the order.
    let name = |hut: &HutOnMap| slug_of(&hut.hut.name);
    match args.sort {
        MapOrder::Name => huts.sort_by_cached_key(name),
        MapOrder::Country => huts.sort_by_cached_key(|hut| {
            (hut.hut.country.is_none(), hut.hut.country.clone(), name(hut))
        }),
        MapOrder::Free => huts
            .sort_by_cached_key(|hut| (Reverse(night(hut).map(|night| night.room())), name(hut))),
    }
    huts
}
