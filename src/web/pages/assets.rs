//! Serves the style sheet, the script and the icon, which are compiled into the program.

use std::sync::LazyLock;

use axum::extract::Path;
use axum::http::Uri;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};

use crate::domain::digest::hex_digest;
use crate::web::problem::Problem;

const STYLE: &str = include_str!("style.css");
const SCRIPT: &str = include_str!("script.js");
const MAP_SCRIPT: &str = include_str!("map/map.js");
const ICON: &str = include_str!("icon.svg");

/// A year, because the URL changes with the content.
const CACHE_FOREVER: &str = "public, max-age=31536000, immutable";

/// For a URL of another version: during a rollout, a page of the new version may request assets from a
/// replica with the old version, whose content must not be cached under the new URL.
const REVALIDATE: &str = "no-cache";

/// The URL of the style sheet.
pub static STYLE_URL: LazyLock<String> = LazyLock::new(|| url("style.css", STYLE));
/// The URL of the script.
pub static SCRIPT_URL: LazyLock<String> = LazyLock::new(|| url("script.js", SCRIPT));
/// The URL of the script of pages with a map.
pub static MAP_SCRIPT_URL: LazyLock<String> = LazyLock::new(|| url("map.js", MAP_SCRIPT));
/// The URL of the icon. Without it, browsers would request `/favicon.ico`, which does not exist.
pub static ICON_URL: LazyLock<String> = LazyLock::new(|| url("icon.svg", ICON));

fn url(name: &str, content: &str) -> String {
    format!("/assets/{name}?v={}", hex_digest(content.as_bytes()))
}

/// `GET /assets/{name}`: the file in its only version, whichever version the URL names. The response may be
/// cached forever only if the URL names this version.
pub async fn asset(Path(name): Path<String>, uri: Uri) -> Result<Response, Problem> {
    let (content_type, content, url) = match name.as_str() {
        "style.css" => ("text/css; charset=utf-8", STYLE, &STYLE_URL),
        "script.js" => ("text/javascript; charset=utf-8", SCRIPT, &SCRIPT_URL),
        "map.js" => ("text/javascript; charset=utf-8", MAP_SCRIPT, &MAP_SCRIPT_URL),
        "icon.svg" => ("image/svg+xml", ICON, &ICON_URL),
        _ => return Err(Problem::not_found(format!("there is no asset {name:?}"))),
    };
    let is_this_version = uri.query() == url.split_once('?').map(|(_, query)| query);
    let cache_control = if is_this_version { CACHE_FOREVER } else { REVALIDATE };
    Ok(([(CONTENT_TYPE, content_type), (CACHE_CONTROL, cache_control)], content).into_response())
}
