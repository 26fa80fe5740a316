//! Who asks for a page: the language that they read, and the address that they asked for.

use axum::extract::{FromRequestParts, Path, Request};
use axum::http::header::{ACCEPT_LANGUAGE, CONTENT_LANGUAGE, COOKIE, LOCATION, SET_COOKIE, VARY};
use axum::http::request::Parts;
use axum::http::uri::PathAndQuery;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use cookie::{Cookie, SameSite};

use super::problem::Problem;
use super::query::Query;
use crate::text::language::Language;
use crate::text::texts::Texts;

/// The cookie that holds the language that a visitor chose with the switch.
const COOKIE_NAME: &str = "language";

/// How long a browser keeps the choice: a year.
const COOKIE_MAX_AGE: cookie::time::Duration = cookie::time::Duration::days(365);

/// Who asks for a page.
#[derive(Clone, Debug)]
pub struct Visitor {
    pub t: Texts,
    /// The path and the query of the address.
    pub address: String,
}

impl<S: Sync> FromRequestParts<S> for Visitor {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        let language = parts.extensions.get().copied().unwrap_or_else(|| language(&parts.headers));
        let address = parts.uri.path_and_query().map_or("/", PathAndQuery::as_str);
        Ok(Self { t: Texts::new(language), address: address.to_owned() })
    }
}

/// Finds the language of a request for all layers and handlers below, and says in the response that the page depends
/// on it.
pub async fn with_language(mut request: Request, next: Next) -> Response {
    let language = language(request.headers());
    request.extensions_mut().insert(language);
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.insert(CONTENT_LANGUAGE, HeaderValue::from_static(language.code()));
    headers.insert(VARY, HeaderValue::from_static("accept-encoding, accept-language, cookie"));
    response
}

/// The language that the visitor chose, or the first one of their browser that the pages have, or English.
fn language(headers: &HeaderMap) -> Language {
    let chosen = || {
        let cookies = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
        let mut cookies = cookies.flat_map(Cookie::split_parse).filter_map(Result::ok);
        cookies.find(|cookie| cookie.name() == COOKIE_NAME)?.value().parse().ok()
    };
    let accepted = || {
        let accepted = headers.get(ACCEPT_LANGUAGE)?.to_str().ok()?;
        // `de-CH` is German. A language with the quality 0 is refused.
        let accepted = accept_language::parse_with_quality(accepted).into_iter();
        let mut accepted = accepted.filter(|(_, quality)| *quality > 0.0);
        accepted.find_map(|(tag, _)| tag.split('-').next()?.to_ascii_lowercase().parse().ok())
    };
    chosen().or_else(accepted).unwrap_or_default()
}

/// The parameters of the switch of languages.
#[derive(serde::Deserialize)]
pub struct SwitchParams {
    /// The address of the page to show in the chosen language.
    to: Option<String>,
}

/// `GET /language/{code}`: remembers the language of a visitor, and shows the same address again.
pub async fn switch(
    Path(code): Path<String>,
    Query(params): Query<SwitchParams>,
) -> Result<Response, Problem> {
    let language: Language = code
        .parse()
        .map_err(|error| Problem::not_found(format!("there is no such language: {error}")))?;
    let cookie = Cookie::build((COOKIE_NAME, language.code()))
        .path("/")
        .max_age(COOKIE_MAX_AGE)
        .same_site(SameSite::Lax)
        .http_only(true)
        .build()
        .to_string();
    let to = params.to.filter(|to| is_own_address(to)).unwrap_or_else(|| "/".to_owned());
    // A path may have any character; one that no header can have is no address of ours.
    let to = HeaderValue::try_from(to).unwrap_or(HeaderValue::from_static("/"));
    let cookie = HeaderValue::try_from(cookie).expect("a name and a code");
    Ok((StatusCode::SEE_OTHER, [(LOCATION, to), (SET_COOKIE, cookie)]).into_response())
}

/// Whether an address is a path of this website. `//host` and `/\host` are other websites for browsers.
fn is_own_address(address: &str) -> bool {
    let is_plain = address.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    is_plain && address.starts_with('/') && !address.starts_with("//")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn language_of(headers: &[(axum::http::HeaderName, &'static str)]) -> &'static str {
        let headers = headers.iter();
        let headers = headers.map(|(name, value)| (name.clone(), HeaderValue::from_static(value)));
        language(&headers.collect()).code()
    }

    #[test]
    fn the_first_language_of_the_browser_that_the_pages_have_is_used() {
        for (accepted, expected) in [
            ("de-CH, de;q=0.9, en;q=0.8", "de"),
            ("rm, fr-CH;q=0.9, de;q=0.8", "fr"),
            ("en;q=0.5, sl;q=0.9", "sl"),
            ("IT", "it"),
            ("de;q=0, it;q=0.1", "it"),
            ("ja", "en"),
            ("*", "en"),
            ("", "en"),
            (";;q=,,=", "en"),
        ] {
            assert_eq!(language_of(&[(ACCEPT_LANGUAGE, accepted)]), expected, "{accepted}");
        }
        assert_eq!(language_of(&[]), "en");
    }

    #[test]
    fn the_chosen_language_comes_first() {
        let accepted = (ACCEPT_LANGUAGE, "de");
        for (cookie, expected) in
            [("language=fr", "fr"), ("a=b; language=sl", "sl"), ("language=xx", "de"), ("", "de")]
        {
            let headers = [accepted.clone(), (COOKIE, cookie)];
            assert_eq!(language_of(&headers), expected, "{cookie}");
        }
    }

    #[test]
    fn the_switch_leads_to_no_other_website() {
        for address in ["/", "/huts?q=a%20b", "/huts/watzmannhaus#year"] {
            assert!(is_own_address(address), "{address}");
        }
        for address in ["", "huts", "//example.org", "/\\example.org", "https://a", "/a\r\nb", "/ä"]
        {
            assert!(!is_own_address(address), "{address}");
        }
    }
}
