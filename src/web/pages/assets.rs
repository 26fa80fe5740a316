//! The style sheet, the script and the icon, which are compiled in.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::LazyLock;

use axum::extract::Path;
use axum::http::Uri;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};

use crate::web::problem::Problem;

const STYLE: &str = include_str!("style.css");
const SCRIPT: &str = include_str!("script.js");
const ICON: &str = include_str!("icon.svg");

/// A year: the address changes with the content.
const FOR_EVER: &str = "public, max-age=31536000, immutable";

/// For an address of other content: while a new version is rolled out, its page may ask the old one.
const NEVER_UNASKED: &str = "no-cache";

/// Where the style sheet is.
pub static STYLE_URL: LazyLock<String> = LazyLock::new(|| url("style.css", STYLE));
/// Where the script is.
pub static SCRIPT_URL: LazyLock<String> = LazyLock::new(|| url("script.js", SCRIPT));
/// Where the icon is: browsers ask for one that is not there wherever none is named.
pub static ICON_URL: LazyLock<String> = LazyLock::new(|| url("icon.svg", ICON));

fn url(name: &str, content: &str) -> String {
    let mut hasher = DefaultHasher::new();
    content.hash(&mut hasher);
    format!("/assets/{name}?v={:016x}", hasher.finish())
}

/// One of the files, whatever version is asked for: there is no other. It is kept for ever under
/// its own address only.
pub async fn asset(Path(name): Path<String>, uri: Uri) -> Result<Response, Problem> {
    let (content_type, content, url) = match name.as_str() {
        "style.css" => ("text/css; charset=utf-8", STYLE, &STYLE_URL),
        "script.js" => ("text/javascript; charset=utf-8", SCRIPT, &SCRIPT_URL),
        "icon.svg" => ("image/svg+xml", ICON, &ICON_URL),
        _ => return Err(Problem::not_found(format!("there is no file {name:?}"))),
    };
    let is_its_own = uri.query() == url.split_once('?').map(|(_, query)| query);
    let cache_control = if is_its_own { FOR_EVER } else { NEVER_UNASKED };
    Ok(([(CONTENT_TYPE, content_type), (CACHE_CONTROL, cache_control)], content).into_response())
}
