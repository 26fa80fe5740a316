//! The events of a run, for those who follow it.

use crate::domain::failure::Failure;
use crate::domain::run::{HutResult, RunResult};
use crate::domain::schedule::SelectedHut;

/// What happens in a run. `Selected` comes first and `Finished` last; `Answered` and then `Done` come
/// once for each hut that is asked, unless its site is left before it has answered.
#[derive(Clone, Debug)]
pub enum RunEvent<'a> {
    Selected(&'a [SelectedHut]),
    /// A site has answered, or it is plain that it will not.
    Answered,
    /// A hut is done with.
    Done(&'a HutResult),
    /// A site is not asked any more in this run. All of its huts that are not done by now, so many,
    /// are skipped.
    SiteAbandoned {
        organization: &'a str,
        skipped: usize,
        why: &'a Failure,
    },
    Finished(&'a RunResult),
}

/// Follows a run: a progress bar, lines.
pub trait Reporter: Send {
    /// Takes note of what has happened.
    fn report(&mut self, event: &RunEvent<'_>);
}
