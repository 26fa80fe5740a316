//! The answer of the start page: which huts have room for a group. Pure functions.

use std::cmp::Reverse;

use chrono::NaiveDate;

use super::question::{Question, SortBy};
use crate::domain::stay::{Rooms, Stay, stays_of};
use crate::query::fit::Fit;
use crate::query::night::Night;
use crate::query::paging::Cursor;
use crate::query::stay_filter::Choice;
use crate::query::views::{HutForStay, HutOnMap};
use crate::text::slug::slug_of;
use crate::web::problem::Problem;

/// A hut with its nights.
#[derive(Clone, Debug)]
pub struct HutAnswer<'a> {
    pub hut: &'a HutForStay,
    pub distance_km: Option<f64>,
    pub fit: Fit,
    /// The places that are free on each night of the best stay; none without room.
    pub free: Option<i16>,
    /// The stays that have room, by arrival.
    pub stays: Vec<Stay>,
    /// Each stored night, by date.
    pub nights: &'a [(NaiveDate, Night)],
}

impl HutAnswer<'_> {
    /// Whether it is worth to ask for a place.
    #[must_use]
    pub fn may_have_room(&self) -> bool {
        matches!(self.fit, Fit::Fits | Fit::Ask)
    }

    #[must_use]
    pub fn night(&self, date: NaiveDate) -> Option<&Night> {
        let at = self.nights.binary_search_by_key(&date, |(date, _)| *date).ok()?;
        Some(&self.nights[at].1)
    }
}

/// The huts of a question, each with its nights, in the order of the question. `stored` is sorted by the ID of the hut.
#[must_use]
pub fn answer<'a>(
    question: &Question,
    choices: &[Choice<'a>],
    stored: &'a [HutOnMap],
) -> Vec<HutAnswer<'a>> {
    let mut answers: Vec<HutAnswer<'_>> = choices
        .iter()
        .map(|choice| {
            let id = choice.hut.hut.id;
            let found = stored.binary_search_by_key(&id, |hut| hut.hut.id);
            let nights = found.map_or(&[][..], |at| stored[at].days.as_slice());
            hut_answer(question, choice, nights)
        })
        .collect();
    let name = |answer: &HutAnswer<'_>| slug_of(&answer.hut.hut.name);
    match question.sort {
        // The nearest come first already.
        SortBy::Distance => {}
        SortBy::Free => answers.sort_by_cached_key(|answer| {
            (Reverse(answer.free), answer.fit != Fit::Ask, name(answer))
        }),
        SortBy::Name => answers.sort_by_cached_key(name),
    }
    answers
}

fn hut_answer<'a>(
    question: &Question,
    choice: &Choice<'a>,
    nights: &'a [(NaiveDate, Night)],
) -> HutAnswer<'a> {
    let Question { group, nights: count, .. } = question;
    let rooms: Rooms = nights
        .iter()
        .filter(|(_, night)| night.has_room_for(group.places))
        .filter_map(|(date, night)| Some((*date, night.state.free?)))
        .collect();
    let stays = stays_of(group, *count, choice.hut.hut.id, &rooms);
    let mut answer = HutAnswer {
        hut: choice.hut,
        distance_km: choice.distance_km,
        fit: Fit::Fits,
        free: stays.iter().map(Stay::places).max(),
        stays,
        nights,
    };
    if answer.stays.is_empty() {
        let fits = group.days().map(|arrival| fit_of_stay(&answer, arrival, *count, group.places));
        // The best of the arrivals.
        answer.fit = fits.min().unwrap_or(Fit::Unknown);
    }
    answer
}

/// Why a stay has no room: its worst night decides.
fn fit_of_stay(answer: &HutAnswer<'_>, arrival: NaiveDate, nights: u16, places: u16) -> Fit {
    let dates = arrival.iter_days().take(nights.into());
    let fits = dates.map(|date| answer.night(date).map_or(Fit::Unknown, |it| Fit::of(it, places)));
    fits.max().unwrap_or(Fit::Unknown)
}

/// The cursor as a position in the list of huts.
///
/// # Errors
/// It is the slug of no hut of the list.
pub fn position(
    cursor: &Cursor<String>,
    listed: &[(usize, HutAnswer<'_>)],
) -> Result<Cursor<usize>, Problem> {
    let position_of = |name: &'static str, slug: &String| {
        listed.iter().position(|(_, it)| it.hut.hut.slug == *slug).ok_or_else(|| {
            let detail =
                format!("{name}: {slug:?} is not a valid page cursor: go back to the first page");
            Problem::bad_parameter(name, detail)
        })
    };
    Ok(match cursor {
        Cursor::Start => Cursor::Start,
        Cursor::After(slug) => Cursor::After(position_of("after", slug)?),
        Cursor::Before(slug) => Cursor::Before(position_of("before", slug)?),
    })
}

/// The number of huts by whether they can take the group.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub room: usize,
    pub ask: usize,
    pub full: usize,
    pub closed: usize,
    pub unknown: usize,
}

