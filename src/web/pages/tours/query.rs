//! The parsed parameters of the page. Pure functions.

use chrono::NaiveDate;

use crate::db::reading::for_stays::TourSearch;
use crate::domain::calendar;
use crate::domain::stay::{MAX_STAGES, Stage};
use crate::query::paging::Cursor;
use crate::query::stay_filter::FilterError;
use crate::web::pages::follow::SearchParams;
use crate::web::pages::group;
use crate::web::pages::page_links::cursor;
use crate::web::pages::params::Params;
use crate::web::pages::unknown_hut::no_such_hut;
use crate::web::problem::Problem;

/// The parameters that `/v1/tours` takes too.
pub const SEARCH_PARAMS: SearchParams =
    SearchParams { joined: &["weekday"], others: &["stage", "from", "to", "places"] };

/// Fields of stages in an empty form, and the empty ones after those that are filled in.
const FIELDS: usize = 4;
const EMPTY_FIELDS: usize = 2;

/// The most alternatives of a stage in a row.
pub const MAX_SHOWN: usize = 3;

/// The height of a page, in lines on a phone: a row has one for each alternative that it shows, and a few more.
const MAX_LINES: usize = 200;
const LINES_OF_ROW: usize = 4;
const MAX_ROWS: usize = 25;

/// The parsed parameters of the page.
#[derive(Clone, Debug)]
pub struct Query {
    /// Its limit is the number of rows.
    pub search: TourSearch,
    pub cursor: Cursor<NaiveDate>,
}

impl Query {
    /// Parses the parameters of a URL. None if no stage is given.
    ///
    /// # Errors
    /// A parameter is not valid; the problem names it.
    pub fn read(params: &Params, today: NaiveDate) -> Result<Option<Self>, Problem> {
        let group = group::read(params, today)?;
        let bad = |error: String| Problem::bad_parameter("stage", format!("stage: {error}"));
        let stages = params.all("stage").map(str::parse::<Stage<String>>);
        let stages: Vec<_> =
            stages.collect::<Result<_, _>>().map_err(|error| bad(error.to_string()))?;
        if stages.len() > MAX_STAGES {
            return Err(bad(format!("expected at most {MAX_STAGES} stages, got {}", stages.len())));
        }
        let cursor = cursor(params, decode)?;
        if stages.is_empty() {
            return Ok(None);
        }
        let limit = rows(&stages);
        Ok(Some(Self { search: TourSearch { group, stages, limit }, cursor }))
    }

    /// For each stage: its text, and the address of the search for stays in its huts.
    #[must_use]
    pub fn stage_searches(&self) -> Vec<(String, String)> {
        let group = &self.search.group;
        let search = |stage: &Stage<String>| {
            let link = Params::default().link_with(&[
                ("hut", &stage.huts.join(",")),
                ("nights", &stage.nights.to_string()),
                ("places", &group.places.to_string()),
                ("from", &group.arrivals.start().to_string()),
                ("to", &group.arrivals.end().to_string()),
            ]);
            (stage.to_string(), format!("/stays{link}"))
        };
        self.search.stages.iter().map(search).collect()
    }
}

/// The rows of a page of at most some lines.
fn rows(stages: &[Stage<String>]) -> usize {
    let lines: usize = stages.iter().map(|stage| stage.huts.len().min(MAX_SHOWN + 1)).sum();
    (MAX_LINES / (lines + LINES_OF_ROW)).clamp(1, MAX_ROWS)
}

/// The texts of the fields: the stages as they were typed, and empty ones.
#[must_use]
pub fn fields(params: &Params) -> Vec<String> {
    let mut fields: Vec<String> = params.all("stage").map(str::to_owned).collect();
    let count = FIELDS.max(fields.len() + EMPTY_FIELDS).min(MAX_STAGES.max(fields.len()));
    fields.resize(count, String::new());
    fields
}

/// The problem of a stage with a hut that is not there.
#[must_use]
pub fn problem(error: &FilterError) -> Problem {
    let detail = match error {
        FilterError::NoSuchHut { slug, similar } => no_such_hut(slug, similar),
        FilterError::NoPlace(_) => error.to_string(),
    };
    Problem::bad_parameter("stage", format!("stage: {detail}"))
}

/// Encodes a page cursor for a URL: the start.
#[must_use]
pub fn encode(start: NaiveDate) -> String {
    start.to_string()
}

fn decode(text: &str) -> Result<NaiveDate, String> {
    calendar::parse_date(text)
        .ok_or_else(|| format!("{text:?} is not a valid page cursor: go back to the first page"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn params(query: &str) -> Params {
        Params::of(&format!("/tours?{query}").parse().unwrap()).unwrap()
    }

    #[test]
    fn there_are_always_empty_fields_for_more_stages() {
        let empty = |query: &str| {
            let fields = fields(&params(query));
            (fields.len(), fields.iter().filter(|text| text.is_empty()).count())
        };
        assert_eq!(empty(""), (4, 4));
        assert_eq!(empty("stage=a&stage=b"), (4, 2));
        assert_eq!(empty("stage=a&stage=b,c:2&stage=d"), (5, 2));
        assert_eq!(empty(&"stage=a&".repeat(31)), (31, 0));
    }

    #[test]
    fn a_page_of_long_tours_has_fewer_rows() {
        let rows = |query: &str| {
            let query = Query::read(&params(query), "2026-07-01".parse().unwrap()).unwrap();
            query.unwrap().search.limit
        };
        assert_eq!(rows("stage=a&stage=b"), 25);
        assert_eq!(rows("stage=a,b,c&stage=a,b,c&stage=a,b,c,d,e,f,g"), 14);
        assert_eq!(rows(&"stage=a,b,c,d,e&".repeat(30)), 1);
    }
}
