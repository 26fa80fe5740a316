//! The rows that several queries share.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;

use crate::db::schema::{availability, availability_change, hut};
use crate::db::state::StateRow;
use crate::db::timestamp::Timestamp;
use crate::domain::availability::{ReservationStatus, State};
use crate::domain::hut::HutType;
use crate::query::views::{DayDetail, DaySource, Entry, HutHead};

#[derive(Queryable, Selectable)]
#[diesel(table_name = hut)]
pub struct HutHeadRow {
    pub id: i32,
    slug: String,
    name: String,
    country: Option<String>,
    latitude: Option<f64>,
    longitude: Option<f64>,
    hut_type_open: Option<HutType>,
    hut_type_closed: Option<HutType>,
    is_active: bool,
}

impl From<HutHeadRow> for HutHead {
    fn from(row: HutHeadRow) -> Self {
        Self {
            id: row.id,
            slug: row.slug,
            name: row.name,
            country: row.country,
            latitude: row.latitude,
            longitude: row.longitude,
            hut_type_open: row.hut_type_open,
            hut_type_closed: row.hut_type_closed,
            is_active: row.is_active,
        }
    }
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = availability)]
pub struct DayRow {
    availability_date: NaiveDate,
    #[diesel(embed)]
    state: StateRow,
    source_organization: String,
    source_hut_id: String,
    first_checked: Timestamp,
    last_checked: Option<Timestamp>,
}

impl DayRow {
    pub fn into_detail(self, link: Option<String>, last_success: Option<Timestamp>) -> DayDetail {
        DayDetail {
            date: self.availability_date,
            state: self.state.into(),
            source: DaySource {
                organization: self.source_organization,
                source_hut_id: self.source_hut_id,
                link,
            },
            first_checked: self.first_checked.into(),
            last_checked: until(self.first_checked, self.last_checked, last_success),
        }
    }
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = availability_change)]
pub struct EntryRow {
    free: i16,
    total: i16,
    hut_type: HutType,
    reservation_status: ReservationStatus,
    first_checked: Timestamp,
    last_checked: Option<Timestamp>,
}

impl EntryRow {
    pub fn into_entry(self, last_success: Option<Timestamp>) -> Entry {
        let Self { free, total, hut_type, reservation_status, .. } = self;
        Entry {
            state: State { free, total, hut_type, reservation_status },
            first_checked: self.first_checked.into(),
            last_checked: until(self.first_checked, self.last_checked, last_success),
        }
    }
}

/// Until when a state is known to be valid. The NULLs of the tables are filled in as in the views.
fn until(
    first: Timestamp,
    last: Option<Timestamp>,
    last_success: Option<Timestamp>,
) -> DateTime<Utc> {
    // The check that stored the state was successful, so `last_success` is set.
    last.or(last_success).unwrap_or(first).into()
}
