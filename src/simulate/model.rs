//! A fake site with synthetic bookings. They change from day to day at about the rate of the captured days,
//! on which 10 to 27 of 366 to 731 dates change from one day to the next.
//!
//! The model stores no bookings. Numbers that depend only on the seed, the hut, the date and the time decide which
//! places are taken, so that all answers are consistent with each other.

pub(super) mod booked_hut;
mod key;

#[cfg(test)]
mod tests;

use std::collections::HashMap;

use chrono::{DateTime, Datelike, Days, NaiveDate, Utc, Weekday};

use self::booked_hut::{BookedHut, Bookings};
use self::key::Key;
use super::clock::today;
use super::huetten_holiday::payload::{CABINS_ON_A_PAGE, Cabin, CabinPage, MonthDay};
use super::hut::SimulatedHut;
use super::hut_reservation::payload::{BedCategory, Day, HutInfo};
use super::synthetic;

/// Huts and their bookings.
pub struct Model {
    /// How many seconds a day of bookings lasts. 86,400 is the pace of the calendar.
    seconds_per_day: f64,
    /// Days of bookings that have passed besides.
    days_passed: f64,
    huts: HashMap<String, BookedHut>,
    /// The huts with a numeric ID, in the order of the IDs.
    cabins: Vec<Cabin>,
}

impl Model {
    /// A model whose bookings change at the pace of the calendar.
    #[must_use]
    pub fn new(seed: u64, huts: Vec<SimulatedHut>) -> Self {
        let mut cabins: Vec<_> = huts.iter().filter_map(Cabin::new).collect();
        cabins.sort_by_key(Cabin::id);
        let key = Key::new(seed);
        let huts = huts.into_iter().map(|hut| (hut.id.clone(), BookedHut::new(key, hut))).collect();
        Self { seconds_per_day: 86_400.0, days_passed: 0.0, huts, cabins }
    }

    /// Changes the pace of the bookings.
    #[must_use]
    pub fn with_pace(self, seconds_per_day: f64) -> Self {
        Self { seconds_per_day, ..self }
    }

    /// Lets some days of bookings pass at once. The dates stay.
    #[must_use]
    pub fn after_days(self, days: u32) -> Self {
        Self { days_passed: days.into(), ..self }
    }

    /// The first Saturday from `today` on that is in the season of at least a third of the huts: of winter or summer. None
    /// within a year.
    #[must_use]
    pub fn first_open_saturday(&self, today: NaiveDate) -> Option<NaiveDate> {
        let is_open = |date: &NaiveDate| {
            let open = self.huts().filter(|hut| hut.is_serviced(*date));
            date.weekday() == Weekday::Sat && open.count() * 3 >= self.huts.len()
        };
        today.iter_days().take(366).find(is_open)
    }

    /// A model with `count` synthetic huts. Their IDs are the numbers from 1 on.
    #[must_use]
    pub fn numbered(seed: u64, count: u32) -> Self {
        Self::new(seed, (1..=count).map(synthetic::hut).collect())
    }

    /// The dates that hut-reservation.org lists for a hut at an instant. None if the site does not know the
    /// hut.
    #[must_use]
    pub fn availability(&self, hut_id: &str, now: DateTime<Utc>) -> Option<Vec<Day>> {
        let hut = self.huts.get(hut_id)?;
        let (today, site_days) = (today(now), self.site_days(now));
        let day = |ahead| {
            let Bookings { date, free, total, status } =
                hut.bookings(today + Days::new(ahead), ahead, site_days);
            Day::new(date, free, total, status)
        };
        Some((0..hut.horizon).map(day).collect())
    }

    /// The days that huetten-holiday.com lists for a hut and a month, including past days. None if the site
    /// does not know the hut. Empty for a month in which nothing can be booked.
    #[must_use]
    pub fn month(
        &self,
        hut_id: &str,
        month: NaiveDate,
        now: DateTime<Utc>,
    ) -> Option<Vec<MonthDay>> {
        let hut = self.huts.get(hut_id)?;
        let (today, site_days) = (today(now), self.site_days(now));
        let bookings = |date: NaiveDate| {
            let ahead = u64::try_from((date - today).num_days()).unwrap_or(0);
            (ahead < hut.horizon).then(|| hut.bookings(date, ahead, site_days))
        };
        let days = month.iter_days().take_while(|date| date.month() == month.month());
        let bookings: Vec<_> = days.filter_map(bookings).collect();
        if bookings.iter().all(|bookings| bookings.total == 0) {
            return Some(Vec::new());
        }
        let day = |b: &Bookings| MonthDay::new(b.date, b.free.unwrap_or(0), b.total);
        Some(bookings.iter().map(day).collect())
    }

    /// Page `page`, from 1 on, of the list of huts of huetten-holiday.com.
    #[must_use]
    pub fn cabins(&self, page: usize) -> CabinPage {
        let cabins = self.cabins.chunks(CABINS_ON_A_PAGE).nth(page.saturating_sub(1));
        CabinPage::new(cabins.unwrap_or_default().to_vec(), page, self.cabins.len())
    }

    /// All huts, in any order.
    pub(super) fn huts(&self) -> impl Iterator<Item = &BookedHut> {
        self.huts.values()
    }

    pub(super) fn hut(&self, hut_id: &str) -> Option<&BookedHut> {
        self.huts.get(hut_id)
    }

    /// The answer of `hutInfo`. None if the site does not know the hut, or its ID is not a number.
    #[must_use]
    pub fn info(&self, hut_id: &str) -> Option<HutInfo> {
        let hut = &self.huts.get(hut_id)?.hut;
        let modes = [("ROOM", hut.places), ("UNSERVICED", hut.winter_places)];
        let categories = modes.into_iter().filter(|(_, places)| *places > 0).zip(1..);
        let category = |((reservation_mode, total_sleeping_places), index)| BedCategory {
            index,
            total_sleeping_places,
            reservation_mode,
        };
        Some(HutInfo {
            hut_id: hut.id.parse().ok()?,
            hut_name: hut.name.clone(),
            hut_unlocked: hut.unlocked,
            tenant_country: hut.country.clone(),
            coordinates: hut.coordinates.clone(),
            altitude: hut.altitude.clone(),
            hut_bed_categories: categories.map(category).collect(),
        })
    }

    /// The days of bookings that have passed at an instant.
    pub(super) fn site_days(&self, now: DateTime<Utc>) -> f64 {
        now.timestamp_micros() as f64 / 1e6 / self.seconds_per_day + self.days_passed
    }
}
