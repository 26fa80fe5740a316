//! The synthetic bookings of the model, as centrale.ffcam.fr publishes them.

use chrono::{DateTime, Days, NaiveDate, Utc};

use super::payload::{Structure, StructurePage, two_months};
use crate::simulate::clock::today;
use crate::simulate::model::Model;
use crate::simulate::model::booked_hut::{BookedHut, Bookings};

const PREFIX: &str = "BK_STRUCTURE:";

impl Model {
    /// The page of a structure that begins with the month of a date. It is for no structure if the model has no such
    /// hut. The hut with the ID 7 is the structure `BK_STRUCTURE:7`.
    #[must_use]
    pub fn structure_page(
        &self,
        structure: &str,
        date: Option<NaiveDate>,
        now: DateTime<Utc>,
    ) -> StructurePage {
        let (today, site_days) = (today(now), self.site_days(now));
        let mut structures: Vec<_> =
            self.huts().map(|hut| (&hut.hut.id, structure_of(hut, today))).collect();
        structures.sort_by_key(|(id, _)| (id.len(), *id));
        let structures = structures.into_iter().map(|(_, structure)| structure).collect();
        let hut = self.hut(structure).or_else(|| self.hut(structure.strip_prefix(PREFIX)?));
        let Some(hut) = hut else {
            return StructurePage { structures, ..StructurePage::default() };
        };
        let (first, end) = two_months(date.map_or(today, |date| date.max(today)));
        let mut page = StructurePage {
            structure: Some(structure.to_owned()),
            structures,
            begins: Some(first),
            stock: hut.publishes_totals.then(Default::default),
            ..StructurePage::default()
        };
        let last = last_night(hut, today);
        for night in first.max(today).iter_days().take_while(|night| *night < end) {
            let ahead = u64::try_from((night - today).num_days()).expect("no past night");
            let Bookings { date, free, total, status } = hut.bookings(night, ahead, site_days);
            let is_sold = night <= last && status != "CLOSED";
            let (free, total) = if is_sold { (free.unwrap_or(0), total) } else { (0, 0) };
            page.free.insert(date, free.into());
            if let Some(stock) = &mut page.stock {
                stock.insert(date, total.into());
            }
            if is_sold {
                page.open.push(date);
            }
        }
        page
    }
}

fn structure_of(hut: &BookedHut, today: NaiveDate) -> Structure {
    let id = hut.hut.id.strip_prefix(PREFIX).unwrap_or(&hut.hut.id);
    let sold = (today, last_night(hut, today));
    Structure::new(format!("{PREFIX}{id}"), &hut.hut.name, sold, hut.shows_numbers)
}

/// The last night that a structure sells.
fn last_night(hut: &BookedHut, today: NaiveDate) -> NaiveDate {
    today + Days::new(hut.horizon - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_has_two_months_of_which_the_model_sells_some() {
        let model = Model::numbered(1, 12);
        let now: DateTime<Utc> = "2026-07-15T10:00:00Z".parse().unwrap();
        let page = |id: u32| {
            model.structure_page(&format!("{PREFIX}{id}"), "2026-07-20".parse().ok(), now)
        };
        let (first, last) = ("2026-07-15".parse().unwrap(), "2026-08-31".parse().unwrap());
        for id in 1..=12 {
            let page = page(id);
            let nights = (page.free.keys().next(), page.free.keys().next_back());
            assert_eq!(nights, (Some(&first), Some(&last)));
            assert!(!page.open.is_empty() && page.structures.len() == 12);
        }
        let without_totals = (1..=12).filter(|id| page(*id).stock.is_none()).count();
        let without_numbers = page(1).html().matches("\"showAvailable\":\"2\"").count();
        assert_eq!((without_totals, without_numbers), (4, 4));
        assert_eq!(page(13).structure, None);
    }
}
