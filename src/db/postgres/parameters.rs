//! Pure: the parameters of a PostgreSQL URL, as libpq reads them.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use crate::domain::pool_mode::query_start;

/// The settings of a connection, as pairs of names and values.
pub type Settings = [(&'static str, &'static str)];

/// Connection parameters, unless the URL sets them. Connecting to one host takes at most 5 seconds. A server
/// that disappears is noticed after 10 seconds if data was sent to it, and after 25 seconds if the program
/// only waits for an answer.
pub const DEFAULTS: &str = "connect_timeout=5&tcp_user_timeout=10000&keepalives_idle=10\
    &keepalives_interval=5&keepalives_count=3&fallback_application_name=";

/// Adds our defaults to a PostgreSQL URL, before its own parameters: libpq uses the last one of a repeated
/// parameter. The server shows `application` as the name of the connection.
pub fn with_defaults(url: &str, application: &str) -> String {
    match query_start(url) {
        Some(start) => {
            format!("{}?{DEFAULTS}{application}&{}", &url[..start], &url[start + 1..])
        }
        None => format!("{url}?{DEFAULTS}{application}"),
    }
}

/// Adds settings of the server to a URL that has parameters already. Those that the user gives, in the URL or else in
/// `environment`, come after ours, so that they count.
pub fn with_settings(url: &str, settings: &Settings, environment: Option<String>) -> String {
    let encode = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
    let start = query_start(url).unwrap_or(url.len());
    let query = url[start..].trim_start_matches('?');
    let given =
        query.split('&').filter_map(|parameter| parameter.strip_prefix("options=")).next_back();
    let given = given.map(str::to_owned).or_else(|| environment.map(|options| encode(&options)));
    let ours: String = settings.iter().map(|(name, value)| format!("-c {name}={value} ")).collect();
    format!("{url}&options={}{}", encode(&ours), given.unwrap_or_default())
}
