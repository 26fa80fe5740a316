//! The ways in which a booking site fails.

use clap::ValueEnum;

/// One way to fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Fault {
    /// Status 500
    ServerError,
    /// Status 429 with Retry-After
    RateLimit,
    /// Status 429 without
    RateLimitBare,
    /// Status 429 with a Retry-After that makes no sense
    RateLimitAbsurd,
    /// Status 403
    Forbidden,
    /// Status 302 to another site's page, as of a network that wants a login
    Login,
    /// A page with status 200
    Html,
    /// A page that says it is JSON
    HtmlAsJson,
    /// JSON that ends in the middle
    Truncated,
    /// Packed JSON that ends in the middle
    TruncatedGzip,
    /// An answer that ends in the middle, and so does the connection
    Reset,
    /// No answer: the connection is reset
    ResetAtOnce,
    /// An answer that begins and does not go on
    Stall,
    /// No answer, on a connection that stays open
    StallAtOnce,
    /// The right answer, within a second
    Slow,
    /// The right answer, a byte at a time, 20 a second
    Trickle,
    /// A Content-Length that is greater than what follows
    LongLength,
    /// A Content-Length that is half of what follows
    ShortLength,
    /// A Content-Length that is no number
    BadLength,
    /// An empty array
    Empty,
    /// A number that is a text
    WrongType,
    /// A number that is NaN
    NotANumber,
    /// A number that nobody counts in: 1e999
    HugeNumber,
    /// A number under a key that comes twice
    KeyTwice,
    /// A text that is not UTF-8
    NotUtf8,
    /// A million arrays in one another
    Nested,
    /// More than 8 MiB
    TooLarge,
    /// "Hut Id not found"
    UnknownHut,
    /// Status 419: the tokens given out so far are void, which is a matter of huetten-holiday only
    ExpiredToken,
}
