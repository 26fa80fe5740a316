//! Takes the nights of one hut: repairs them, and writes them in one transaction.

use anyhow::bail;
use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;

use super::plan::Plan;
use super::plan::taken::HutPlan;
use super::register::Record;
use super::theirs::nights::{Night, Nights, RowRecord, Values};
use crate::db::check::{self, HutCheck};
use crate::db::connection::{Db, write_transaction};
use crate::db::guard::Guard;
use crate::db::room_changed::RoomChanged;
use crate::db::schema::{availability, availability_change, hut};
use crate::db::takeover;
use crate::db::timestamp::Timestamp;
use crate::domain::organization::Organizations;
use crate::domain::takeover::counts::{Correction, Counts, LeftOut};
use crate::domain::takeover::date::{LastSuccess, RepairedDate, TheirEntry, TheirRow, repair_date};
use crate::domain::takeover::last_check::LastCheck;
use crate::domain::takeover::source::MISSING_ID;
use crate::domain::takeover::state::TheirState;
use crate::ops::copy::rows::{AvailabilityRow, ChangeRow, CopyRow};

/// Rows or entries that are written at once.
const PAGE: usize = 2_000;

/// What a takeover needs beside the plan.
#[derive(Clone, Copy)]
pub struct Taking<'a> {
    pub plan: &'a Plan,
    pub known: &'a Organizations,
    /// When the other database was read: the mark of this takeover.
    pub read_at: DateTime<Utc>,
    /// The latest instant that is not in the future.
    pub limit: DateTime<Utc>,
}

impl Taking<'_> {
    /// Replaces the nights of a hut in the target. Returns what was read and repaired.
    ///
    /// # Errors
    /// A database fails, or another program has finished the takeover, or has begun a later one.
    pub fn write(
        self,
        nights: &mut Nights<'_>,
        to: &mut Db,
        hut_id: i32,
    ) -> anyhow::Result<Record> {
        write_transaction(to, |to| {
            self.ensure_under_way(to, hut_id)?;
            check::lock(to, hut_id, &Guard::default())?;
            let of_hut = availability_change::hut_id.eq(hut_id);
            diesel::delete(availability_change::table.filter(of_hut)).execute(to)?;
            diesel::delete(availability::table.filter(availability::hut_id.eq(hut_id)))
                .execute(to)?;
            let mut pages = Pages::default();
            let record = self.read(nights, hut_id, |night| pages.add(to, hut_id, night))?;
            pages.flush(to)?;
            let check = hut_check(&self.last_check(hut_id));
            check::save(to, hut_id, &check, RoomChanged::Yes)?;
            takeover::mark(to, hut_id, self.read_at, Some(&record.to_json()))?;
            Ok(record)
        })
    }

    /// Locks a hut, and returns an error if its takeover is not this one any more.
    fn ensure_under_way(self, to: &mut Db, hut_id: i32) -> anyhow::Result<()> {
        let row = hut::table.find(hut_id).select((hut::slug, hut::takeover_read_at));
        let found: (String, Option<Timestamp>) = match to {
            Db::Postgres(connection) => row.for_update().first(connection)?,
            // The transaction already holds the only write lock.
            Db::Sqlite(connection) => row.first(connection)?,
        };
        match found {
            (_, Some(read_at)) if read_at == self.read_at.into() => Ok(()),
            (slug, Some(_)) => bail!(
                "another takeover into the same database has begun, and goes on with {slug:?}: let it end, and run \
                 the command again to catch up"
            ),
            (slug, None) => bail!(
                "the takeover was finished meanwhile, and this program polls {slug:?}: no further night can be taken"
            ),
        }
    }

    /// Reads and repairs the nights of a hut, and passes each on.
    ///
    /// # Errors
    /// The other database fails, or `on_night`.
    pub fn read(
        self,
        nights: &mut Nights<'_>,
        hut_id: i32,
        mut on_night: impl FnMut(TakenNight) -> QueryResult<()>,
    ) -> anyhow::Result<Record> {
        let of_hut = &self.plan.huts[&hut_id];
        let mut counts = Counts::default();
        let success = LastSuccess(of_hut.stored.newest.unwrap_or(self.limit));
        while let Some(night) = nights.next_of(hut_id)? {
            counts.rows_read += u64::from(night.row.is_some());
            counts.entries_read += night.entries.len() as u64;
            if let Some(taken) = self.repair(of_hut, hut_id, night, success, &mut counts) {
                on_night(taken)?;
            }
        }
        Ok(Record { digest: of_hut.digest.clone(), counts })
    }

    fn repair(
        self,
        of_hut: &HutPlan,
        hut_id: i32,
        night: Night,
        success: LastSuccess,
        counts: &mut Counts,
    ) -> Option<TakenNight> {
        let Night { date, row, entries } = night;
        let Some(date) = date else {
            counts.leave_out(LeftOut::InvalidDate, row.is_some(), entries.len());
            return None;
        };
        let Some((organization, source_hut_id)) = self.source(of_hut, hut_id, row.as_ref(), counts)
        else {
            counts.leave_out(LeftOut::NoSource, row.is_some(), entries.len());
            return None;
        };
        let row = row.map(|row| {
            let (first_checked, last_checked) = self.instants(&row.values, counts);
            TheirRow { first_checked, last_checked, state: self.state(&row.values).correct(counts) }
        });
        let entries = entries
            .into_iter()
            .map(|entry| {
                let (first_checked, last_checked) = self.instants(&entry.values, counts);
                let state = self.state(&entry.values).correct(counts);
                TheirEntry { first_checked, last_checked, state }
            })
            .collect();
        let night = repair_date(date, row.as_ref(), entries, success, counts)?;
        Some(TakenNight { date, organization, source_hut_id, night })
    }

    fn instants(self, values: &Values, counts: &mut Counts) -> (DateTime<Utc>, DateTime<Utc>) {
        let (first, last, is_later) = values.instants(self.limit);
        if is_later {
            counts.correct(Correction::Instant);
        }
        (first, last)
    }

    fn state(self, values: &Values) -> TheirState {
        TheirState {
            free: values.free,
            total: values.total,
            hut_type: values.hut_type_id.and_then(|id| self.plan.types.get(&id).copied()),
            reservation_status: values.reservation_status.clone(),
            occupancy_status: values.occupancy_status.clone(),
        }
    }

    /// The organization of a night, and the hut's ID there when it was published.
    fn source(
        self,
        of_hut: &HutPlan,
        hut_id: i32,
        row: Option<&RowRecord>,
        counts: &mut Counts,
    ) -> Option<(String, String)> {
        let of_row = row.and_then(|row| of_hut.sources.get(&row.organization_id?));
        let (organization, id_of_hut) = of_row.or(of_hut.default_source.as_ref())?;
        let id = row.and_then(|row| row.source_id.as_deref()).map(str::trim).unwrap_or_default();
        let is_of_night = !id.is_empty() && (id != hut_id.to_string() || id == id_of_hut);
        let id = if is_of_night {
            let known = self.known.get(organization);
            known.and_then(|known| known.hut_id(id).ok()).unwrap_or_else(|| id.to_owned())
        } else {
            if row.is_some() && id_of_hut != MISSING_ID {
                counts.correct(Correction::SourceId);
            }
            id_of_hut.clone()
        };
        Some((organization.clone(), id))
    }

    fn last_check(self, hut_id: i32) -> LastCheck {
        let of_hut = &self.plan.huts[&hut_id];
        LastCheck::new(of_hut.stored.newest, of_hut.status)
    }
}

