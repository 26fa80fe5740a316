//! The formulas of [`State`](crate::domain::availability::State) in SQL, for queries that filter or sort by
//! them. The table needs the columns `free` and `total`.

use diesel::dsl::sql;
use diesel::expression::SqlLiteral;
use diesel::sql_types::Bool;

use crate::domain::availability::OccupancyStatus;

/// The condition that a row has an occupancy status. It uses whole numbers, which have 4 bytes in PostgreSQL.
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

/// The expression for `occupancy_percent` of a row.
#[must_use]
pub fn percent(table: &str) -> String {
    let (free, total) = (format!("{table}.free"), format!("{table}.total"));
    format!(
        "(CASE WHEN {total} = 0 THEN 100.0 \
         ELSE cast({total} - {free} AS double precision) / {total} * 100 END)"
    )
}
