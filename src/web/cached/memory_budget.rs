//! The memory of answers that are kept or being sent: a client that takes its answer slowly holds it,
//! and so would thousands of them.

use std::sync::Arc;

use axum::body::{Body, Bytes};
use futures_util::StreamExt;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Answers of up to this many bytes have room always: of all the connections that may be open, each can
/// hold one.
const SMALL_BYTES: usize = 32 * 1024;

/// All larger answers, kept or being sent, in KiB.
const BUDGET_KIB: usize = 16 * 1024;

/// Answers that are too large to be kept, and sent while they are made.
const MAX_STREAMED: usize = 4;

/// What room is left.
#[derive(Clone)]
pub struct MemoryBudget {
    kib: Arc<Semaphore>,
    streamed: Arc<Semaphore>,
}

/// Bytes that take room until the last of those who hold them has dropped them.
struct MemoryReservation {
    bytes: Bytes,
    _permit: OwnedSemaphorePermit,
}

impl AsRef<[u8]> for MemoryReservation {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

impl MemoryBudget {
    pub fn new() -> Self {
        let kib = Arc::new(Semaphore::new(BUDGET_KIB));
        Self { kib, streamed: Arc::new(Semaphore::new(MAX_STREAMED)) }
    }

    /// Takes room for an answer; none where there is none left.
    pub fn hold(&self, bytes: Bytes) -> Option<Bytes> {
        if bytes.len() <= SMALL_BYTES {
            return Some(bytes);
        }
        let kib = u32::try_from(bytes.len().div_ceil(1024)).ok()?;
        let permit = Arc::clone(&self.kib).try_acquire_many_owned(kib).ok()?;
        Some(Bytes::from_owner(MemoryReservation { bytes, _permit: permit }))
    }

    /// Takes room for an answer that is made while it is sent; none where there is none left.
    pub fn stream(&self, body: Body) -> Option<Body> {
        let place = Arc::clone(&self.streamed).try_acquire_owned().ok()?;
        let chunks = body.into_data_stream().map(move |chunk| {
            // It is dropped with the last chunk.
            let _ = &place;
            chunk
        });
        Some(Body::from_stream(chunks))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn room_is_taken_until_the_last_holder_is_gone_and_small_answers_always_have_some() {
        let budget = MemoryBudget::new();
        let large = || Bytes::from(vec![b'x'; BUDGET_KIB / 2 * 1024]);
        let (first, second) = (budget.hold(large()).unwrap(), budget.hold(large()).unwrap());
        assert!(budget.hold(large()).is_none());
        assert!(budget.hold(Bytes::from(vec![b'x'; SMALL_BYTES])).is_some());
        let sent = first.clone();
        drop(first);
        assert!(budget.hold(large()).is_none(), "somebody is still sent it");
        drop((sent, second));
        assert!(budget.hold(large()).is_some());
    }

    #[test]
    fn so_many_are_streamed_and_no_more() {
        let budget = MemoryBudget::new();
        let all: Vec<_> =
            (0..MAX_STREAMED).map(|_| budget.stream(Body::empty()).unwrap()).collect();
        assert!(budget.stream(Body::empty()).is_none());
        drop(all);
        assert!(budget.stream(Body::empty()).is_some());
    }
}
