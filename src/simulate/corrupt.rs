//! Turns an answer of a fake booking site into a faulty one.

use std::io::Write;
use std::time::Duration;

use axum::body::Body;
use axum::http::header::{CONTENT_ENCODING, LOCATION, RETRY_AFTER};
use axum::http::{HeaderValue, Response, StatusCode};
use flate2::Compression;
use flate2::write::GzEncoder;
use futures_util::{Stream, StreamExt, stream};

use crate::domain::fault::Fault;

const JSON: &str = "application/json";
const HTML: &str = "text/html";
const PAGE: &str = "<!DOCTYPE html>\n<html><head><title>Maintenance</title></head></html>\n";

/// The JSON keys of numbers, one for each kind of answer.
const NUMBERS: [&str; 4] = ["freeBeds", "totalPlaces", "hutId", "last_page"];

/// The JSON keys of texts, at least one for each kind of answer.
const TEXTS: [&str; 3] = ["date", "hutName", "name"];

/// The beginning of the free places by night in a page of ffcam.
const NIGHTS: &str = "BK.globalAvailability = {";

/// A text of the same pages.
const OPEN: &str = ":\"OPEN\"";

/// The time between two pieces of a body that is sent in pieces.
const PAUSE: Duration = Duration::from_millis(50);

/// The result of a fault.
pub enum Corrupted {
    /// The answer does not change.
    Not,
    Answer(Response<Body>),
    /// These bytes are sent on the connection, which is then closed.
    Raw(Vec<u8>),
    /// No answer is ever sent.
    Never,
}

/// Applies a fault to an answer with status 200 and the body `json`. `retry_after` is for rate limits.
#[must_use]
pub fn corrupt(fault: Fault, json: &str, retry_after: Duration) -> Corrupted {
    let half = json.get(..json.len() / 2).unwrap_or_default().to_owned();
    let answer = match fault {
        Fault::ExpiredToken => return Corrupted::Not,
        Fault::StallAtOnce => return Corrupted::Never,
        Fault::ResetAtOnce => return Corrupted::Raw(Vec::new()),
        Fault::LongLength => return Corrupted::Raw(raw(&(json.len() + 100).to_string(), json)),
        Fault::ShortLength => return Corrupted::Raw(raw(&(json.len() / 2).to_string(), json)),
        Fault::BadLength => return Corrupted::Raw(raw("many", json)),
        Fault::ServerError => status(StatusCode::INTERNAL_SERVER_ERROR, "Internal Server Error"),
        Fault::Forbidden => status(StatusCode::FORBIDDEN, "Forbidden"),
        Fault::RateLimit => rate_limit(Some(retry_after.as_secs().into())),
        Fault::RateLimitBare => rate_limit(None),
        Fault::RateLimitAbsurd => {
            rate_limit(Some(HeaderValue::from_static("-99999999999999999999")))
        }
        Fault::Login => login(),
        Fault::Html => with_type(HTML, PAGE.into()),
        Fault::HtmlAsJson => with_type(JSON, PAGE.into()),
        Fault::Truncated => with_type(JSON, half.into()),
        Fault::TruncatedGzip => truncated_gzip(json),
        Fault::Reset => {
            let end = stream::iter([Ok(half), Err(std::io::Error::other("a fault"))]);
            with_type(JSON, Body::from_stream(end))
        }
        Fault::Stall => {
            let begin = stream::iter([Ok::<_, std::io::Error>(half)]);
            with_type(JSON, Body::from_stream(begin.chain(stream::pending())))
        }
        Fault::Slow => in_pieces(json, json.len() / 20 + 1),
        Fault::Trickle => in_pieces(json, 1),
        Fault::Empty if json.contains(NIGHTS) => with_type(HTML, without_nights(json).into()),
        Fault::Empty => with_type(JSON, "[]".into()),
        Fault::WrongType => with_type(JSON, with_numbers(json, "\"x\"").into()),
        Fault::NotANumber => with_type(JSON, with_numbers(json, "NaN").into()),
        Fault::HugeNumber => with_type(JSON, with_numbers(json, "1e999").into()),
        Fault::KeyTwice => {
            let twice = |json: String, name: &&str| {
                json.replace(&format!("\"{name}\":"), &format!("\"{name}\":0,\"{name}\":"))
            };
            let json = NUMBERS.iter().fold(json.to_owned(), twice);
            let json = with_first_night(json, |night, free| format!("{night}:0,{night}:{free}"));
            with_type(JSON, json.into())
        }
        Fault::NotUtf8 => with_type(JSON, not_utf8(json).into()),
        Fault::Nested => with_type(JSON, "[".repeat(1024 * 1024).into()),
        Fault::TooLarge => with_type(JSON, vec![b' '; 9 * 1024 * 1024].into()),
        Fault::UnknownHut => status(StatusCode::BAD_REQUEST, "Hut Id not found"),
    };
    Corrupted::Answer(answer)
}

