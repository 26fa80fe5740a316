//! The bodies of answers, and a budget for the memory of all bodies that a run holds at the same time.
//!
//! A body has its share of the budget until it is dropped, that is until it is parsed. A request that waits for a
//! share holds at most a small one, and the only large one is held by a request that waits for nothing but its
//! site. So no two requests wait for each other.

use std::ops::Deref;
use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::error::SourceError;

/// The largest answer that is read, in bytes after decompression. A year of dates is about 130 KB.
pub const MAX_BODY_BYTES: usize = 8 * 1024 * 1024;

/// Bytes. Bodies up to this size are held beside each other. The longest real answer, two years of dates, is half
/// as large.
const MAX_SMALL_BYTES: usize = 512 * 1024;

/// How many bodies are held at the same time. As many requests are in flight to two sites by default, so that
/// the requests to a site never wait because another one sends large answers.
const MAX_BODIES: usize = 48;

/// The budget of all requests of a run, to all sites: `MAX_BODIES` small bodies, and one of any size.
#[derive(Clone)]
pub struct BodyBudget {
    small: Arc<Semaphore>,
    large: Arc<Semaphore>,
}

impl Default for BodyBudget {
    fn default() -> Self {
        Self { small: Arc::new(Semaphore::new(MAX_BODIES)), large: Arc::new(Semaphore::new(1)) }
    }
}

impl BodyBudget {
    /// An empty body. Waits while too many are held.
    pub async fn body(&self) -> Body {
        let small = permit(&self.small).await;
        Body { bytes: Vec::new(), _small: small, large: None, budget: self.clone() }
    }
}

async fn permit(semaphore: &Arc<Semaphore>) -> OwnedSemaphorePermit {
    Arc::clone(semaphore).acquire_owned().await.expect("the semaphore is never closed")
}

/// The body of an answer, decompressed. Its share of the budget is free again when it is dropped.
pub struct Body {
    bytes: Vec<u8>,
    _small: OwnedSemaphorePermit,
    /// Held by the only body that is not small.
    large: Option<OwnedSemaphorePermit>,
    budget: BodyBudget,
}

impl Body {
    /// Makes room for `count` more bytes. Waits while the budget has none.
    ///
    /// # Errors
    /// `TooLarge` if the body would exceed [`MAX_BODY_BYTES`].
    pub async fn make_room(&mut self, count: usize) -> Result<(), SourceError> {
        let len = self.bytes.len() + count;
        if len > MAX_BODY_BYTES {
            return Err(SourceError::TooLarge(MAX_BODY_BYTES));
        }
        if len > MAX_SMALL_BYTES && self.large.is_none() {
            self.large = Some(permit(&self.budget.large).await);
        }
        Ok(())
    }

    /// Adds bytes for which there is room.
    pub fn push(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }
}

impl Deref for Body {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.bytes
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;
    use futures_util::future::join_all;

    use super::*;

    /// Receives a body of `len` bytes in pieces, as a client does.
    async fn receive(budget: &BodyBudget, len: usize) -> Result<Body, SourceError> {
        let mut body = budget.body().await;
        for piece in vec![b' '; len].chunks(100_000) {
            body.make_room(piece.len()).await?;
            tokio::task::yield_now().await;
            body.push(piece);
        }
        Ok(body)
    }

    #[tokio::test]
    async fn small_bodies_are_held_together_and_never_wait_for_large_ones() {
        let budget = BodyBudget::default();
        let large = receive(&budget, MAX_BODY_BYTES).await.unwrap();
        let mut waiting = Vec::new();
        for _ in 0..MAX_BODIES / 2 {
            let mut body = budget.body().await;
            body.make_room(MAX_SMALL_BYTES).await.unwrap();
            body.push(&vec![b' '; MAX_SMALL_BYTES]);
            assert!(body.make_room(1).now_or_never().is_none(), "a second large body waits");
            waiting.push(body);
        }
        let small =
            join_all((waiting.len() + 1..MAX_BODIES).map(|_| receive(&budget, MAX_SMALL_BYTES)));
        let small = small.await;
        assert!(budget.body().now_or_never().is_none(), "one body more waits");
        drop((small, large));
        assert!(waiting[0].make_room(1).now_or_never().is_some(), "a dropped body makes room");
    }

    #[tokio::test]
    async fn any_number_of_large_bodies_is_received_in_the_end() {
        let budget = BodyBudget::default();
        let bodies = (0..3 * MAX_BODIES)
            .map(|_| async { receive(&budget, 2 * MAX_SMALL_BYTES).await.map(|body| body.len()) });
        assert!(join_all(bodies).await.into_iter().all(|len| len == Ok(2 * MAX_SMALL_BYTES)));
    }

    #[tokio::test]
    async fn a_body_above_the_limit_is_too_large_and_frees_its_share() {
        let budget = BodyBudget::default();
        for _ in 0..2 {
            let received = receive(&budget, MAX_BODY_BYTES + 1).await;
            assert_eq!(received.err(), Some(SourceError::TooLarge(MAX_BODY_BYTES)));
        }
        assert!(receive(&budget, MAX_BODY_BYTES).await.is_ok());
    }
}
