//! How a site is asked.

use std::time::Duration;

/// How a site is asked.
#[derive(Clone, Debug, PartialEq)]
pub struct RequestLimits {
    /// Between the starts of two requests to the same site; none for the interval of each site.
    pub request_interval: Option<Duration>,
    /// Whether that may be shorter than [`super::policy::MIN_INTERVAL`] at the booking sites themselves.
    pub force_request_interval: bool,
    /// Checks that may wait for the site's answer at the same time.
    pub max_in_flight: usize,
    /// For one whole answer.
    pub request_timeout: Duration,
    /// Tries after the first, for what may pass.
    pub retries: usize,
    /// How the site can reach whoever runs the program: a URL or an e-mail address, for the
    /// User-Agent.
    pub contact: Option<String>,
}
