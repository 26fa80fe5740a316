//! The parsed parameters of the page. Pure functions.

use chrono::NaiveDate;

use crate::db::pages::huts::ListedHut;
use crate::domain::stay::{Group, MAX_NIGHTS};
use crate::query::date;
use crate::query::hut_filter::HutFilter;
use crate::query::paging::Cursor;
use crate::query::stay_fields::HutStays;
use crate::query::stay_filter::{DEFAULT_KM, FilterError, Near, NearText, StayFilter, parse_km};
use crate::text::slug::find_typed;
use crate::text::suggest::suggest;
use crate::web::pages::follow::SearchParams;
use crate::web::pages::group;
use crate::web::pages::page_links::cursor;
use crate::web::pages::params::Params;
use crate::web::pages::unknown_hut::{hint, no_such_hut};
use crate::web::problem::Problem;

/// The parameters that `/v1/stays` takes too.
pub const SEARCH_PARAMS: SearchParams = SearchParams {
    joined: &["weekday", "hut"],
    others: &["from", "to", "nights", "places", "country", "near", "km", "elevation"],
};

/// The parsed parameters of the page.
#[derive(Clone, Debug, PartialEq)]
pub struct Query {
    pub group: Group,
    pub nights: u16,
    pub filter: StayFilter,
    /// A part of a name, if the hut is not given by its slug.
    name: Option<String>,
    /// The first arrival of the page.
    pub show: Option<NaiveDate>,
    cursor: Cursor<String>,
}

impl Query {
    /// Parses the parameters of a URL.
    ///
    /// # Errors
    /// A parameter is not valid; the problem names it.
    pub fn read(params: &Params, huts: &[ListedHut], today: NaiveDate) -> Result<Self, Problem> {
        let group = group::read(params, today)?;
        let nights = group::number(params, "nights", MAX_NIGHTS)?;
        let (slugs, name) = slugs_or_name(params, huts)?;
        let at = params.parsed("near", str::parse::<NearText>)?;
        let km = params.parsed("km", parse_km)?;
        if at.is_none()
            && let Some(km) = km
        {
            let detail =
                format!("near: the distance of {km} km needs a place, or the slug of a hut");
            return Err(Problem::bad_parameter("near", detail));
        }
        let filter = StayFilter {
            huts: HutFilter::new(name.as_deref(), params.given("country")),
            slugs,
            near: at.map(|at| Near { at, km: km.unwrap_or(DEFAULT_KM) }),
            elevation: params.parsed("elevation", str::parse)?,
        };
        let show = params.parsed("show", |text| date::parse(text, today))?;
        let cursor = cursor(params, |slug| Ok(slug.to_owned()))?;
        Ok(Self { group, nights, filter, name, show, cursor })
    }

    /// The parameters whose names or values are others in the API.
    #[must_use]
    pub fn api_names(&self) -> Vec<(&'static str, &str)> {
        match &self.name {
            Some(name) => vec![("hut", ""), ("name", name)],
            None => Vec::new(),
        }
    }

    /// The problem of a filter that names a hut which is not there.
    #[must_use]
    pub fn problem(&self, error: &FilterError) -> Problem {
        let (slug, detail) = match error {
            FilterError::NoSuchHut { slug, similar } => (slug, no_such_hut(slug, similar)),
            FilterError::NoPlace(slug) => (slug, error.to_string()),
        };
        let is_near = matches!(error, FilterError::NoPlace(_)) || !self.filter.slugs.contains(slug);
        let field = if is_near { "near" } else { "hut" };
        Problem::bad_parameter(field, format!("{field}: {detail}"))
    }

    /// The cursor as a position in the list of huts.
    ///
    /// # Errors
    /// It is the slug of no hut of the list.
    pub fn cursor_in(&self, huts: &[HutStays]) -> Result<Cursor<usize>, Problem> {
        let position = |name: &'static str, slug: &String| {
            let found = huts.iter().position(|hut| hut.hut.slug == *slug);
            found.ok_or_else(|| {
                let detail = format!(
                    "{name}: {slug:?} is not a valid page cursor: go back to the first page"
                );
                Problem::bad_parameter(name, detail)
            })
        };
        Ok(match &self.cursor {
            Cursor::Start => Cursor::Start,
            Cursor::After(slug) => Cursor::After(position("after", slug)?),
            Cursor::Before(slug) => Cursor::Before(position("before", slug)?),
        })
    }
}

/// What the field `hut` names: slugs, or a part of the name of a hut.
fn slugs_or_name(
    params: &Params,
    huts: &[ListedHut],
) -> Result<(Vec<String>, Option<String>), Problem> {
    let words = params.all("hut").flat_map(|list| list.split(',')).map(str::trim);
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    let slugs: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
    let is_slug = |slug: &String| find_typed(huts, |hut| &hut.slug, slug).is_some();
    let [word] = words[..] else { return Ok((slugs, None)) };
    if slugs.iter().all(is_slug) {
        return Ok((slugs, None));
    }
    let filter = HutFilter::new(Some(word), None);
    if huts.iter().any(|hut| filter.matches(&hut.slug, &hut.name, None)) {
        return Ok((Vec::new(), Some(word.to_owned())));
    }
    let similar = suggest(word, huts.iter().map(|hut| hut.slug.as_str()));
    let hint = hint(&similar.into_iter().map(str::to_owned).collect::<Vec<_>>());
    let detail = format!("hut: no hut has the slug or the name {word:?}: {hint}");
    Err(Problem::bad_parameter("hut", detail))
}
