//! The events of a run, for its reporters.

use crate::domain::failure::Failure;
use crate::domain::run::{HutResult, RunResult};

/// An event of a run. `Selected` comes first and `Finished` last. Each hut that is asked has one `Answered`
/// and then one `Done`, unless its site is abandoned before it has answered.
#[derive(Clone, Debug)]
pub enum RunEvent<'a> {
    /// The number of huts that the run checks.
    Selected(usize),
    /// A site has answered for a hut, or its request has failed for good.
    Answered,
    /// A hut is finished: stored, failed or skipped.
    Done(&'a HutResult),
    /// The run sends no more requests to a site. Its unfinished huts are skipped; `skipped` is their number.
    SiteAbandoned {
        organization: &'a str,
        skipped: usize,
        why: &'a Failure,
    },
    Finished(&'a RunResult),
}

/// Reports the events of a run, such as a progress bar does.
pub trait Reporter: Send {
    /// Handles one event.
    fn report(&mut self, event: &RunEvent<'_>);
}
