//! The statuses of nights in SQL equal those in Rust.

use diesel::prelude::*;
use hut_availability::db::connection::Db;
use hut_availability::db::pages::occupancy::{condition, percent};
use hut_availability::domain::hut::HutType;
use hut_availability::domain::state::{ReservationStatus, State};
use hut_availability::query::night::NightStatus;
use strum::VariantArray;

use crate::on_both_databases;

/// Places: enough for every limit of a status to have a neighbour on both sides.
const MAX_PLACES: i16 = 30;

#[derive(QueryableByName)]
struct Found {
    #[diesel(sql_type = diesel::sql_types::Nullable<diesel::sql_types::SmallInt>)]
    free: Option<i16>,
    #[diesel(sql_type = diesel::sql_types::Nullable<diesel::sql_types::SmallInt>)]
    total: Option<i16>,
    #[diesel(sql_type = diesel::sql_types::Text)]
    reservation_status: String,
    #[diesel(sql_type = diesel::sql_types::Nullable<diesel::sql_types::Double>)]
    percent: Option<f64>,
}

impl Found {
    fn state(&self) -> State {
        let reservation_status = self.reservation_status.parse().unwrap();
        State { free: self.free, total: self.total, hut_type: HutType::Hut, reservation_status }
    }
}

/// Every state with up to [`MAX_PLACES`] places or without a number, for which a condition holds.
fn states_with(db: &mut Db, condition: &str) -> Vec<Found> {
    let statuses = ReservationStatus::VARIANTS.iter();
    let statuses: Vec<String> = statuses.map(|status| format!("('{status}')")).collect();
    let sql = format!(
        "WITH RECURSIVE
            numbers (n) AS (SELECT -1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {MAX_PLACES}),
            statuses (status) AS (VALUES {}),
            night AS (
                SELECT CAST(nullif(f.n, -1) AS smallint) AS free, CAST(nullif(t.n, -1) AS smallint) AS total,
                    status AS reservation_status
                FROM numbers AS f, numbers AS t, statuses WHERE f.n = -1 OR t.n = -1 OR f.n <= t.n
            )
        SELECT free, total, reservation_status, {} AS percent FROM night WHERE {condition}",
        statuses.join(", "),
        percent("night"),
    );
    match db {
        Db::Postgres(connection) => diesel::sql_query(sql).load(connection),
        Db::Sqlite(connection) => diesel::sql_query(sql).load(connection),
    }
    .unwrap()
}

on_both_databases! {
    fn every_state_has_the_same_status_in_sql_and_in_rust(database) {
        let mut db = database.open();
        let all = states_with(&mut db, "1 = 1");
        let places = (MAX_PLACES + 1) as usize;
        assert_eq!(all.len(), (places * (places + 1) / 2 + 2 * places + 1) * 4);
        for found in &all {
            let expected = found.state().occupancy_percent();
            assert_eq!(found.percent.is_some(), expected.is_some());
            assert!(found.percent.zip(expected).is_none_or(|(found, expected)| (found - expected).abs() < 1e-9));
        }
        for &status in NightStatus::VARIANTS {
            let found = states_with(&mut db, &condition(status, "night"));
            let expected = all.iter().filter(|found| NightStatus::from(found.state()) == status).count();
            assert_eq!(found.len(), expected, "{status}");
            assert!(found.iter().all(|found| NightStatus::from(found.state()) == status), "{status}");
            assert_eq!(expected > 0, status != NightStatus::Withdrawn, "{status}");
        }
    }
}
