//! The style sheet, the script and the icon, which are compiled in.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::LazyLock;

use axum::extract::Path;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};

use crate::web::problem::Problem;

const STYLE: &str = include_str!("style.css");
const SCRIPT: &str = include_str!("script.js");
const ICON: &str = include_str!("icon.svg");

/// A year: the address changes with the content.
const FOR_EVER: &str = "public, max-age=31536000, immutable";

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

/// One of the files, whatever version is asked for: there is no other.
pub async fn asset(Path(name): Path<String>) -> Result<Response, Problem> {
    let (content_type, content) = match name.as_str() {
        "style.css" => ("text/css; charset=utf-8", STYLE),
        "script.js" => ("text/javascript; charset=utf-8", SCRIPT),
        "icon.svg" => ("image/svg+xml", ICON),
        _ => return Err(Problem::not_found(format!("there is no file {name:?}"))),
    };
    Ok(([(CONTENT_TYPE, content_type), (CACHE_CONTROL, FOR_EVER)], content).into_response())
}
