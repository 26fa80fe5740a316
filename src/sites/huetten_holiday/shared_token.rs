//! A site's token that all requests share: fetched once, however many want it at the same time.

use std::sync::atomic::{AtomicUsize, Ordering};

use reqwest::header::HeaderValue;
use tokio::sync::Mutex;

use crate::sites::error::SourceError;

/// The latest token of a site, or why there is none.
#[derive(Default)]
pub struct SharedToken {
    latest: Mutex<Option<Result<HeaderValue, SourceError>>>,
    fetches: AtomicUsize,
}

impl SharedToken {
    /// The latest token, unless it is the one that the site has `refused`: then, and where there is
    /// none yet, a new one. Whoever waits while another fetches takes what that one got, be it a
    /// token or an error: so many huts make one request of it, and a site that is down is not waited
    /// for by one after the other.
    ///
    /// # Errors
    /// That of `fetch`.
    pub async fn get(
        &self,
        refused: Option<&HeaderValue>,
        fetch: impl Future<Output = Result<HeaderValue, SourceError>>,
    ) -> Result<HeaderValue, SourceError> {
        let fetches = self.fetches.load(Ordering::Acquire);
        let mut latest = self.latest.lock().await;
        let has_waited_for_one = self.fetches.load(Ordering::Acquire) != fetches;
        match &*latest {
            Some(got) if has_waited_for_one => got.clone(),
            Some(Ok(token)) if refused != Some(token) => Ok(token.clone()),
            _ => {
                let got = fetch.await;
                self.fetches.fetch_add(1, Ordering::Release);
                latest.insert(got).clone()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use futures_util::future::join_all;

    use super::*;

    /// Fetches that take their time, each of which brings another token.
    #[derive(Default)]
    struct Site(AtomicUsize);

    impl Site {
        async fn give(&self) -> Result<HeaderValue, SourceError> {
            let number = self.0.fetch_add(1, Ordering::Relaxed) + 1;
            tokio::time::sleep(Duration::from_secs(1)).await;
            Ok(HeaderValue::from(number))
        }

        async fn fail(&self) -> Result<HeaderValue, SourceError> {
            self.give().await?;
            Err(SourceError::Connect("down".into()))
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_token_is_fetched_once_for_all() {
        let (site, token) = (Site::default(), SharedToken::default());
        let all = join_all((0..5).map(|_| token.get(None, site.give()))).await;
        assert!(all.into_iter().all(|got| got == Ok(HeaderValue::from(1))));
        assert_eq!(token.get(None, site.give()).await, Ok(HeaderValue::from(1)));
    }

    #[tokio::test(start_paused = true)]
    async fn a_refused_token_is_renewed_once_for_all() {
        let (site, token) = (Site::default(), SharedToken::default());
        let first = token.get(None, site.give()).await.unwrap();
        let all = join_all((0..5).map(|_| token.get(Some(&first), site.give()))).await;
        assert!(all.into_iter().all(|got| got == Ok(HeaderValue::from(2))));
        // Who comes late with the first one finds it renewed.
        assert_eq!(token.get(Some(&first), site.give()).await, Ok(HeaderValue::from(2)));
        let second = HeaderValue::from(2);
        assert_eq!(token.get(Some(&second), site.give()).await, Ok(HeaderValue::from(3)));
    }

    #[tokio::test(start_paused = true)]
    async fn a_failure_is_shared_by_those_who_waited_and_forgotten_after() {
        let (site, token) = (Site::default(), SharedToken::default());
        let all = join_all((0..5).map(|_| token.get(None, site.fail()))).await;
        assert!(all.iter().all(Result::is_err));
        assert_eq!(site.0.load(Ordering::Relaxed), 1);
        assert_eq!(token.get(None, site.give()).await, Ok(HeaderValue::from(2)));
    }
}
