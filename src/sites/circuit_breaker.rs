//! Pure: when a site is left alone for the rest of a run.

use crate::domain::failure::Failure;
use crate::sites::error::SourceError;
use crate::sites::retry::told_to_stop;

/// A site is down when so many huts in a row could not be reached, each after its retries: more than
/// the few pages on which a site that works may fail, and few enough that neither a site in trouble
/// has to bear hundreds of requests nor the run to wait for them.
pub const MAX_UNREACHED: usize = 5;

/// How the latest checks of one site have ended.
#[derive(Debug, Default)]
pub struct CircuitBreaker {
    /// Huts in a row that could not be reached.
    unreached: usize,
}

impl CircuitBreaker {
    /// Takes note of how a check ended, in the order in which they end. Says why the site is left
    /// from now on, if it is: it is down, or has told us to stop.
    pub fn note<T>(&mut self, check: &Result<T, SourceError>) -> Option<Failure> {
        let error = check.as_ref().err();
        self.unreached = match error {
            Some(error) if is_unreached(error) => self.unreached + 1,
            // Whatever a site answers, it is there.
            _ => 0,
        };
        let error = error?;
        let why = if let Some(pause) = told_to_stop(error) {
            format!("it asked for no requests for another {} s", pause.as_secs())
        } else if let SourceError::Database(_) = error {
            error.to_string()
        } else if self.unreached >= MAX_UNREACHED {
            let huts = self.unreached;
            format!("{huts} huts in a row could not be reached, the last one: {error}")
        } else {
            return None;
        };
        Some(Failure::new(error.kind(), &format!("the site was left: {why}")))
    }
}

/// Whether nobody was there to answer, or only a server that could not, or did not want to.
fn is_unreached(error: &SourceError) -> bool {
    match error {
        SourceError::Timeout(_) | SourceError::Connect(_) | SourceError::RateLimited { .. } => true,
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

    /// Why the site is left, and after how many of the checks.
    fn left(checks: &[Check]) -> Option<(usize, Failure)> {
        let mut reach = CircuitBreaker::default();
        let mut numbered = (1..).zip(checks);
        numbered.find_map(|(number, check)| Some((number, reach.note(check)?)))
    }

    #[test]
    fn five_huts_in_a_row_that_cannot_be_reached_mean_that_the_site_is_down() {
        let down = [refused(), timeout(), status(500, None), status(503, None), timeout()];
        assert_eq!(left(&down[..4]), None);
        let (number, why) = left(&down).unwrap();
        assert_eq!((number, why.kind), (5, ErrorKind::Timeout), "the kind is that of the last one");
        assert_eq!(
            why.message,
            "the site was left: 5 huts in a row could not be reached, the last one: \
             no complete answer within 30 s"
        );
    }

    #[test]
    fn any_answer_begins_the_count_anew() {
        let malformed = || SourceError::Malformed { path: ".".into(), message: String::new() };
        let answers: [&dyn Fn() -> Check; 5] = [
            &|| Ok(()),
            &|| Err(malformed()),
            &|| Err(SourceError::UnknownHut("9".into())),
            &|| status(404, None),
            &|| Err(SourceError::Redirect { status: 301, location: "/".into() }),
        ];
        for answer in answers {
            let four = || vec![refused(); MAX_UNREACHED - 1];
            assert_eq!(left(&[four(), vec![answer()], four()].concat()), None);
            assert_eq!(left(&[vec![answer()], four(), vec![refused()]].concat()).unwrap().0, 6);
        }
    }

    #[test]
    fn a_site_that_wants_fewer_requests_gets_no_more_after_five_huts() {
        let limited =
            || SourceError::RateLimited { status: 403, retry_after: None, body: String::new() };
        let limited = || Err(limited());
        let (number, why) = left(&[limited(), limited(), limited(), limited(), limited()]).unwrap();
        assert_eq!((number, why.kind), (5, ErrorKind::RateLimited));
    }

    #[test]
    fn a_site_that_says_stop_is_left_at_once() {
        let hour = Some(Duration::from_secs(3600));
        let message = "the site was left: it asked for no requests for another 3600 s";
        let limited =
            SourceError::RateLimited { status: 429, retry_after: hour, body: String::new() };
        let why = |kind| Some((1, Failure::new(kind, message)));
        assert_eq!(left(&[Err(limited)]), why(ErrorKind::RateLimited));
        assert_eq!(left(&[status(503, hour)]), why(ErrorKind::HttpStatus));
        let waiting = SourceError::Paused(Duration::from_secs(3600));
        assert_eq!(left(&[Err(waiting)]), why(ErrorKind::RateLimited));
        assert_eq!(left(&[status(503, Some(MAX_PAUSE))]), None, "that is waited out");
    }
}
