//! Extracts typed parameters from the query of a URL. Each error names the parameter and quotes its value.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{StatusCode, Uri};
use serde::de::{DeserializeOwned, Error};
use serde::{Deserialize, Deserializer};

use super::problem::Problem;

/// The parameters in the query of a URL. Unknown parameters are ignored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query<T>(pub T);

impl<S: Sync, T: DeserializeOwned> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        Self::of(&parts.uri)
    }
}

impl<T: DeserializeOwned> Query<T> {
    /// Parses the query of a URL.
    ///
    /// # Errors
    /// One of its parameters is invalid.
    pub fn of(uri: &Uri) -> Result<Self, Problem> {
        let pairs = form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes());
        let pairs = serde_urlencoded::Deserializer::new(pairs);
        serde_path_to_error::deserialize(pairs).map(Self).map_err(|error| {
            let name = error.path().to_string();
            let detail = error.into_inner().to_string();
            // The error about a repeated parameter has no path; its name is in the message only.
            let repeated = detail.strip_prefix("duplicate field `");
            match repeated.and_then(|rest| rest.strip_suffix('`')).map(str::to_owned) {
                Some(name) => {
                    let detail = format!("{name:?} is given more than once");
                    Problem::bad_parameter(name, detail)
                }
                None if name == "." => Problem::new(StatusCode::BAD_REQUEST, detail),
                None => Problem::bad_parameter(name, detail),
            }
        })
    }
}

/// All values of a parameter that may be repeated.
#[must_use]
pub fn values_of(uri: &Uri, name: &str) -> Vec<String> {
    let pairs = form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes());
    pairs.filter(|(key, _)| key == name).map(|(_, value)| value.into_owned()).collect()
}

/// A whole number from `FROM` to `TO`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Number<const FROM: u32, const TO: u32>(u32);

impl<const FROM: u32, const TO: u32> Number<FROM, TO> {
    #[must_use]
    pub fn get(self) -> u32 {
        self.0
    }
}

impl<'de, const FROM: u32, const TO: u32> Deserialize<'de> for Number<FROM, TO> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let number = text.parse().ok().filter(|number| (FROM..=TO).contains(number));
        number.map(Self).ok_or_else(|| {
            D::Error::custom(format!("expected a whole number from {FROM} to {TO}, got {text:?}"))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Deserialize, PartialEq, Eq)]
    struct Params {
        days: Option<Number<1, 365>>,
        name: Option<String>,
    }

    fn parse(query: &str) -> Result<Params, (Option<String>, String)> {
        let query = Query::of(&format!("/huts?{query}").parse().unwrap());
        query.map(|Query(params)| params).map_err(|problem| {
            assert_eq!(problem.status, StatusCode::BAD_REQUEST);
            (problem.parameter.map(Into::into), problem.detail)
        })
    }

    #[test]
    fn parameters_are_parsed_by_name() {
        assert_eq!(parse(""), Ok(Params { days: None, name: None }));
        let expected = Params { days: Some(Number(365)), name: Some("a b+ü".into()) };
        assert_eq!(parse("days=365&lang=de&name=a+b%2B%C3%BC"), Ok(expected));
        assert_eq!(parse("name=").unwrap().name.unwrap(), "");
    }

    #[test]
    fn an_error_names_the_invalid_parameter_and_quotes_its_value() {
        for (query, value) in [
            ("0", "0"),
            ("366", "366"),
            ("", ""),
            ("-1", "-1"),
            ("1.0", "1.0"),
            ("%C3%BC", "ü"),
            ("99999999999", "99999999999"),
        ] {
            let error = format!("expected a whole number from 1 to 365, got {value:?}");
            assert_eq!(parse(&format!("name=x&days={query}")), Err((Some("days".into()), error)));
        }
        let error = "\"days\" is given more than once".to_owned();
        assert_eq!(parse("days=1&days=2"), Err((Some("days".into()), error)));
    }
}
