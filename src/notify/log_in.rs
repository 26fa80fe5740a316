//! The log-in at a receiver over HTTP: a token, or a user with a password.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderValue};

use super::mask::Mask;
use super::settings::Settings;

/// The headers of the log-in that the keys `token`, or `username` and `password`, describe. Adds their secrets to
/// the mask.
///
/// # Errors
/// A key is missing or not valid.
pub fn headers(settings: &mut Settings, mask: &mut Mask) -> anyhow::Result<HeaderMap> {
    let token = settings.secret("token")?;
    let (user, password) = (settings.text("username")?, settings.secret("password")?);
    let (key, value) = match (token, user, password) {
        (None, None, None) => return Ok(HeaderMap::new()),
        (Some(token), None, None) => {
            mask.add(token.expose());
            ("token", format!("Bearer {}", token.expose()))
        }
        (None, Some(user), Some(password)) => {
            mask.add_log_in(&user, password.expose());
            let encoded = STANDARD.encode(format!("{user}:{}", password.expose()));
            ("password", format!("Basic {encoded}"))
        }
        (None, Some(_), None) => {
            return Err(settings.missing("password_file", "/run/secrets/password"));
        }
        (None, None, Some(_)) => return Err(settings.missing("username", "me")),
        (Some(_), _, _) => {
            let why = "username or password is there too: give only one of the two log-ins";
            return Err(settings.error("token", why));
        }
    };
    let mut value = HeaderValue::try_from(value)
        .map_err(|_| settings.error(key, "must not contain control characters"))?;
    value.set_sensitive(true);
    Ok(HeaderMap::from_iter([(AUTHORIZATION, value)]))
}
