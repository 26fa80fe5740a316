//! The sessions of the fake huetten-holiday.com. Each has a cookie and a token.

use std::collections::HashMap;
use std::sync::Mutex;

use axum::http::HeaderMap;
use axum::http::header::COOKIE;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

const TOKEN_COOKIE: &str = "XSRF-TOKEN";
const SESSION_COOKIE: &str = "huettenholiday_session";

/// All open sessions.
#[derive(Default)]
pub struct Sessions(Mutex<Opened>);

#[derive(Default)]
struct Opened {
    count: usize,
    /// The token of each session that has not expired.
    tokens: HashMap<String, String>,
}

impl Sessions {
    /// Opens a session, and returns the values of its two `Set-Cookie` headers.
    #[must_use]
    pub fn open(&self) -> [String; 2] {
        let mut opened = self.opened();
        opened.count += 1;
        let session = format!("session{}", opened.count);
        // In base64, like real tokens. A cookie must escape three of its characters.
        let token = format!("eyJpdiI6/{}+Aa==", opened.count);
        let cookies = [
            format!("{TOKEN_COOKIE}={}; Path=/; SameSite=Lax", cookie_value(&token)),
            format!("{SESSION_COOKIE}={session}; Path=/; HttpOnly; SameSite=Lax"),
        ];
        opened.tokens.insert(session, token);
        cookies
    }

    /// The number of sessions opened so far.
    #[must_use]
    pub fn count(&self) -> usize {
        self.opened().count
    }

    /// Ends all open sessions.
    pub fn expire(&self) {
        self.opened().tokens.clear();
    }

    /// Whether a request belongs to an open session. It needs both cookies, and the token as a header.
    #[must_use]
    pub fn admits(&self, headers: &HeaderMap) -> bool {
        let text = |name: &str| headers.get(name)?.to_str().ok();
        let cookies = text(COOKIE.as_str()).unwrap_or_default();
        let cookies: HashMap<_, _> =
            cookies.split(';').filter_map(|pair| pair.trim().split_once('=')).collect();
        let opened = self.opened();
        let token = cookies.get(SESSION_COOKIE).and_then(|session| opened.tokens.get(*session));
        token.is_some_and(|token| {
            text("x-xsrf-token") == Some(token)
                && cookies.get(TOKEN_COOKIE) == Some(&&*cookie_value(token))
        })
    }

    fn opened(&self) -> std::sync::MutexGuard<'_, Opened> {
        self.0.lock().expect("no thread panics while it holds the lock")
    }
}

fn cookie_value(token: &str) -> String {
    utf8_percent_encode(token, NON_ALPHANUMERIC).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(cookies: &str, token: &str) -> HeaderMap {
        let pairs = [("cookie", cookies), ("x-xsrf-token", token)];
        let pairs = pairs.map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()));
        pairs.into_iter().collect()
    }

    #[test]
    fn a_request_needs_both_cookies_and_the_token() {
        let sessions = Sessions::default();
        let [token, session] = sessions.open().map(|set| set.split_once(';').unwrap().0.to_owned());
        assert_eq!(token, "XSRF-TOKEN=eyJpdiI6%2F1%2BAa%3D%3D");
        let both = format!("{token}; {session}");
        let complete = headers(&both, "eyJpdiI6/1+Aa==");
        assert!(sessions.admits(&complete));
        assert!(
            !sessions.admits(&headers(&both, "eyJpdiI6%2F1%2BAa%3D%3D")),
            "the header must not be escaped"
        );
        assert!(!sessions.admits(&headers(&token, "eyJpdiI6/1+Aa==")));
        assert!(!sessions.admits(&headers(&session, "eyJpdiI6/1+Aa==")));
        assert!(!sessions.admits(&HeaderMap::new()));
        sessions.expire();
        assert!(!sessions.admits(&complete));
    }
}
