//! The next stays of a group in a hut. Pure functions.

use chrono::{NaiveDate, Weekday, WeekdaySet};

use crate::domain::stay::{Group, Rooms, Stay, stays_of};
use crate::query::views::DayDetail;
use crate::text::texts::Texts;
use crate::web::pages::format;

/// The most stays of a list.
const MAX_STAYS: usize = 5;

/// The nights of a weekend, from Friday to Sunday.
const NIGHTS_OF_WEEKEND: u16 = 2;

/// A list of stays.
pub struct NextStays {
    pub title: String,
    /// May be empty.
    pub stays: Vec<StayLine>,
    /// What the page says if there is none.
    pub none: String,
}

/// A stay.
pub struct StayLine {
    /// The page of the first night.
    pub url: String,
    /// The arrival, and the departure if it is not the next day.
    pub dates: String,
    /// `12 places free`
    pub free: String,
    pub book_label: String,
}

/// The hut of the stays, for links and labels.
#[derive(Clone, Copy)]
pub struct StaysOf<'a> {
    pub t: Texts,
    pub slug: &'a str,
    pub name: &'a str,
    /// The parameters that links keep, with their question mark; may be empty.
    pub kept: &'a str,
}

/// The nights on which the hut has room for some people.
#[must_use]
pub fn rooms(days: &[DayDetail], places: u16) -> Rooms {
    let with_room = days.iter().filter(|day| day.night.has_room_for(places));
    with_room.filter_map(|day| Some((day.date, day.night.state.free?))).collect()
}

impl StaysOf<'_> {
    /// The next stays of the group.
    #[must_use]
    pub fn next(&self, group: &Group, nights: u16, rooms: &Rooms) -> NextStays {
        let t = self.t;
        let text = |id| {
            (t.with(id, "people", t.count("people", group.places).to_string()))
                .and("nights", t.count("night-count", nights).to_string())
                .to_string()
        };
        self.list(text("next-stays"), text("no-stay-in-a-year"), group, nights, rooms)
    }

    /// The next weekends with room for the group.
    #[must_use]
    pub fn weekends(&self, group: &Group, rooms: &Rooms) -> NextStays {
        let group = Group { weekdays: WeekdaySet::single(Weekday::Fri), ..group.clone() };
        let people = self.t.count("people", group.places).to_string();
        let text = |id| self.t.with(id, "people", people.as_str()).to_string();
        let (title, none) = (text("weekends-with-room"), text("no-weekend-in-a-year"));
        self.list(title, none, &group, NIGHTS_OF_WEEKEND, rooms)
    }

    fn list(
        &self,
        title: String,
        none: String,
        group: &Group,
        nights: u16,
        rooms: &Rooms,
    ) -> NextStays {
        let found = stays_of(group, nights, 0, rooms);
        let stays = found.iter().take(MAX_STAYS).map(|stay| self.line(stay)).collect();
        NextStays { title, stays, none }
    }

    fn line(&self, stay: &Stay) -> StayLine {
        let t = self.t;
        let Stay { arrival, departure, free, .. } = stay;
        let dates = match free.len() {
            1 => t.day(*arrival),
            _ => t
                .with("stay-dates", "from", t.day(*arrival))
                .and("to", t.day(*departure))
                .to_string(),
        };
        StayLine {
            url: self.night_url(*arrival),
            free: t.with("places", "places", stay.places()).to_string(),
            book_label: t
                .with("book-stay", "hut", self.name)
                .and("dates", dates.as_str())
                .to_string(),
            dates,
        }
    }

    fn night_url(&self, night: NaiveDate) -> String {
        format::night_url(self.slug, night) + self.kept
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::stay::after;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    /// The lists of a hut that has room on some days after Tuesday 30 June.
    fn lists(days: &[u16], nights: u16) -> [Vec<(String, String)>; 2] {
        let today = date("2026-06-30");
        let rooms: Rooms = days.iter().map(|day| (after(today, *day), 5)).collect();
        let arrivals = today..=after(today, 364);
        let group = Group { arrivals, weekdays: WeekdaySet::ALL, places: 4 };
        let hut = StaysOf { t: Texts::default(), slug: "a", name: "A", kept: "?places=4" };
        [hut.next(&group, nights, &rooms), hut.weekends(&group, &rooms)]
            .map(|list| list.stays.into_iter().map(|stay| (stay.url, stay.dates)).collect())
    }

    #[test]
    fn each_night_of_a_stay_has_room() {
        // Friday 3 July is day 3.
        let [next, weekends] = lists(&[1, 2, 3, 4, 6, 10, 11], 2);
        let urls: Vec<&str> = next.iter().map(|(url, _)| url.as_str()).collect();
        assert_eq!(urls[0], "/huts/a/2026-07-01?places=4");
        assert_eq!(urls.len(), 4, "the 6th is alone");
        assert_eq!(next[0].1, "Wed 1 Jul 2026 – Fri 3 Jul 2026");
        let dates: Vec<&str> = weekends.iter().map(|(_, dates)| dates.as_str()).collect();
        assert_eq!(dates, ["Fri 3 Jul 2026 – Sun 5 Jul 2026", "Fri 10 Jul 2026 – Sun 12 Jul 2026"]);
    }

    #[test]
    fn a_list_has_the_first_stays_only() {
        let days: Vec<u16> = (0..60).collect();
        let [next, weekends] = lists(&days, 1);
        assert_eq!((next.len(), weekends.len()), (MAX_STAYS, MAX_STAYS));
        assert_eq!(next[0].1, "Tue 30 Jun 2026");
        assert_eq!(lists(&[], 1), [vec![], vec![]]);
        assert_eq!(lists(&[400], 1)[0], vec![], "later than a year");
    }
}
