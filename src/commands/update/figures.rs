//! What the metrics of a run say about the database.

use chrono::{DateTime, Utc};

use crate::commands::config::UpdateConfig;
use crate::db::open::{Access, connect};
use crate::db::polling;
use crate::db::schedule::candidates;
use crate::db::watch::delivery;
use crate::domain::day::Now;
use crate::domain::schedule::{Schedule, stalest_high};
use crate::metrics::ended::{Figures, PollingFigures};

/// Reads how old the checks are, and the messages of watches. It uses a connection of its own, and reads at the end of
/// the run, so that the checks of concurrent runs count, too.
pub fn figures(
    config: &UpdateConfig,
    now: DateTime<Utc>,
) -> impl FnOnce() -> anyhow::Result<Figures> + Send + use<> {
    let (url, next_days) = (config.database_url.clone(), config.next_days);
    let (schedule, now) = (config.schedule, Now::new(now, config.timezone));
    move || {
        let mut db = connect(&url, Access::ReadOnly)?;
        let polling = match schedule {
            Schedule::Tiers(_) => {
                let candidates = candidates(&mut db, now.today, next_days)?;
                PollingFigures::Tiers { stalest_high: stalest_high(&candidates, now.at) }
            }
            Schedule::Adaptive(_) => {
                PollingFigures::Adaptive(polling::load(&mut db, &schedule, &now, next_days)?.1)
            }
        };
        Ok(Figures { polling, notifications: delivery::notifications(&mut db)? })
    }
}
