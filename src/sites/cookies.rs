//! The cookies of one booking site: only those that its protocol needs. So a site that sets a new cookie with each
//! answer does not make the next requests longer and longer, until it refuses them.

use std::sync::{Mutex, MutexGuard, PoisonError};

use cookie::Cookie;
use reqwest::Url;
use reqwest::cookie::CookieStore;
use reqwest::header::HeaderValue;

/// The most bytes of a cookie's name and value. A longer cookie is not stored. RFC 6265 lets sites rely on this
/// length, and on no more.
const MAX_COOKIE_LEN: usize = 4096;

/// The latest values of the cookies that a site needs. By default it needs none. Paths and domains are ignored,
/// because all requests of a client go to one site: so each name has one value.
#[derive(Default)]
pub struct SiteCookies(Mutex<Vec<NeededCookie>>);

struct NeededCookie {
    name: &'static str,
    /// None until the site sets it.
    value: Option<String>,
}

impl SiteCookies {
    /// Keeps the cookies with these names from now on, and no others.
    pub fn need(&self, names: &[&'static str]) {
        *self.needed() = names.iter().map(|name| NeededCookie { name, value: None }).collect();
    }

    /// The `Cookie` header: `name=value; …`. None if the site has set no needed cookie.
    #[must_use]
    pub fn header(&self) -> Option<HeaderValue> {
        let needed = self.needed();
        let pair =
            |cookie: &NeededCookie| Some(format!("{}={}", cookie.name, cookie.value.as_ref()?));
        let pairs: Vec<String> = needed.iter().filter_map(pair).collect();
        if pairs.is_empty() { None } else { HeaderValue::try_from(pairs.join("; ")).ok() }
    }

    fn set(&self, header: &HeaderValue) {
        let Some(cookie) = header.to_str().ok().and_then(|text| Cookie::parse(text).ok()) else {
            return;
        };
        let mut needed = self.needed();
        let Some(stored) = needed.iter_mut().find(|needed| needed.name == cookie.name()) else {
            return;
        };
        if cookie.max_age().is_some_and(|age| !age.is_positive()) {
            stored.value = None;
        } else if cookie.name().len() + cookie.value().len() <= MAX_COOKIE_LEN {
            stored.value = Some(cookie.value().to_owned());
        } else {
            tracing::debug!("the cookie {:?} is too long and was not stored", cookie.name());
        }
    }

    fn needed(&self) -> MutexGuard<'_, Vec<NeededCookie>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl CookieStore for SiteCookies {
    fn set_cookies(&self, headers: &mut dyn Iterator<Item = &HeaderValue>, _url: &Url) {
        headers.for_each(|header| self.set(header));
    }

    fn cookies(&self, _url: &Url) -> Option<HeaderValue> {
        self.header()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(cookies: &SiteCookies, set: &[&str]) -> Option<String> {
        set.iter().for_each(|text| cookies.set(&text.parse().unwrap()));
        cookies.header().map(|header| header.to_str().unwrap().to_owned())
    }

    #[test]
    fn needed_cookies_are_sent_back_with_their_latest_values() {
        let cookies = SiteCookies::default();
        cookies.need(&["token", "session"]);
        assert_eq!(header(&cookies, &[]), None);
        let set =
            ["session=1; Path=/; HttpOnly", "token=a%2Fb%3D; Path=/", "session=2; Path=/huts"];
        assert_eq!(header(&cookies, &set).as_deref(), Some("token=a%2Fb%3D; session=2"));
        assert_eq!(header(&cookies, &["token=deleted; Max-Age=0"]).as_deref(), Some("session=2"));
    }

    #[test]
    fn other_cookies_are_not_stored() {
        let cookies = SiteCookies::default();
        assert_eq!(header(&cookies, &["session=1"]), None, "a site needs no cookies by default");
        cookies.need(&["session"]);
        let many: Vec<String> = (0..1000).map(|n| format!("c{n}=x; Path=/{n}")).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        assert_eq!(header(&cookies, &many), None);
        let paths: Vec<String> = (0..1000).map(|n| format!("session={n}; Path=/{n}")).collect();
        let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
        assert_eq!(header(&cookies, &paths).as_deref(), Some("session=999"));
    }

    #[test]
    fn a_cookie_that_is_too_long_or_unreadable_is_not_stored() {
        let cookies = SiteCookies::default();
        cookies.need(&["session"]);
        let longest = format!("session={}", "x".repeat(MAX_COOKIE_LEN - "session".len()));
        assert_eq!(header(&cookies, &[&longest]).as_deref(), Some(&*longest));
        let set = ["session=1", &format!("{longest}x"), "session", "=", ""];
        assert_eq!(header(&cookies, &set).as_deref(), Some("session=1"));
    }
}
