//! The huts of an answer as marks of the map. Pure functions.

use super::answer::HutAnswer;
use super::question::Question;
use crate::query::fit::Fit;
use crate::query::stay_filter::place_of;
use crate::web::pages::calendar::words;
use crate::web::pages::format;
use crate::web::pages::map::MapHut;
use crate::web::pages::times::Times;

/// The marks of the huts whose place is known.
#[must_use]
pub fn marks(answers: &[HutAnswer<'_>], question: &Question, times: &Times) -> Vec<MapHut> {
    answers.iter().filter_map(|answer| mark(answer, question, times)).collect()
}

fn mark(answer: &HutAnswer<'_>, question: &Question, times: &Times) -> Option<MapHut> {
    let hut = &answer.hut.hut;
    // The mark is about the first stay that fits, or else about the first night.
    let date = answer.stays.first().map_or_else(|| question.from(), |stay| stay.arrival);
    let night = answer.night(date);
    let no_data = || times.t.get("no-data");
    Some(MapHut {
        slug: hut.slug.clone(),
        url: format::night_url(&hut.slug, date),
        name: format::text(&hut.name),
        words: night.map_or_else(no_data, |night| words(times, date, night)),
        place: place_of(hut)?,
        fit: answer.fit,
        free: match answer.fit {
            Fit::Fits => answer.free,
            _ => night.and_then(|night| night.state.free),
        },
    })
}
