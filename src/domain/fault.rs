//! The ways in which a booking site can fail.

use clap::ValueEnum;

/// One way in which a site can fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Fault {
    /// Status 500
    ServerError,
    /// Status 429 with Retry-After
    RateLimit,
    /// Status 429 without Retry-After
    RateLimitBare,
    /// Status 429 with an invalid Retry-After
    RateLimitAbsurd,
    /// Status 403
    Forbidden,
    /// Status 302 to another site's page, like a network that requires a login
    Login,
    /// An HTML page with status 200, such as the waiting room of ffcam
    Html,
    /// An HTML page with the content type of JSON
    HtmlAsJson,
    /// JSON that is cut off in the middle
    Truncated,
    /// Compressed JSON that is cut off in the middle
    TruncatedGzip,
    /// An answer that is cut off in the middle by a connection reset
    Reset,
    /// No answer: the connection is reset at once
    ResetAtOnce,
    /// An answer that starts and then stalls
    Stall,
    /// No answer, on a connection that stays open
    StallAtOnce,
    /// The right answer, spread over about a second
    Slow,
    /// The right answer, one byte at a time, 20 bytes a second
    Trickle,
    /// A Content-Length greater than the body
    LongLength,
    /// A Content-Length of half the body
    ShortLength,
    /// A Content-Length that is not a number
    BadLength,
    /// An empty array, or a page without nights (ffcam)
    Empty,
    /// A text in place of a number
    WrongType,
    /// NaN in place of a number
    NotANumber,
    /// A number that is too large: 1e999
    HugeNumber,
    /// A number under a duplicate key
    KeyTwice,
    /// Text that is not UTF-8
    NotUtf8,
    /// A million nested arrays
    Nested,
    /// An answer of more than 8 MiB
    TooLarge,
    /// "Hut Id not found"
    UnknownHut,
    /// Status 419: all tokens issued so far are invalid (huetten-holiday only)
    ExpiredToken,
}
