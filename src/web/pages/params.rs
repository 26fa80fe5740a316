//! The query parameters of a page, as its forms submit them. Pure functions.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Display;

use axum::extract::{FromRequestParts, Query};
use axum::http::Uri;
use axum::http::request::Parts;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use strum::VariantArray;

use super::format::Label;
use crate::db::pages::huts::ListedHut;
use crate::query::hut_filter::HutFilter;
use crate::web::problem::Problem;

/// The query parameters of a URL. Of a repeated parameter the last one counts. Unknown parameters are
/// ignored.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Params(BTreeMap<String, String>);

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
        let Query(params) = Query::try_from_uri(uri).map_err(|error| {
            Problem::bad_parameter("query", format!("the query of the URL is malformed: {error}"))
        })?;
        Ok(Self(params))
    }

    /// A parameter without surrounding white space; empty if it is absent.
    #[must_use]
    pub fn text(&self, name: &str) -> &str {
        self.0.get(name).map(|text| text.trim()).unwrap_or_default()
    }

    /// A parameter without surrounding white space; none if it is absent or empty.
    #[must_use]
    pub fn given(&self, name: &str) -> Option<&str> {
        Some(self.text(name)).filter(|text| !text.is_empty())
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
            params.insert(name.to_owned(), value.to_owned());
        }
        let encoded = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
        let non_empty = params.iter().filter(|(_, value)| !value.is_empty());
        let pairs: Vec<String> = non_empty
            .map(|(name, value)| format!("{}={}", encoded(name), encoded(value)))
            .collect();
        format!("?{}", pairs.join("&"))
    }

    /// The choices of a parameter; the current value is marked.
    #[must_use]
    pub fn choices<T: VariantArray + Display + Label>(&self, name: &str) -> Vec<Choice> {
        let choices = T::VARIANTS.iter().map(|variant| (variant.to_string(), variant.label()));
        choices.map(|(value, label)| self.choice(name, &value, label)).collect()
    }

    /// The countries of the huts, as choices.
    #[must_use]
    pub fn countries(&self, huts: &[ListedHut]) -> Vec<Choice> {
        let codes: BTreeSet<&str> = huts.iter().filter_map(|hut| hut.country.as_deref()).collect();
        codes.into_iter().map(|code| self.choice("country", code, code)).collect()
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
        let owned = |&(name, value): &(&str, &str)| (name.to_owned(), value.to_owned());
        Params(pairs.iter().map(owned).collect())
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
}
