//! The rows that several queries share.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;

use crate::db::connection::Db;
use crate::db::schema::{availability, availability_change, hut, hut_check};
use crate::db::state::StateRow;
use crate::db::timestamp::Timestamp;
use crate::domain::hut::HutType;
use crate::domain::state::{ReservationStatus, State};
use crate::domain::tier::Tier;
use crate::query::night::{MAX_EMPTY_ANSWERS, Night};
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
    is_public: bool,
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
            is_public: row.is_public,
        }
    }
}

/// The hut with this slug, checked or not.
pub fn head(db: &mut Db, slug: &str) -> QueryResult<Option<HutHead>> {
    let hut = hut::table.filter(hut::slug.eq(slug)).select(HutHeadRow::as_select());
    Ok(hut.first(db).optional()?.map(HutHead::from))
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
    withdrawn: bool,
}

/// What the rows of a hut need from its last checks.
#[derive(Clone, Copy, Debug, Default, Queryable, Selectable)]
#[diesel(table_name = hut_check)]
pub struct LastChecks {
    pub last_success: Option<Timestamp>,
    pub empty_answers: i32,
    pub tier: Option<Tier>,
}

impl LastChecks {
    /// Whether the last answers of the hut were empty, so that it has room on no date.
    pub fn answers_empty(self) -> bool {
        self.empty_answers >= MAX_EMPTY_ANSWERS
    }

    /// The state of a date as readers see it.
    pub fn night(
        self,
        state: StateRow,
        first_checked: Timestamp,
        last_checked: Option<Timestamp>,
        withdrawn: bool,
    ) -> Night {
        let is_empty = self.answers_empty();
        Night {
            state: state.into(),
            last_checked: until(first_checked, last_checked, self.last_success),
            tier: self.tier,
            is_listed: last_checked.is_none() && !is_empty,
            is_withdrawn: withdrawn || is_empty,
        }
    }
}

impl DayRow {
    pub fn into_night(self, checks: LastChecks) -> Night {
        checks.night(self.state, self.first_checked, self.last_checked, self.withdrawn)
    }

    pub fn into_detail(self, link: Option<String>, checks: LastChecks) -> DayDetail {
        DayDetail {
            date: self.availability_date,
            night: checks.night(self.state, self.first_checked, self.last_checked, self.withdrawn),
            source: DaySource {
                organization: self.source_organization,
                source_hut_id: self.source_hut_id,
                link,
            },
            first_checked: self.first_checked.into(),
        }
    }
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = availability_change)]
pub struct EntryRow {
    free: Option<i16>,
    total: Option<i16>,
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
