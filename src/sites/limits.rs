//! The limits of the requests to a site.

use std::time::Duration;

/// The limits of the requests to a site, and the operator's contact.
#[derive(Clone, Debug, PartialEq)]
pub struct RequestLimits {
    /// The time between the starts of two requests to the same site. None: each site's default interval.
    pub request_interval: Option<Duration>,
    /// Whether the interval may be shorter than the minimum of a real booking site.
    pub force_request_interval: bool,
    /// How many checks may wait for the site's answer at the same time.
    pub max_in_flight: usize,
    /// The time-out of one request, until its whole answer has arrived.
    pub request_timeout: Duration,
    /// How often a request is retried after a transient error.
    pub retries: usize,
    /// The operator's URL or e-mail address, for the User-Agent header.
    pub contact: Option<String>,
}
