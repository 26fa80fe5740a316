//! Selects the huts that a run polls.

use anyhow::Context;
use chrono::{DateTime, Utc};

use crate::commands::clock;
use crate::commands::config::UpdateConfig;
use crate::db::connection::Db;
use crate::db::schedule::{Selected, get_huts_needing_update};
use crate::db::status::checked_after;
use crate::db::update_run::WantedChecks;
use crate::db::{register, takeover};
use crate::domain::day::Now;
use crate::domain::run::HutResult;
use crate::domain::schedule::SelectedHut;
use crate::domain::schedule::budget::Budget;
use crate::query::polling::shortfall;
use crate::runtime::clock::{Clock, MAX_DIFFERENCE, clock_warning};

/// The selected huts.
pub struct RunHuts {
    /// The huts to poll, in their order.
    pub huts: Vec<SelectedHut>,
    /// The results of huts that are not polled, because their last check is stored at an instant in the future.
    pub refused: Vec<HutResult>,
    pub budget: Option<Budget>,
}

impl RunHuts {
    pub fn select(db: &mut Db, config: &UpdateConfig, now: &Now) -> anyhow::Result<Self> {
        let Selected { huts, budget } = get_huts_needing_update(
            db,
            &config.selection,
            now,
            config.next_days,
            &config.schedule,
            (config.clock == Clock::System).then_some(MAX_DIFFERENCE),
        )?;
        let (huts, refused) = clock::refuse_huts_of_the_future(huts, config.clock, now.at);
        Ok(Self { huts, refused, budget })
    }

    /// Warns about later checks, about a database without huts, about a takeover that is not finished, and about a
    /// budget that is too small.
    pub fn warn(&self, db: &mut Db, config: &UpdateConfig, now: &Now) -> anyhow::Result<()> {
        if config.clock != Clock::System {
            warn_of_later_checks(db, now.at)?;
        }
        if self.count() == 0 {
            warn_of_nothing_to_do(db, config)?;
        }
        if let Some(warning) = self.budget.as_ref().and_then(shortfall) {
            tracing::warn!("{warning}");
        }
        Ok(())
    }

    /// The number of selected huts.
    pub fn count(&self) -> usize {
        self.huts.len() + self.refused.len()
    }

    /// The checks that this run wants to take from the budget.
    pub fn wanted_checks(&self, now: Now) -> Option<WantedChecks> {
        let budgeted = self.huts.iter().filter(|hut| hut.is_budgeted).count();
        self.budget.map(|budget| WantedChecks {
            checks: u32::try_from(budgeted).unwrap_or(u32::MAX),
            daily: budget.daily,
            now,
        })
    }

    /// Keeps as many of the huts that are checked from the budget as it has checks left (`granted`), the first ones;
    /// and all other huts.
    pub fn keep_budgeted(&mut self, granted: u32) {
        let mut left = granted;
        self.huts.retain(|hut| {
            let is_kept = !hut.is_budgeted || left > 0;
            left -= u32::from(hut.is_budgeted && is_kept);
            is_kept
        });
    }
}

/// With `--as-of`, huts may have been checked after that instant.
fn warn_of_later_checks(db: &mut Db, as_of: DateTime<Utc>) -> anyhow::Result<()> {
    let (huts, last) =
        checked_after(db, as_of + MAX_DIFFERENCE).context("cannot read the last checks")?;
    if let Some(last) = last {
        tracing::warn!("{}", clock_warning(huts, last, as_of));
    }
    Ok(())
}

fn warn_of_nothing_to_do(db: &mut Db, config: &UpdateConfig) -> anyhow::Result<()> {
    if register::count(db).context("cannot count the huts")? == 0 {
        tracing::warn!(
            "there are no huts in {}: `hut-availability huts discover` finds the huts of the booking \
             sites, and `update-availability --demo` runs the whole job without a network",
            config.database_url
        );
    }
    if let Some(pending) = takeover::pending(db).context("cannot read the huts")? {
        tracing::warn!("{pending}");
    }
    Ok(())
}
