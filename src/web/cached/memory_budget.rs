//! Limits the memory of responses that are cached or being sent. A slow client holds its response in memory
//! for a long time, so thousands of slow clients would exhaust the memory.

use std::sync::Arc;

use axum::body::{Body, Bytes};
use futures_util::StreamExt;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Responses of up to this many bytes need no reservation: even one per open connection fits in memory.
const SMALL_BYTES: usize = 32 * 1024;

/// The memory of all larger responses, cached or being sent, in KiB.
const BUDGET_KIB: usize = 16 * 1024;

/// The most responses that are too large to be cached, and are sent while they are made.
const MAX_STREAMED: usize = 4;

/// The memory that is not reserved. Clones share it.
#[derive(Clone)]
pub struct MemoryBudget {
    kib: Arc<Semaphore>,
    streamed: Arc<Semaphore>,
}

/// Bytes whose memory is reserved until their last copy is dropped.
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

    /// Reserves memory for a response; none if there is not enough left.
    pub fn reserve(&self, bytes: Bytes) -> Option<Bytes> {
        if bytes.len() <= SMALL_BYTES {
            return Some(bytes);
        }
        let kib = u32::try_from(bytes.len().div_ceil(1024)).ok()?;
        let permit = Arc::clone(&self.kib).try_acquire_many_owned(kib).ok()?;
        Some(Bytes::from_owner(MemoryReservation { bytes, _permit: permit }))
    }

    /// Reserves memory for a response that is sent while it is made; none if too many are being sent.
    pub fn reserve_stream(&self, body: Body) -> Option<Body> {
        let permit = Arc::clone(&self.streamed).try_acquire_owned().ok()?;
        let chunks = body.into_data_stream().map(move |chunk| {
            // The closure owns the permit, so it is dropped with the stream.
            let _ = &permit;
            chunk
        });
        Some(Body::from_stream(chunks))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_reserved_until_the_last_copy_is_dropped_and_small_responses_need_none() {
        let budget = MemoryBudget::new();
        let large = || Bytes::from(vec![b'x'; BUDGET_KIB / 2 * 1024]);
        let (first, second) = (budget.reserve(large()).unwrap(), budget.reserve(large()).unwrap());
        assert!(budget.reserve(large()).is_none());
        assert!(budget.reserve(Bytes::from(vec![b'x'; SMALL_BYTES])).is_some());
        let being_sent = first.clone();
        drop(first);
        assert!(budget.reserve(large()).is_none(), "a copy is still being sent");
        drop((being_sent, second));
        assert!(budget.reserve(large()).is_some());
    }

    #[test]
    fn the_number_of_streamed_responses_is_limited() {
        let budget = MemoryBudget::new();
        let all: Vec<_> =
            (0..MAX_STREAMED).map(|_| budget.reserve_stream(Body::empty()).unwrap()).collect();
        assert!(budget.reserve_stream(Body::empty()).is_none());
        drop(all);
        assert!(budget.reserve_stream(Body::empty()).is_some());
    }
}
