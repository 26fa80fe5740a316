//! Which places of a hut are taken.

use chrono::{Datelike, NaiveDate, Weekday};

use super::key::Key;
use crate::simulate::hut::SimulatedHut;

/// The number of groups of guests that may book a date.
const PARTIES: u64 = 8;

/// The number of days after which a group decides again whether it comes.
const DAYS_OF_A_DECISION: f64 = 64.0;

/// The share of structures of ffcam that publish no totals, and of those that show no numbers.
const WITHOUT_TOTALS: f64 = 0.5;
const WITHOUT_NUMBERS: f64 = 0.2;

/// A hut of the model, and what its seed decides once for all dates.
pub struct BookedHut {
    pub hut: SimulatedHut,
    key: Key,
    /// How many days ahead it can be booked: one year or two.
    pub horizon: u64,
    /// The first day of the summer season, and the first one after it.
    opens: i16,
    closes: i16,
    has_winter_season: bool,
    /// From 0.25 to 0.75.
    popularity: f64,
    /// Only ffcam leaves them out.
    pub publishes_totals: bool,
    pub shows_numbers: bool,
}

/// The state of one date of a hut.
pub struct Bookings {
    pub date: NaiveDate,
    pub free: Option<i16>,
    pub total: i16,
    /// `SERVICED`, `UNSERVICED` or `CLOSED`
    pub status: &'static str,
}

impl BookedHut {
    pub fn new(key: Key, hut: SimulatedHut) -> Self {
        let key = key.named_part(&hut.id);
        let mut numbers = key.numbers();
        Self {
            hut,
            key,
            horizon: if numbers.f64() < 0.5 { 366 } else { 731 },
            opens: 155 + as_places(numbers.f64() * 25.0),
            closes: 265 + as_places(numbers.f64() * 25.0),
            has_winter_season: numbers.f64() < 0.5,
            popularity: 0.25 + 0.5 * numbers.f64(),
            publishes_totals: numbers.f64() >= WITHOUT_TOTALS,
            shows_numbers: numbers.f64() >= WITHOUT_NUMBERS,
        }
    }

    /// The bookings of a date that is `days_ahead` days ahead, when `site_days` days of bookings have passed.
    pub fn bookings(&self, date: NaiveDate, days_ahead: u64, site_days: f64) -> Bookings {
        let bookings = |free, total, status| Bookings { date, free, total, status };
        let taken = |total| self.taken(date, days_ahead, site_days, total);
        match self.season(date) {
            Season::Closed => bookings(None, 0, "CLOSED"),
            Season::NotBookable => bookings(None, 0, "SERVICED"),
            Season::Unserviced => {
                let total = self.hut.winter_places;
                bookings(Some(total - taken(total)), total, "UNSERVICED")
            }
            Season::Serviced { offline } => {
                let total = self.hut.places - offline;
                bookings(Some(total - taken(total)), total, "SERVICED")
            }
        }
    }

    pub fn is_serviced(&self, date: NaiveDate) -> bool {
        matches!(self.season(date), Season::Serviced { .. })
    }

    fn season(&self, date: NaiveDate) -> Season {
        let mut numbers = self.key_of(date).numbers();
        if numbers.f64() < 0.1 {
            return Season::NotBookable;
        }
        let day = i16::try_from(date.ordinal()).expect("at most 366");
        let is_summer = (self.opens..self.closes).contains(&day);
        if is_summer || self.has_winter_season && (45..125).contains(&day) {
            let offline = as_places(numbers.f64() * 0.3 * f64::from(self.hut.places));
            Season::Serviced { offline }
        } else if self.hut.winter_places > 0 {
            Season::Unserviced
        } else {
            Season::Closed
        }
    }

    /// The number of taken places. More are taken at weekends, and the closer the date is.
    fn taken(&self, date: NaiveDate, days_ahead: u64, site_days: f64, total: i16) -> i16 {
        let is_weekend = matches!(date.weekday(), Weekday::Fri | Weekday::Sat);
        let nearness = 1.0 - 0.7 * (days_ahead.min(180) as f64 / 180.0);
        let demand = self.popularity * nearness * if is_weekend { 1.5 } else { 1.0 };
        let key = self.key_of(date);
        let party = |party: u64| {
            let key = key.part(party);
            let phase = key.numbers().f64();
            let decision = (site_days / DAYS_OF_A_DECISION + phase).floor() as u64;
            let mut numbers = key.part(decision).numbers();
            let comes = numbers.f64() < demand;
            let size = (0.05 + 0.2 * numbers.f64()) * f64::from(total);
            if comes { as_places(size).max(1) } else { 0 }
        };
        (0..PARTIES).map(party).sum::<i16>().min(total)
    }

    fn key_of(&self, date: NaiveDate) -> Key {
        self.key.part(date.num_days_from_ce().unsigned_abs().into())
    }
}

enum Season {
    Serviced {
        /// The places that are reserved for guests who do not book online.
        offline: i16,
    },
    Unserviced,
    Closed,
    /// There is a warden, but the hut takes no online bookings.
    NotBookable,
}

fn as_places(number: f64) -> i16 {
    number.floor() as i16
}
