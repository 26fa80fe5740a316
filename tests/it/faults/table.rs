//! What the sites make of each fault.

use hut_availability::domain::fault::Fault;

/// The fault, its error kind, and a part of the message in the report.
pub const FAULTS: [(Fault, &str, &str); 25] = [
    (Fault::ServerError, "http_status", "HTTP 500: Internal Server Error"),
    (Fault::RateLimit, "rate_limited", "fewer requests (HTTP 429): Too Many Requests"),
    (Fault::RateLimitBare, "rate_limited", "fewer requests (HTTP 429): Too Many Requests"),
    (Fault::RateLimitAbsurd, "rate_limited", "fewer requests (HTTP 429): Too Many Requests"),
    (Fault::Forbidden, "rate_limited", "fewer requests (HTTP 403): Forbidden"),
    (Fault::Login, "http_status", "HTTP 302 redirects to http://login.example/?from=hut, which"),
    (Fault::Html, "malformed", "the answer begins: <!DOCTYPE html>"),
    (Fault::HtmlAsJson, "malformed", "the answer begins: <!DOCTYPE html>"),
    (Fault::Truncated, "malformed", "EOF while parsing"),
    (Fault::TruncatedGzip, "malformed", "at .: "),
    (Fault::Reset, "connect", "the connection to 127.0.0.1 failed"),
    (Fault::ResetAtOnce, "connect", "the connection to 127.0.0.1 failed"),
    (Fault::Stall, "timeout", "no complete answer within 5 s"),
    (Fault::StallAtOnce, "timeout", "no complete answer within 5 s"),
    (Fault::Trickle, "timeout", "no complete answer within 5 s"),
    (Fault::LongLength, "connect", "the connection to 127.0.0.1 failed: "),
    (Fault::ShortLength, "malformed", "EOF while parsing"),
    (Fault::BadLength, "connect", "the connection to 127.0.0.1 failed: "),
    (Fault::WrongType, "malformed", "invalid type: string \"x\", expected a JSON number"),
    (Fault::NotANumber, "malformed", "expected value"),
    (Fault::HugeNumber, "malformed", "number out of range"),
    (Fault::KeyTwice, "malformed", "duplicate field"),
    (Fault::NotUtf8, "malformed", "invalid unicode code point"),
    (Fault::Nested, "malformed", "invalid type: sequence"),
    (Fault::TooLarge, "too_large", "larger than 8 MiB"),
];

/// An error kind, and a part of its message. None if the check succeeds.
type Failure = Option<(&'static str, &'static str)>;

/// What ffcam makes of a fault, where that differs. A page of HTML without data is its waiting room, and of a night
/// with two numbers the last one holds.
const FAULTS_OF_FFCAM: [(Fault, Failure); 8] = [
    (
        Fault::Html,
        Some(("rate_limited", "a page without data, such as its waiting room, \"Maintenance\"")),
    ),
    (Fault::HtmlAsJson, Some(("rate_limited", "such as its waiting room, \"Maintenance\""))),
    (Fault::Truncated, Some(("malformed", "at BK: the page ends before its script does"))),
    (Fault::ShortLength, Some(("malformed", "at BK: the page ends before its script does"))),
    (Fault::WrongType, Some(("malformed", "invalid type: string \"x\", expected a whole number"))),
    (Fault::KeyTwice, None),
    (Fault::NotUtf8, Some(("malformed", "at BK.openingCalendar: invalid utf-8"))),
    (Fault::Nested, Some(("malformed", "expected a page with lines such as BK.structure"))),
];

/// What ffcam makes of a fault. None if it is the same as at the other sites.
pub fn of_ffcam(fault: Fault) -> Option<Failure> {
    FAULTS_OF_FFCAM.into_iter().find(|(other, _)| *other == fault).map(|(_, failure)| failure)
}
