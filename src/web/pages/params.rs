//! The query parameters of a page, as its forms submit them. Pure functions.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Display;

use axum::extract::{FromRequestParts, Query};
use axum::http::Uri;
use axum::http::request::Parts;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use strum::VariantArray;

use super::format::{Label, country};
use crate::db::pages::huts::ListedHut;
use crate::query::hut_filter::HutFilter;
use crate::text::texts::Texts;
use crate::web::problem::Problem;

/// The characters that are percent-encoded in a query. Dates, lists and slugs stay readable.
const QUERY: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b',').remove(b':');

/// The query parameters of a URL. Of a repeated parameter the last one counts, unless the page takes a list of
/// them. Unknown parameters are ignored.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Params(BTreeMap<String, Vec<String>>);

impl<S: Send + Sync> FromRequestParts<S> for Params {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        Self::of(&parts.uri)
    }
}

impl Params {
    /// Parses the query of a URL.
    ///
    /// # Errors
    /// The query is malformed.
    pub fn of(uri: &Uri) -> Result<Self, Problem> {
        let pairs: Query<Vec<(String, String)>> = Query::try_from_uri(uri).map_err(|error| {
            Problem::bad_parameter("query", format!("the query of the URL is malformed: {error}"))
        })?;
        let mut params = Self::default();
        for (name, value) in pairs.0 {
            params.0.entry(name).or_default().push(value);
        }
        Ok(params)
    }

    /// A parameter with several values.
    #[must_use]
    pub fn with_all(name: &str, values: &[String]) -> Self {
        Self(BTreeMap::from([(name.to_owned(), values.to_vec())]))
    }

    /// A parameter without surrounding white space; empty if it is absent.
    #[must_use]
    pub fn text(&self, name: &str) -> &str {
        let last = self.0.get(name).and_then(|values| values.last());
        last.map(|text| text.trim()).unwrap_or_default()
    }

    /// All values of a parameter that may be repeated, without surrounding white space and without empty ones.
    pub fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        let values = self.0.get(name).into_iter().flatten();
        values.map(|text| text.trim()).filter(|text| !text.is_empty())
    }

    /// All values of a parameter as a list with commas.
    #[must_use]
    pub fn list(&self, name: &str) -> String {
        self.all(name).collect::<Vec<_>>().join(",")
    }

    /// Whether a parameter is given without a value, as forms submit fields that are left empty.
    #[must_use]
    pub fn has_empty(&self) -> bool {
        self.0.values().flatten().any(|text| text.trim().is_empty())
    }

    /// The parameters with these names, each of the first list once: its values become a list with commas.
    #[must_use]
    pub fn only(&self, joined: &[&str], kept: &[&str]) -> Self {
        let mut params = Self::default();
        for name in joined {
            params.0.insert((*name).to_owned(), vec![self.list(name)]);
        }
        for name in kept {
            let values = self.all(name).map(str::to_owned).collect();
            params.0.insert((*name).to_owned(), values);
        }
        params
    }

    /// A parameter without surrounding white space; none if it is absent or empty.
    #[must_use]
    pub fn given(&self, name: &str) -> Option<&str> {
        Some(self.text(name)).filter(|text| !text.is_empty())
    }

    /// Sets a parameter to one value.
    pub fn set(&mut self, name: &str, value: &str) {
        self.0.insert(name.to_owned(), vec![value.to_owned()]);
    }

    /// Gives a parameter another name, unless that one is given already.
    pub fn rename(&mut self, from: &str, to: &str) {
        if let Some(values) = self.0.remove(from) {
            self.0.entry(to.to_owned()).or_insert(values);
        }
    }

    /// The filter of the parameters `q` (a part of the name) and `country`.
    #[must_use]
    pub fn hut_filter(&self) -> HutFilter {
        HutFilter::new(self.given("q"), self.given("country"))
    }

    /// A parsed parameter; none if it is absent or empty.
    ///
    /// # Errors
    /// The value is not valid: the problem names the parameter and has the error of `parse`.
    pub fn parsed<T, E: Display>(
        &self,
        name: &'static str,
        parse: impl FnOnce(&str) -> Result<T, E>,
    ) -> Result<Option<T>, Problem> {
        let Some(text) = self.given(name) else { return Ok(None) };
        match parse(text) {
            Ok(value) => Ok(Some(value)),
            Err(error) => Err(Problem::bad_parameter(name, format!("{name}: {error}"))),
        }
    }

    /// A parameter that is one of several words.
    ///
    /// # Errors
    /// The value is none of the words: the problem names the parameter, lists the words and quotes the value.
    pub fn one_of<T: VariantArray + Display + Copy>(
        &self,
        name: &'static str,
    ) -> Result<Option<T>, Problem> {
        self.parsed(name, |text| {
            let found = T::VARIANTS.iter().find(|variant| variant.to_string() == text);
            found.copied().ok_or_else(|| {
                let words: Vec<String> = T::VARIANTS.iter().map(ToString::to_string).collect();
                format!("expected one of {}, got {text:?}", words.join(", "))
            })
        })
    }

    /// A link to the same page with changed parameters. Empty parameters are left out. The page cursor is
    /// left out unless it is in `changes`, because it is not valid with other parameters.
    #[must_use]
    pub fn link_with(&self, changes: &[(&str, &str)]) -> String {
        let mut params = self.0.clone();
        for cursor in ["after", "before"] {
            params.remove(cursor);
        }
        for &(name, value) in changes {
            params.insert(name.to_owned(), vec![value.to_owned()]);
        }
        let encoded = |text: &str| utf8_percent_encode(text, QUERY).to_string();
        let pairs = params.iter().flat_map(|(name, values)| {
            let non_empty = values.iter().map(|value| value.trim()).filter(|it| !it.is_empty());
            non_empty.map(move |value| format!("{}={}", encoded(name), encoded(value)))
        });
        let pairs: Vec<String> = pairs.collect();
        format!("?{}", pairs.join("&"))
    }

    /// The choices of a parameter; the current value is marked.
    #[must_use]
    pub fn choices<T: VariantArray + Label>(&self, t: Texts, name: &str) -> Vec<Choice> {
        let choices = T::VARIANTS.iter().map(|variant| (variant.to_string(), variant.label(t)));
        choices.map(|(value, label)| self.choice(name, &value, &label)).collect()
    }

    /// The countries of the huts, as choices.
    #[must_use]
    pub fn countries(&self, t: Texts, huts: &[ListedHut]) -> Vec<Choice> {
        let codes: BTreeSet<&str> = huts.iter().filter_map(|hut| hut.country.as_deref()).collect();
        let choice = |code: &str| self.choice("country", code, &country(t, code));
        codes.into_iter().map(choice).collect()
    }

    /// One choice of a parameter.
    #[must_use]
    pub fn choice(&self, name: &str, value: &str, label: &str) -> Choice {
        let is_chosen = self.text(name) == value;
        Choice { value: value.to_owned(), label: label.to_owned(), is_chosen }
    }
}

