//! Pure: decides when a run abandons a site, that is, sends it no more requests.

use crate::domain::failure::Failure;
use crate::sites::error::SourceError;
use crate::sites::retry::paused;

/// A site counts as down after it gave no answer, or none in its own form, for this many huts in a row, each after
/// its retries. A page of HTML in place of data is a wall: the next hut would get the same. A working
/// site may fail on fewer huts in a row. With a larger number a site in trouble would get hundreds of requests, and
/// the run would wait for all of them.
pub const MAX_UNREACHED_IN_A_ROW: usize = 5;

/// Counts the failures of one site in a run.
#[derive(Debug, Default)]
pub struct CircuitBreaker {
    /// Huts in a row that could not be reached.
    unreached: usize,
}

impl CircuitBreaker {
    /// Records the result of a check, in the order in which the checks end. Returns the reason if the run
    /// must abandon the site: the site is down, it wants no requests, or the database failed.
    pub fn note<T>(&mut self, check: &Result<T, SourceError>) -> Option<Failure> {
        let error = check.as_ref().err();
        self.unreached = match error {
            Some(error) if is_unreached(error) => self.unreached + 1,
            // Any other answer shows that the site is up.
            _ => 0,
        };
        let error = error?;
        let why = if let Some(pause) = paused(error) {
            format!("it wants no requests for another {} s", pause.as_secs())
        } else if let SourceError::Database(_) = error {
            error.to_string()
        } else if self.unreached >= MAX_UNREACHED_IN_A_ROW {
            let huts = self.unreached;
            let failed = match error {
                SourceError::Foreign { .. } => "got no answer in the form of this site",
                _ => "could not be reached",
            };
            format!("{huts} huts in a row {failed}; the last error: {error}")
        } else {
            return None;
        };
        Some(Failure::new(error.kind(), &format!("the site was abandoned: {why}")))
    }
}

/// Whether the site did not answer, failed with a status from 500 on, refused the request as one too many, or sent
/// something else in place of its data.
fn is_unreached(error: &SourceError) -> bool {
    match error {
        SourceError::Timeout(_)
        | SourceError::Connect(_)
        | SourceError::RateLimited { .. }
        | SourceError::Foreign { .. } => true,
        SourceError::HttpStatus { status, .. } => *status >= 500,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::failure::ErrorKind;
    use crate::sites::retry::MAX_PAUSE;
    use std::time::Duration;

    type Check = Result<(), SourceError>;

    fn status(status: u16, retry_after: Option<Duration>) -> Check {
        Err(SourceError::HttpStatus { status, retry_after, body: String::new() })
    }

    fn timeout() -> Check {
        Err(SourceError::Timeout(Duration::from_secs(30)))
    }

    fn refused() -> Check {
        Err(SourceError::Connect("refused".into()))
    }

    /// The number of checks after which the site is abandoned, and why.
    fn abandoned(checks: &[Check]) -> Option<(usize, Failure)> {
        let mut breaker = CircuitBreaker::default();
        let mut numbered = (1..).zip(checks);
        numbered.find_map(|(number, check)| Some((number, breaker.note(check)?)))
    }

    #[test]
    fn a_site_is_abandoned_after_five_unreachable_huts_in_a_row() {
        let down = [refused(), timeout(), status(500, None), status(503, None), timeout()];
        assert_eq!(abandoned(&down[..4]), None);
        let (number, why) = abandoned(&down).unwrap();
        assert_eq!(
            (number, why.kind),
            (5, ErrorKind::Timeout),
            "the kind is that of the last error"
        );
        assert_eq!(
            why.message,
            "the site was abandoned: 5 huts in a row could not be reached; the last error: \
             no complete answer within 30 s"
        );
    }

    #[test]
    fn a_site_that_sends_html_in_place_of_data_is_abandoned() {
        let html =
            || Err(SourceError::Foreign { path: ".".into(), message: "expected value".into() });
        let (number, why) = abandoned(&[html(), html(), html(), html(), html()]).unwrap();
        assert_eq!((number, why.kind), (5, ErrorKind::Malformed));
        assert_eq!(
            why.message,
            "the site was abandoned: 5 huts in a row got no answer in the form of this site; the last error: \
             at .: expected value"
        );
    }

    #[test]
    fn any_answer_resets_the_count() {
        let malformed =
            || SourceError::Malformed { path: "[0].freeBeds".into(), message: String::new() };
        let answers: [&dyn Fn() -> Check; 5] = [
            &|| Ok(()),
            &|| Err(malformed()),
            &|| Err(SourceError::UnknownHut("9".into())),
            &|| status(404, None),
            &|| Err(SourceError::Redirect { status: 301, location: "/".into() }),
        ];
        for answer in answers {
            let four = || vec![refused(); MAX_UNREACHED_IN_A_ROW - 1];
            assert_eq!(abandoned(&[four(), vec![answer()], four()].concat()), None);
            assert_eq!(
                abandoned(&[vec![answer()], four(), vec![refused()]].concat()).unwrap().0,
                6
            );
        }
    }

    #[test]
    fn a_site_that_rate_limits_five_huts_in_a_row_is_abandoned() {
        let limited =
            || SourceError::RateLimited { status: 403, retry_after: None, body: String::new() };
        let limited = || Err(limited());
        let (number, why) =
            abandoned(&[limited(), limited(), limited(), limited(), limited()]).unwrap();
        assert_eq!((number, why.kind), (5, ErrorKind::RateLimited));
    }

    #[test]
    fn a_site_that_asks_for_a_long_pause_is_abandoned_at_once() {
        let hour = Some(Duration::from_secs(3600));
        let message = "the site was abandoned: it wants no requests for another 3600 s";
        let limited =
            SourceError::RateLimited { status: 429, retry_after: hour, body: String::new() };
        let why = |kind| Some((1, Failure::new(kind, message)));
        assert_eq!(abandoned(&[Err(limited)]), why(ErrorKind::RateLimited));
        assert_eq!(abandoned(&[status(503, hour)]), why(ErrorKind::HttpStatus));
        let waiting = SourceError::Paused(Duration::from_secs(3600));
        assert_eq!(abandoned(&[Err(waiting)]), why(ErrorKind::RateLimited));
        assert_eq!(
            abandoned(&[status(503, Some(MAX_PAUSE))]),
            None,
            "the run waits for a short pause to end"
        );
    }
}
