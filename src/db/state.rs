//! The state of a date as columns of `availability`.

use diesel::prelude::*;

use super::schema::availability;
use crate::domain::hut::HutType;
use crate::domain::state::{ReservationStatus, State};

#[derive(Queryable, Selectable)]
#[diesel(table_name = availability)]
pub struct StateRow {
    free: Option<i16>,
    total: Option<i16>,
    hut_type: HutType,
    reservation_status: ReservationStatus,
}

impl From<StateRow> for State {
    fn from(row: StateRow) -> Self {
        let StateRow { free, total, hut_type, reservation_status } = row;
        Self { free, total, hut_type, reservation_status }
    }
}
