//! The token of a site, which all requests share. It is fetched once, however many requests need it at the
//! same time.

use std::sync::atomic::{AtomicUsize, Ordering};

use reqwest::header::HeaderValue;
use tokio::sync::Mutex;

use crate::sites::error::SourceError;

/// The latest token of a site, or the error of the last attempt to fetch one.
#[derive(Default)]
pub struct SharedToken {
    latest: Mutex<Option<Result<HeaderValue, SourceError>>>,
    fetches: AtomicUsize,
}

impl SharedToken {
    /// Returns the latest token. Fetches a new one if there is none, or if the site has `refused` the
    /// latest. Callers that wait while another caller fetches get the result of that fetch, token or error.
    /// So many huts need one request, and if the site is down, they do not wait for it one after the other.
    ///
    /// # Errors
    /// The error of `fetch`.
    pub async fn get(
        &self,
        refused: Option<&HeaderValue>,
        fetch: impl Future<Output = Result<HeaderValue, SourceError>>,
    ) -> Result<HeaderValue, SourceError> {
        let fetches = self.fetches.load(Ordering::Acquire);
        let mut latest = self.latest.lock().await;
        let was_fetched_meanwhile = self.fetches.load(Ordering::Acquire) != fetches;
        match &*latest {
            Some(fetched) if was_fetched_meanwhile => fetched.clone(),
            Some(Ok(token)) if refused != Some(token) => Ok(token.clone()),
            _ => {
                let fetched = fetch.await;
                self.fetches.fetch_add(1, Ordering::Release);
                latest.insert(fetched).clone()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use futures_util::future::join_all;

    use super::*;

    /// A site that issues tokens. Each fetch takes a second and gives another token.
    #[derive(Default)]
    struct Site(AtomicUsize);

    impl Site {
        async fn issue_token(&self) -> Result<HeaderValue, SourceError> {
            let number = self.0.fetch_add(1, Ordering::Relaxed) + 1;
            tokio::time::sleep(Duration::from_secs(1)).await;
            Ok(HeaderValue::from(number))
        }

        async fn fail(&self) -> Result<HeaderValue, SourceError> {
            self.issue_token().await?;
            Err(SourceError::Connect("down".into()))
        }
    }

    #[tokio::test(start_paused = true)]
    async fn all_requests_share_one_fetched_token() {
        let (site, token) = (Site::default(), SharedToken::default());
        let all = join_all((0..5).map(|_| token.get(None, site.issue_token()))).await;
        assert!(all.into_iter().all(|fetched| fetched == Ok(HeaderValue::from(1))));
        assert_eq!(token.get(None, site.issue_token()).await, Ok(HeaderValue::from(1)));
    }

    #[tokio::test(start_paused = true)]
    async fn a_refused_token_is_renewed_once_for_all_requests() {
        let (site, token) = (Site::default(), SharedToken::default());
        let first = token.get(None, site.issue_token()).await.unwrap();
        let all = join_all((0..5).map(|_| token.get(Some(&first), site.issue_token()))).await;
        assert!(all.into_iter().all(|fetched| fetched == Ok(HeaderValue::from(2))));
        // A late request with the first token gets the renewed one.
        assert_eq!(token.get(Some(&first), site.issue_token()).await, Ok(HeaderValue::from(2)));
        let second = HeaderValue::from(2);
        assert_eq!(token.get(Some(&second), site.issue_token()).await, Ok(HeaderValue::from(3)));
    }

    #[tokio::test(start_paused = true)]
    async fn waiting_requests_share_a_failure_and_later_ones_try_again() {
        let (site, token) = (Site::default(), SharedToken::default());
        let all = join_all((0..5).map(|_| token.get(None, site.fail()))).await;
        assert!(all.iter().all(Result::is_err));
        assert_eq!(site.0.load(Ordering::Relaxed), 1);
        assert_eq!(token.get(None, site.issue_token()).await, Ok(HeaderValue::from(2)));
    }
}