impl Counts {
    #[must_use]
    pub fn of(answers: &[HutAnswer<'_>]) -> Self {
        let mut counts = Self::default();
        for answer in answers {
            *match answer.fit {
                Fit::Fits => &mut counts.room,
                Fit::Ask => &mut counts.ask,
                Fit::Full => &mut counts.full,
                Fit::Closed => &mut counts.closed,
                Fit::Unknown => &mut counts.unknown,
            } += 1;
        }
        counts
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::hut::HutType;
    use crate::domain::state::ReservationStatus::{self, NotPossible, Possible, Unknown};
    use crate::domain::state::State;
    use crate::query::views::{DaySource, HutHead};
    use crate::web::pages::params::Params;

    fn night(free: Option<i16>, reservation_status: ReservationStatus) -> Night {
        Night {
            state: State { free, total: Some(40), hut_type: HutType::Hut, reservation_status },
            last_checked: chrono::DateTime::UNIX_EPOCH,
            tier: None,
            is_listed: true,
            is_withdrawn: false,
        }
    }

    fn head(id: i32, name: &str) -> HutHead {
        HutHead {
            id,
            slug: slug_of(name),
            name: name.into(),
            country: None,
            latitude: None,
            longitude: None,
            hut_type_open: None,
            hut_type_closed: None,
            is_active: true,
            is_public: true,
        }
    }

    /// Answers a question about huts with a night each on 18 and 19 July.
    fn fits(query: &str, huts: &[(&str, [Option<Night>; 2])]) -> Vec<(String, Fit, Option<i16>)> {
        let today = "2026-07-15".parse().unwrap();
        let params = Params::of(&format!("/?{query}").parse().unwrap()).unwrap();
        let question = Question::read(&params, &[], today).unwrap();
        let days: [NaiveDate; 2] = ["2026-07-18", "2026-07-19"].map(|day| day.parse().unwrap());
        let for_stay: Vec<HutForStay> = huts
            .iter()
            .zip(1..)
            .map(|((name, _), id)| HutForStay {
                hut: head(id, name),
                elevation: None,
                organization: "hrs".into(),
                link: None,
                last_success: None,
                tier: None,
            })
            .collect();
        let stored: Vec<HutOnMap> = huts
            .iter()
            .zip(1..)
            .map(|((name, nights), id)| HutOnMap {
                hut: head(id, name),
                source: DaySource {
                    organization: "hrs".into(),
                    source_hut_id: "1".into(),
                    link: None,
                },
                last_success: None,
                days: days
                    .into_iter()
                    .zip(*nights)
                    .filter_map(|(day, it)| Some((day, it?)))
                    .collect(),
            })
            .collect();
        let choices: Vec<Choice<'_>> =
            for_stay.iter().map(|hut| Choice { hut, distance_km: None }).collect();
        let answers = answer(&question, &choices, &stored);
        answers.iter().map(|it| (it.hut.hut.name.clone(), it.fit, it.free)).collect()
    }

    #[test]
    fn a_stay_needs_room_on_each_of_its_nights() {
        let (room, few) = (night(Some(9), Possible), night(Some(3), Possible));
        let huts = [("A", [Some(room), Some(few)]), ("B", [Some(few), Some(room)])];
        let fits = |query: &str| fits(query, &huts);
        let of = |name: &str, fit, free| (name.to_owned(), fit, free);
        assert_eq!(fits("places=4"), [of("A", Fit::Fits, Some(9)), of("B", Fit::Full, None)]);
        assert_eq!(fits("places=4&nights=2"), [of("A", Fit::Full, None), of("B", Fit::Full, None)]);
        assert_eq!(fits("places=3&nights=2")[1], of("B", Fit::Fits, Some(3)));
    }

    #[test]
    fn what_is_missing_is_the_reason() {
        let room = Some(night(Some(9), Possible));
        for (second, fit) in [
            (Some(night(None, Possible)), Fit::Ask),
            (Some(night(Some(0), Possible)), Fit::Full),
            (Some(night(Some(9), Unknown)), Fit::Unknown),
            (Some(night(Some(0), Unknown)), Fit::Full),
            (Some(night(Some(0), NotPossible)), Fit::Full),
            (Some(night(Some(5), NotPossible)), Fit::Closed),
            (None, Fit::Unknown),
        ] {
            let found = fits("nights=2", &[("A", [room, second])]);
            assert_eq!(found, [("A".to_owned(), fit, None)]);
        }
    }

    #[test]
    fn the_most_free_places_come_first_then_those_to_ask_for() {
        let huts = [
            ("Full", [Some(night(Some(0), Possible)), None]),
            ("Ask", [Some(night(None, Possible)), None]),
            ("Small", [Some(night(Some(2), Possible)), None]),
            ("Ample", [Some(night(Some(2), Possible)), None]),
            ("Large", [Some(night(Some(30), Possible)), None]),
        ];
        let names = |query: &str| {
            fits(query, &huts).into_iter().map(|(name, ..)| name).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(names(""), "Large Ample Small Ask Full");
        assert_eq!(names("sort=name"), "Ample Ask Full Large Small");
    }
}
