//! A fake site with synthetic bookings. They change from day to day at about the rate of the captured days,
//! on which 10 to 27 of 366 to 731 dates change from one day to the next.
//!
//! The model stores no bookings. A hash of the seed, the hut, the date and the time decides which places
//! are taken, so that all answers are consistent with each other.

#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use chrono::{DateTime, Datelike, Days, NaiveDate, Utc, Weekday};

use super::clock::today;
use super::huetten_holiday::payload::{CABINS_ON_A_PAGE, Cabin, CabinPage, MonthDay};
use super::hut::SimulatedHut;
use super::hut_reservation::payload::{BedCategory, Day, HutInfo};
use super::synthetic;

/// The number of groups of guests that may book a date.
const PARTIES: u64 = 8;

/// The number of days after which a group decides again whether it comes.
const DAYS_OF_A_DECISION: f64 = 64.0;

/// Huts, and the seed of their bookings.
pub struct Model {
    seed: u64,
    /// How many seconds a day of bookings lasts. 86,400 is the pace of the calendar.
    seconds_per_day: f64,
    /// Days of bookings that have passed besides.
    days_passed: f64,
    huts: HashMap<String, SimulatedHut>,
    /// The huts with a numeric ID, in the order of the IDs.
    cabins: Vec<Cabin>,
}

/// The state of one date of a hut.
pub(super) struct Bookings {
    pub(super) date: NaiveDate,
    pub(super) free: Option<i16>,
    pub(super) total: i16,
    /// `SERVICED`, `UNSERVICED` or `CLOSED`
    pub(super) status: &'static str,
}

impl Model {
    /// A model whose bookings change at the pace of the calendar.
    #[must_use]
    pub fn new(seed: u64, huts: Vec<SimulatedHut>) -> Self {
        let mut cabins: Vec<_> = huts.iter().filter_map(Cabin::new).collect();
        cabins.sort_by_key(Cabin::id);
        let huts = huts.into_iter().map(|hut| (hut.id.clone(), hut)).collect();
        Self { seed, seconds_per_day: 86_400.0, days_passed: 0.0, huts, cabins }
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
            let open = self.huts().filter(|hut| self.season(hut, *date) == Season::Serviced);
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
        let today = today(now);
        let day = |ahead| {
            let Bookings { date, free, total, status } =
                self.bookings(hut, today + Days::new(ahead), ahead, now);
            Day::new(date, free, total, status)
        };
        Some((0..self.horizon(hut)).map(day).collect())
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
        let (today, horizon) = (today(now), self.horizon(hut));
        let bookings = |date: NaiveDate| {
            let ahead = u64::try_from((date - today).num_days()).unwrap_or(0);
            (ahead < horizon).then(|| self.bookings(hut, date, ahead, now))
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
    pub(super) fn huts(&self) -> impl Iterator<Item = &SimulatedHut> {
        self.huts.values()
    }

    pub(super) fn hut(&self, hut_id: &str) -> Option<&SimulatedHut> {
        self.huts.get(hut_id)
    }

    /// How many days ahead a hut can be booked: one year or two.
    pub(super) fn horizon(&self, hut: &SimulatedHut) -> u64 {
        if self.chance(("horizon", &hut.id)) < 0.5 { 366 } else { 731 }
    }

    /// The answer of `hutInfo`. None if the site does not know the hut, or its ID is not a number.
    #[must_use]
    pub fn info(&self, hut_id: &str) -> Option<HutInfo> {
        let hut = self.huts.get(hut_id)?;
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

    pub(super) fn bookings(
        &self,
        hut: &SimulatedHut,
        date: NaiveDate,
        days_ahead: u64,
        now: DateTime<Utc>,
    ) -> Bookings {
        let bookings = |free, total, status| Bookings { date, free, total, status };
        match self.season(hut, date) {
            Season::Closed => bookings(None, 0, "CLOSED"),
            Season::NotBookable => bookings(None, 0, "SERVICED"),
            Season::Unserviced => {
                let total = hut.winter_places;
                let free = total - self.taken(hut, date, days_ahead, now, total);
                bookings(Some(free), total, "UNSERVICED")
            }
            Season::Serviced => {
                // Some places are reserved for guests who do not book online.
                let offline = self.chance(("kept", &hut.id, date)) * 0.3 * f64::from(hut.places);
                let total = hut.places - as_places(offline);
                let free = total - self.taken(hut, date, days_ahead, now, total);
                bookings(Some(free), total, "SERVICED")
            }
        }
    }

    fn season(&self, hut: &SimulatedHut, date: NaiveDate) -> Season {
        let opens = 155 + as_places(self.chance(("opens", &hut.id)) * 25.0);
        let closes = 265 + as_places(self.chance(("closes", &hut.id)) * 25.0);
        let has_winter = self.chance(("winter", &hut.id)) < 0.5;
        let day = i16::try_from(date.ordinal()).expect("at most 366");
        match day {
            _ if self.chance(("not bookable", &hut.id, date)) < 0.1 => Season::NotBookable,
            day if (opens..closes).contains(&day) => Season::Serviced,
            day if has_winter && (45..125).contains(&day) => Season::Serviced,
            _ if hut.winter_places > 0 => Season::Unserviced,
            _ => Season::Closed,
        }
    }

    /// The number of taken places. More are taken at weekends, and the closer the date is.
    fn taken(
        &self,
        hut: &SimulatedHut,
        date: NaiveDate,
        days_ahead: u64,
        now: DateTime<Utc>,
        total: i16,
    ) -> i16 {
        let is_weekend = matches!(date.weekday(), Weekday::Fri | Weekday::Sat);
        let popularity = 0.25 + 0.5 * self.chance(("popularity", &hut.id));
        let nearness = 1.0 - 0.7 * (days_ahead.min(180) as f64 / 180.0);
        let demand = popularity * nearness * if is_weekend { 1.5 } else { 1.0 };
        let site_days =
            now.timestamp_micros() as f64 / 1e6 / self.seconds_per_day + self.days_passed;
        let party = |party: u64| {
            let key = (&hut.id, date, party);
            let phase = self.chance(("phase", key));
            let decision = (site_days / DAYS_OF_A_DECISION + phase).floor() as i64;
            let comes = self.chance(("comes", key, decision)) < demand;
            let size = (0.05 + 0.2 * self.chance(("size", key, decision))) * f64::from(total);
            if comes { as_places(size).max(1) } else { 0 }
        };
        (0..PARTIES).map(party).sum::<i16>().min(total)
    }

    /// A pseudo-random number from 0 to 1. The same key always gives the same number.
    pub(super) fn chance(&self, key: impl Hash) -> f64 {
        let mut hasher = DefaultHasher::new();
        (self.seed, key).hash(&mut hasher);
        (hasher.finish() >> 11) as f64 / (1_u64 << 53) as f64
    }
}

#[derive(PartialEq, Eq)]
enum Season {
    Serviced,
    Unserviced,
    Closed,
    /// There is a warden, but the hut takes no online bookings.
    NotBookable,
}

fn as_places(number: f64) -> i16 {
    number.floor() as i16
}
