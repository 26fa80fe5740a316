//! The formulas of [`State`](crate::domain::availability::State) where a query filters or sorts by them, on
//! a table with `free` and `total`.

use diesel::dsl::sql;
use diesel::expression::SqlLiteral;
use diesel::sql_types::Bool;

use crate::domain::availability::OccupancyStatus;

/// Whether a row has a status. Whole numbers, which PostgreSQL reckons as 4 bytes here.
pub fn has_status(status: OccupancyStatus, table: &str) -> SqlLiteral<Bool> {
    let (free, total) = (format!("{table}.free"), format!("{table}.total"));
    let above = |percent| format!("({total} - {free}) * 100 > {total} * {percent}");
    sql(&match status {
        OccupancyStatus::Unknown => format!("({total} = 0)"),
        OccupancyStatus::Full => format!("({total} > 0 AND {free} = 0)"),
        OccupancyStatus::High => format!("({free} > 0 AND {})", above(62)),
        OccupancyStatus::Medium => format!("({free} > 0 AND {} AND NOT {})", above(37), above(62)),
        OccupancyStatus::Low => format!("({free} < {total} AND NOT {})", above(37)),
        OccupancyStatus::Empty => format!("({total} > 0 AND {free} = {total})"),
    })
}

/// `occupancy_percent` of a row.
#[must_use]
pub fn percent(table: &str) -> String {
    let (free, total) = (format!("{table}.free"), format!("{table}.total"));
    format!(
        "(CASE WHEN {total} = 0 THEN 100.0 \
         ELSE cast({total} - {free} AS double precision) / {total} * 100 END)"
    )
}
