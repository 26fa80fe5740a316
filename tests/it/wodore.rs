//! The clients of the Wodore backend find here what they know: its answers, its parameters, its headers.

mod comparing;
mod cross_origin;
mod fake;
mod hidden;
mod rate_limits;
mod requests;
mod shapes;

use diesel::connection::SimpleConnection;
use hut_availability::db::connection::Db;
use hut_availability::db::write::update_availability;
use hut_availability::domain::state::{ReservationStatus, State};

use crate::support::checks::{check, july, state};
use crate::support::database::TestDatabase;

/// Tuesday in summer.
const NOW: &str = "2026-06-30T18:00:00Z";

/// The hut that [`fill`] stores with nights without published numbers.
const UNPUBLISHED: i32 = 4;

/// Stores huts with coordinates and nights of July. The hut [`UNPUBLISHED`] has nights without numbers.
fn fill(database: &TestDatabase, huts: usize) -> Db {
    let mut db = database.with_huts(huts);
    for id in 1..=i32::try_from(huts).unwrap() {
        let place = format!(
            "UPDATE hut SET latitude = {}, longitude = {}, country = 'CH' WHERE id = {id}",
            46.0 + f64::from(id) / 10.0,
            8.0 + f64::from(id) / 10.0
        );
        db.batch_execute(&place).unwrap();
        for (time, free) in [("10:00", 30), ("11:00", 25), ("12:00", 25)] {
            let nights: Vec<(u32, i16)> = (1..=8).map(|day| (day, free - day as i16)).collect();
            let mut check = check(id, time, &nights);
            check.days.insert(july(9), state(0, 40));
            if id == UNPUBLISHED {
                let reservation_status = ReservationStatus::Possible;
                let free_unknown = State { free: None, reservation_status, ..state(0, 40) };
                let unknown = State { total: None, ..free_unknown };
                check.days.extend([(july(1), free_unknown), (july(2), unknown)]);
            }
            update_availability(&mut db, &check, check.at).unwrap();
        }
    }
    db
}
