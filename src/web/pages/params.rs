//! Pure: the parameters of a page's address, as a form gives them.

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

/// What an address says after its question mark. Of a name given twice the last one holds, and what
/// a page does not know is not looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Params(BTreeMap<String, String>);

impl<S: Send + Sync> FromRequestParts<S> for Params {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        Self::of(&parts.uri)
    }
}

impl Params {
    /// What an address says.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn of(uri: &Uri) -> Result<Self, Problem> {
        let Query(params) = Query::try_from_uri(uri).map_err(|error| {
            Problem::bad_parameter("query", format!("the address cannot be read: {error}"))
        })?;
        Ok(Self(params))
    }

    /// A parameter as it was typed; empty where there is none.
    #[must_use]
    pub fn text(&self, name: &str) -> &str {
        self.0.get(name).map(|text| text.trim()).unwrap_or_default()
    }

    /// Likewise; none where there is none.
    #[must_use]
    pub fn given(&self, name: &str) -> Option<&str> {
        Some(self.text(name)).filter(|text| !text.is_empty())
    }

    /// The huts that the fields `q` and `country` ask for.
    #[must_use]
    pub fn hut_filter(&self) -> HutFilter {
        HutFilter::new(self.given("q"), self.given("country"))
    }

    /// A parameter as a value; none where it is absent or empty.
    ///
    /// # Errors
    /// A problem that names the parameter and quotes what it is.
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

    /// A parameter that is one of a few words.
    ///
    /// # Errors
    /// A problem that names the parameter, quotes what it is, and lists the words.
    pub fn one_of<T: VariantArray + Display + Copy>(
        &self,
        name: &'static str,
    ) -> Result<Option<T>, Problem> {
        self.parsed(name, |text| {
            let found = T::VARIANTS.iter().find(|variant| variant.to_string() == text);
            found.copied().ok_or_else(|| {
                let words: Vec<String> = T::VARIANTS.iter().map(ToString::to_string).collect();
                format!("{text:?} is none of {}", words.join(", "))
            })
        })
    }

    /// A link to the same page with some parameters set, or left out where they are empty. The
    /// place in the list, which other parameters make meaningless, is left out unless it is set.
    #[must_use]
    pub fn link_with(&self, changes: &[(&str, &str)]) -> String {
        let mut params = self.0.clone();
        for place in ["after", "before"] {
            params.remove(place);
        }
        for &(name, value) in changes {
            params.insert(name.to_owned(), value.to_owned());
        }
        let encoded = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
        let given = params.iter().filter(|(_, value)| !value.is_empty());
        let pairs: Vec<String> =
            given.map(|(name, value)| format!("{}={}", encoded(name), encoded(value))).collect();
        format!("?{}", pairs.join("&"))
    }

    /// The choices of a parameter, the one that is made marked.
    #[must_use]
    pub fn choices<T: VariantArray + Display + Label>(&self, name: &str) -> Vec<Choice> {
        let choices = T::VARIANTS.iter().map(|variant| (variant.to_string(), variant.label()));
        choices.map(|(value, label)| self.choice(name, &value, label)).collect()
    }

    /// The countries that there are huts in, as choices.
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

/// What may be chosen of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    pub value: String,
    pub label: String,
    pub is_chosen: bool,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::availability::OccupancyStatus;

    fn params(pairs: &[(&str, &str)]) -> Params {
        let owned = |&(name, value): &(&str, &str)| (name.to_owned(), value.to_owned());
        Params(pairs.iter().map(owned).collect())
    }

    #[test]
    fn a_bad_word_is_quoted_and_the_good_ones_are_listed() {
        let error = params(&[("status", "fll")]).one_of::<OccupancyStatus>("status").unwrap_err();
        assert_eq!(error.parameter.as_deref(), Some("status"));
        assert_eq!(
            error.detail,
            "status: \"fll\" is none of empty, low, medium, high, full, unknown"
        );
        let full = params(&[("status", " full ")]).one_of("status");
        assert_eq!(full, Ok(Some(OccupancyStatus::Full)));
        assert_eq!(params(&[("status", "")]).one_of::<OccupancyStatus>("status"), Ok(None));
    }

    #[test]
    fn a_link_keeps_what_it_does_not_change() {
        let params = params(&[("q", "a&b=ü\""), ("after", "x"), ("sort", "free"), ("dir", "")]);
        assert_eq!(params.link_with(&[]), "?q=a%26b%3D%C3%BC%22&sort=free");
        assert_eq!(params.link_with(&[("sort", ""), ("q", ""), ("after", "1~2")]), "?after=1%7E2");
    }
}