/// An option of a `select` element.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    pub value: String,
    pub label: String,
    pub is_chosen: bool,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::state::OccupancyStatus;

    fn params(pairs: &[(&str, &str)]) -> Params {
        let mut params = Params::default();
        for (name, value) in pairs {
            params.0.entry((*name).to_owned()).or_default().push((*value).to_owned());
        }
        params
    }

    #[test]
    fn an_error_lists_the_accepted_words_and_quotes_the_value() {
        let error = params(&[("status", "fll")]).one_of::<OccupancyStatus>("status").unwrap_err();
        assert_eq!(error.parameter.as_deref(), Some("status"));
        assert_eq!(
            error.detail,
            "status: expected one of empty, low, medium, high, full, free_unknown, unknown, got \"fll\""
        );
        let full = params(&[("status", " full ")]).one_of("status");
        assert_eq!(full, Ok(Some(OccupancyStatus::Full)));
        assert_eq!(params(&[("status", "")]).one_of::<OccupancyStatus>("status"), Ok(None));
    }

    #[test]
    fn a_link_keeps_other_parameters_but_drops_the_cursor_and_empty_ones() {
        let params = params(&[("q", "a&b=ü\""), ("after", "x"), ("sort", "free"), ("dir", "")]);
        assert_eq!(params.link_with(&[]), "?q=a%26b%3D%C3%BC%22&sort=free");
        assert_eq!(params.link_with(&[("sort", ""), ("q", ""), ("after", "1~2")]), "?after=1%7E2");
    }
    #[test]
    fn repeated_parameters_are_kept_in_their_order_or_become_a_list() {
        let params = params(&[("stage", "b:2"), ("stage", " "), ("stage", "a,c"), ("day", "fri")]);
        assert!(params.has_empty());
        assert_eq!(
            params.link_with(&[("after", "2026-07-01")]),
            "?after=2026-07-01&day=fri&stage=b:2&stage=a,c"
        );
        assert_eq!(params.only(&["stage", "x"], &[]).link_with(&[]), "?stage=b:2,a,c");
        assert_eq!(params.text("stage"), "a,c");
    }
}