/// The bytes of an answer with a wrong Content-Length.
fn raw(length: &str, json: &str) -> Vec<u8> {
    let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json";
    format!("{head}\r\nContent-Length: {length}\r\n\r\n{json}").into()
}

fn rate_limit(retry_after: Option<HeaderValue>) -> Response<Body> {
    let mut answer = status(StatusCode::TOO_MANY_REQUESTS, "Too Many Requests");
    answer.headers_mut().extend(retry_after.map(|value| (RETRY_AFTER, value)));
    answer
}

/// A redirect to a login page, as the Wi-Fi of a hotel answers before the guest has logged in.
fn login() -> Response<Body> {
    let mut answer = status(StatusCode::FOUND, "Found");
    let address = HeaderValue::from_static("http://login.example/?from=hut");
    answer.headers_mut().insert(LOCATION, address);
    answer
}

fn truncated_gzip(json: &str) -> Response<Body> {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
    gzip.write_all(json.as_bytes()).expect("memory can be written to");
    let mut bytes = gzip.finish().expect("memory can be written to");
    bytes.truncate(bytes.len() / 2);
    let mut answer = with_type(JSON, bytes.into());
    answer.headers_mut().insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    answer
}

/// The whole answer, sent in pieces of `length` bytes.
fn in_pieces(json: &str, length: usize) -> Response<Body> {
    let mut answer = with_type(JSON, Body::from_stream(pieces(json.as_bytes().to_vec(), length)));
    // Without this header the server would compress the answer and send it at once.
    answer.headers_mut().insert(CONTENT_ENCODING, HeaderValue::from_static("identity"));
    answer
}

fn pieces(bytes: Vec<u8>, length: usize) -> impl Stream<Item = std::io::Result<Vec<u8>>> {
    stream::unfold(bytes, move |mut piece| async move {
        tokio::time::sleep(PAUSE).await;
        let rest = piece.split_off(length.min(piece.len()));
        (!piece.is_empty()).then_some((Ok(piece), rest))
    })
}

/// The JSON with its numbers replaced by `replacement`.
fn with_numbers(json: &str, replacement: &str) -> String {
    let json = NUMBERS.iter().fold(json.to_owned(), |json, name| {
        json.replace(&format!("\"{name}\":"), &format!("\"{name}\":{replacement},\"was\":"))
    });
    with_first_night(json, |night, _| format!("{night}:{replacement}"))
}

/// A page of ffcam with the entry of its first night, such as `"2026-07-01":3`, changed.
fn with_first_night(page: String, change: impl Fn(&str, &str) -> String) -> String {
    let changed = page.split_once(NIGHTS).and_then(|(before, rest)| {
        let (entry, after) = rest.split_at_checked(rest.find([',', '}'])?)?;
        let (night, free) = entry.split_once(':')?;
        Some(format!("{before}{NIGHTS}{}{after}", change(night, free)))
    });
    changed.unwrap_or(page)
}

/// A page of ffcam that says nothing of any night.
fn without_nights(page: &str) -> String {
    let line = |line: &str| match line.split_once(" = {\"2") {
        Some((name, _)) => format!("{name} = [];\n"),
        None => format!("{line}\n"),
    };
    page.lines().map(line).collect()
}

/// The JSON with a byte in its texts that is not valid in UTF-8.
fn not_utf8(json: &str) -> Vec<u8> {
    const MARK: char = '\u{1}';
    let marked = TEXTS.iter().fold(json.to_owned(), |json, name| {
        json.replace(&format!("\"{name}\":\""), &format!("\"{name}\":\"{MARK}"))
    });
    let marked = marked.replace(OPEN, &OPEN.replace('O', &format!("{MARK}O")));
    let byte = |byte: u8| if char::from(byte) == MARK { 0xff } else { byte };
    marked.into_bytes().into_iter().map(byte).collect()
}

/// An answer with a status and a short text.
#[must_use]
pub fn status(status: StatusCode, text: &'static str) -> Response<Body> {
    let mut response = with_type("text/plain", text.into());
    *response.status_mut() = status;
    response
}

/// An answer with status 200 and a content type.
#[must_use]
pub fn with_type(content_type: &'static str, body: Body) -> Response<Body> {
    let builder = Response::builder().header(axum::http::header::CONTENT_TYPE, content_type);
    builder.body(body).expect("a valid constant")
}

/// An answer with status 200 in JSON.
pub fn json(value: &impl serde::Serialize) -> Response<Body> {
    let json = serde_json::to_string(value).expect("plain values have JSON");
    with_type("application/json", json.into())
}
