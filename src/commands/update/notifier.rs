//! The watches during a run: the huts that change are passed on, as soon as they are stored.

use std::collections::HashMap;
use std::sync::Arc;

use crate::commands::channels::ChannelCourier;
use crate::commands::config::UpdateConfig;
use crate::db::resilient::ResilientDb;
use crate::domain::failure::ErrorKind;
use crate::domain::run::{HutOutcome, HutResult};
use crate::domain::schedule::SelectedHut;
use crate::update::event::{Reporter, RunEvent};
use crate::watch::matching::Moment;
use crate::watch::notifier::{ChangedHuts, Notifier};

/// Matches all watches, and begins to send. If the file of channels cannot be read, messages stay pending, and the run
/// goes on.
pub async fn start(config: &UpdateConfig, db: ResilientDb) -> Option<Notifier> {
    let courier = match config.channels.as_deref().map(ChannelCourier::read).transpose() {
        Ok(courier) => courier,
        Err(error) => {
            tracing::error!("no messages are sent: {error:#}");
            None
        }
    };
    let (clock, timezone) = (config.clock, config.timezone);
    let moment = move || Moment { now: clock.now(), today: clock.today(timezone) };
    Notifier::start(db, courier, Arc::new(moment)).await
}

/// A reporter that also passes on the huts that may have changed.
pub struct Matching<'a> {
    reporter: &'a mut dyn Reporter,
    changes: Option<ChangedHuts>,
    /// The ID of each selected hut, and whether its last check had failed.
    huts: HashMap<String, (i32, bool)>,
}

impl<'a> Matching<'a> {
    #[must_use]
    pub fn new(
        reporter: &'a mut dyn Reporter,
        notifier: Option<&Notifier>,
        huts: &[SelectedHut],
    ) -> Self {
        let hut = |selected: &SelectedHut| {
            let had_failed = selected.last_try.consecutive_failures > 0;
            (selected.hut.slug.clone(), (selected.hut.id, had_failed))
        };
        let changes = notifier.map(Notifier::changes);
        Self { reporter, changes, huts: huts.iter().map(hut).collect() }
    }
}

impl Reporter for Matching<'_> {
    fn report(&mut self, event: &RunEvent<'_>) {
        self.reporter.report(event);
        if let (RunEvent::Done(result), Some(changes)) = (event, &self.changes)
            && let Some(&(hut_id, had_failed)) = self.huts.get(&result.hut)
            && may_have_news(result, had_failed)
        {
            changes.add(hut_id);
        }
    }
}

/// Whether a hut may have room on other dates than before. After a failure, dates may have room again that are stored
/// unchanged.
fn may_have_news(result: &HutResult, had_failed: bool) -> bool {
    let diff = &result.diff;
    match result.outcome {
        HutOutcome::Updated => {
            had_failed || diff.created + diff.history_entries + diff.dropped_out > 0
        }
        HutOutcome::Failed => {
            result.failure.as_ref().is_some_and(|failure| failure.kind == ErrorKind::Empty)
        }
        HutOutcome::Skipped => false,
    }
}
