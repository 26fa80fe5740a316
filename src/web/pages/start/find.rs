//! Reads the huts and nights of a question.

use chrono::NaiveDate;

use super::answer::{HutAnswer, answer};
use super::question::Question;
use crate::db::connection::Db;
use crate::db::reading::for_map::{MapFilter, for_filtered_map};
use crate::db::reading::for_stays::{self, rooms};
use crate::domain::stay::{Group, after, stays};
use crate::query::audience::Audience;
use crate::query::stay_filter::{Choice, FilterError};
use crate::query::views::{HutForStay, HutOnMap};
use crate::web::problem::Problem;

/// How far ahead a night with room is looked for, if there is none: a year.
const MAX_DAYS_AHEAD: u16 = 365;

/// What the database knows of a question.
pub struct Found {
    pub question: Question,
    /// The huts that have answered, whether the question is about them or not.
    pub huts: Vec<HutForStay>,
    stored: Vec<HutOnMap>,
    /// The first arrival with room, if there is none on the nights of the question.
    pub next: Option<NaiveDate>,
}

impl Found {
    /// Reads the huts and nights of a question: two statements, and one more if no hut has room.
    ///
    /// # Errors
    /// The database fails, or the question names a hut that is not there.
    pub fn load(db: &mut Db, question: Question) -> diesel::QueryResult<Result<Self, Problem>> {
        let huts = for_stays::huts(db, Audience::Public)?;
        let filter =
            MapFilter { audience: Audience::Public, only_followed: true, ..MapFilter::default() };
        let stored = for_filtered_map(db, &question.dates(), &filter)?;
        let mut found = Self { question, huts, stored, next: None };
        let ids: Vec<i32> = match found.choices() {
            Ok(choices) => choices.iter().map(|choice| choice.hut.hut.id).collect(),
            Err(problem) => return Ok(Err(problem)),
        };
        let has_room =
            found.answers().is_ok_and(|answers| answers.iter().any(|it| !it.stays.is_empty()));
        if !has_room {
            found.next = next_arrival(db, &found.question, &ids)?;
        }
        Ok(Ok(found))
    }

    fn choices(&self) -> Result<Vec<Choice<'_>>, Problem> {
        self.question.place.filter.choose(&self.huts).map_err(|error| problem_of(&error))
    }

    /// The huts of the question, in its order.
    ///
    /// # Errors
    /// The question names a hut that is not there.
    pub fn answers(&self) -> Result<Vec<HutAnswer<'_>>, Problem> {
        Ok(answer(&self.question, &self.choices()?, &self.stored))
    }
}

/// The first arrival of the coming year on which one of the huts has room.
fn next_arrival(
    db: &mut Db,
    question: &Question,
    huts: &[i32],
) -> diesel::QueryResult<Option<NaiveDate>> {
    let last = after(question.from(), MAX_DAYS_AHEAD);
    let group = Group { arrivals: question.from()..=last, ..question.group.clone() };
    let rooms = rooms(db, huts, &group.nights(question.nights), group.places)?;
    let first = stays(&group, question.nights, huts, &rooms, 1).first;
    Ok(first.first().map(|stay| stay.arrival))
}

fn problem_of(error: &FilterError) -> Problem {
    Problem::bad_parameter("where", format!("where: {error}"))
}
