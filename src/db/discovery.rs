//! `discovery`: the progress of the last discovery of each site.

use chrono::{DateTime, Utc};
use diesel::prelude::*;

use super::connection::Db;
use super::schema::discovery;
use super::timestamp::Timestamp;

/// The progress of a discovery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    pub started_at: DateTime<Utc>,
    /// The first step that is not done yet.
    pub next_step: u32,
    pub failed_steps: u32,
}

#[derive(AsChangeset, Insertable, Queryable, Selectable)]
#[diesel(table_name = discovery, treat_none_as_null = true, treat_none_as_default_value = false)]
struct DiscoveryRow {
    organization: String,
    started_at: Timestamp,
    next_step: i32,
    failed_steps: i32,
    finished_at: Option<Timestamp>,
}

/// The last discovery, and when it finished, if it did.
pub fn last(
    db: &mut Db,
    organization: &str,
) -> QueryResult<Option<(Progress, Option<DateTime<Utc>>)>> {
    let row = discovery::table.find(organization).select(DiscoveryRow::as_select());
    let row: Option<DiscoveryRow> = row.first(db).optional()?;
    let positive = |number: i32| u32::try_from(number).unwrap_or_default();
    let with_progress = |row: DiscoveryRow| {
        let progress = Progress {
            started_at: row.started_at.into(),
            next_step: positive(row.next_step),
            failed_steps: positive(row.failed_steps),
        };
        (progress, row.finished_at.map(DateTime::from))
    };
    Ok(row.map(with_progress))
}

/// Stores the progress of a discovery, and when it finished, if it did.
pub fn save(
    db: &mut Db,
    organization: &str,
    progress: &Progress,
    finished_at: Option<DateTime<Utc>>,
) -> QueryResult<()> {
    let number = |number: u32| i32::try_from(number).unwrap_or(i32::MAX);
    let row = DiscoveryRow {
        organization: organization.to_owned(),
        started_at: progress.started_at.into(),
        next_step: number(progress.next_step),
        failed_steps: number(progress.failed_steps),
        finished_at: finished_at.map(Timestamp::from),
    };
    let updated = diesel::update(discovery::table.find(organization)).set(&row).execute(db)?;
    if updated == 0 {
        diesel::insert_into(discovery::table).values(&row).execute(db)?;
    }
    Ok(())
}
