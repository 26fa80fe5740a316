//! The hut and its neighbours as marks of a small map. Pure functions.

use std::ops::RangeInclusive;

use chrono::NaiveDate;

use crate::query::fit::Fit;
use crate::query::stay_filter::place_of;
use crate::query::views::HutOnMap;
use crate::web::pages::calendar::words;
use crate::web::pages::format;
use crate::web::pages::map::MapHut;
use crate::web::pages::times::Times;

/// The marks of huts for a group of `places` that stays on all of `nights`.
#[must_use]
pub fn marks(
    huts: &[HutOnMap],
    nights: &RangeInclusive<NaiveDate>,
    places: u16,
    times: &Times,
) -> Vec<MapHut> {
    huts.iter().filter_map(|hut| mark(hut, nights, places, times)).collect()
}

fn mark(
    HutOnMap { hut, days, .. }: &HutOnMap,
    nights: &RangeInclusive<NaiveDate>,
    places: u16,
    times: &Times,
) -> Option<MapHut> {
    let on = |date: NaiveDate| days.iter().find(|(day, _)| *day == date).map(|(_, night)| night);
    let dates = || nights.start().iter_days().take_while(|date| date <= nights.end());
    // The worst night decides.
    let fit = dates().map(|date| on(date).map_or(Fit::Unknown, |night| Fit::of(night, places)));
    let first = *nights.start();
    Some(MapHut {
        slug: hut.slug.clone(),
        url: format::night_url(&hut.slug, first),
        name: format::text(&hut.name),
        words: on(first).map_or_else(|| times.t.get("no-data"), |night| words(times, first, night)),
        place: place_of(hut)?,
        fit: fit.max().unwrap_or(Fit::Unknown),
        free: dates().filter_map(|date| on(date)?.state.free).min(),
    })
}
