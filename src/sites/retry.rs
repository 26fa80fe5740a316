//! Pure: decides whether a failed request is retried, and when.

use std::time::Duration;

use super::error::SourceError;

/// The wait before the first retry. It doubles before each further retry. A random part is added, so that
/// requests that failed together are not retried together.
pub const FIRST_WAIT: Duration = Duration::from_secs(1);
/// The longest wait before a retry.
pub const MAX_WAIT: Duration = Duration::from_secs(30);

/// The longest `Retry-After` that a run waits for. A site that asks for a longer pause is abandoned.
pub const MAX_PAUSE: Duration = Duration::from_secs(60);

/// Whether the error is transient, so that a retry may succeed.
#[must_use]
pub fn is_retryable(error: &SourceError) -> bool {
    if paused(error).is_some() {
        return false;
    }
    match error {
        SourceError::Timeout(_) | SourceError::Connect(_) | SourceError::RateLimited { .. } => true,
        SourceError::HttpStatus { status, .. } => *status >= 500,
        SourceError::Paused(_)
        | SourceError::Database(_)
        | SourceError::Redirect { .. }
        | SourceError::TokenRefused
        | SourceError::Malformed { .. }
        | SourceError::Foreign { .. }
        | SourceError::Empty { .. }
        | SourceError::UnknownHut(_)
        | SourceError::TooLarge(_)
        | SourceError::Panic(_) => false,
    }
}

/// The pause that the site asked for, if any.
#[must_use]
pub fn retry_after(error: &SourceError) -> Option<Duration> {
    match error {
        SourceError::RateLimited { retry_after, .. }
        | SourceError::HttpStatus { retry_after, .. } => *retry_after,
        _ => None,
    }
}

/// The pause that the site asked for, if it is longer than [`MAX_PAUSE`].
#[must_use]
pub fn paused(error: &SourceError) -> Option<Duration> {
    match error {
        SourceError::Paused(pause) => Some(*pause),
        _ => retry_after(error).filter(|pause| *pause > MAX_PAUSE),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(status: u16) -> SourceError {
        SourceError::HttpStatus { status, retry_after: None, body: String::new() }
    }

    #[test]
    fn transient_errors_are_retried() {
        assert!(is_retryable(&status(500)) && is_retryable(&status(503)));
        assert!(is_retryable(&SourceError::Timeout(Duration::ZERO)));
        assert!(is_retryable(&SourceError::Connect(String::new())));
        let limited =
            SourceError::RateLimited { status: 403, retry_after: None, body: String::new() };
        assert!(is_retryable(&limited));
    }

    #[test]
    fn permanent_errors_are_not_retried() {
        assert!(
            !is_retryable(&status(400))
                && !is_retryable(&status(404))
                && !is_retryable(&status(301))
        );
        let retry_after = Some(MAX_PAUSE + Duration::from_secs(1));
        let long_pause = SourceError::HttpStatus { status: 503, retry_after, body: String::new() };
        assert!(!is_retryable(&long_pause));
        assert!(!is_retryable(&SourceError::UnknownHut("9".into())));
        assert!(!is_retryable(&SourceError::Paused(Duration::from_secs(90))));
        assert!(!is_retryable(&SourceError::TooLarge(8)));
        assert!(!is_retryable(&SourceError::Redirect { status: 302, location: "/".into() }));
        let malformed = SourceError::Malformed { path: "[0]".into(), message: String::new() };
        assert!(!is_retryable(&malformed));
    }
}