/// A night that is taken.
pub struct TakenNight {
    date: NaiveDate,
    organization: String,
    source_hut_id: String,
    night: RepairedDate,
}

/// Rows and entries that are not written yet.
#[derive(Default)]
struct Pages {
    rows: Vec<AvailabilityRow>,
    entries: Vec<ChangeRow>,
}

impl Pages {
    fn add(&mut self, to: &mut Db, hut_id: i32, taken: TakenNight) -> QueryResult<()> {
        let TakenNight { date, organization, source_hut_id, night } = taken;
        let RepairedDate { state, last_checked, withdrawn, entries } = night;
        let last_checked = last_checked.map(Timestamp::from);
        self.rows.push(AvailabilityRow {
            hut_id,
            availability_date: date,
            source_organization: organization,
            source_hut_id,
            free: state.free,
            total: state.total,
            hut_type: state.hut_type.to_string(),
            reservation_status: state.reservation_status.to_string(),
            first_checked: entries[0].0.into(),
            last_checked,
            withdrawn,
        });
        let ends = entries.iter().skip(1).map(|(next, _)| Some(Timestamp::from(*next)));
        let ends: Vec<_> = ends.chain([last_checked]).collect();
        self.entries.extend(entries.iter().zip(ends).map(|((at, state), last_checked)| {
            ChangeRow {
                hut_id,
                availability_date: date,
                first_checked: (*at).into(),
                last_checked,
                free: state.free,
                total: state.total,
                hut_type: state.hut_type.to_string(),
                reservation_status: state.reservation_status.to_string(),
            }
        }));
        if self.rows.len().max(self.entries.len()) >= PAGE { self.flush(to) } else { Ok(()) }
    }

    /// Writes everything. The entries refer to their rows, so those come first.
    fn flush(&mut self, to: &mut Db) -> QueryResult<()> {
        AvailabilityRow::insert(to, &self.rows)?;
        ChangeRow::insert(to, &self.entries)?;
        self.rows.clear();
        self.entries.clear();
        Ok(())
    }
}

fn hut_check(last: &LastCheck) -> HutCheck {
    let at = |instant: Option<DateTime<Utc>>| instant.map(Timestamp::from);
    let LastCheck { consecutive_failures: failures, .. } = *last;
    HutCheck {
        last_checked: at(last.last_checked),
        // Their instants are those of the start of a run.
        last_checked_run: at(last.last_checked),
        last_success: at(last.last_success),
        last_success_run: at(last.last_success),
        has_data: last.has_data,
        empty_answers: last.empty_answers,
        consecutive_failures: failures,
        last_error: (failures > 0).then(|| "unknown: a failure before the takeover".into()),
        failing_since: at(last.last_checked).filter(|_| failures > 0),
        ..HutCheck::default()
    }
}
