//! The formulas of [`State`](crate::domain::state::State) and [`NightStatus`] in SQL, for queries that filter or
//! sort by them.

use diesel::dsl::sql;
use diesel::expression::SqlLiteral;
use diesel::sql_types::Bool;

use crate::query::night::{MAX_EMPTY_ANSWERS, NightStatus};

/// The condition that a row of `availability`, joined with `hut_check`, is withdrawn.
#[must_use]
pub fn withdrawn() -> String {
    format!("(availability.withdrawn OR hut_check.empty_answers >= {MAX_EMPTY_ANSWERS})")
}

/// The condition that a row of `availability_change`, joined with `hut_check`, is the last state of a night that is
/// withdrawn.
pub fn was_withdrawn() -> SqlLiteral<Bool> {
    sql(&format!(
        "(EXISTS (SELECT 1 FROM availability WHERE {} AND {})
        AND availability_change.first_checked = (SELECT max(same.first_checked)
            FROM availability_change AS same WHERE {}))",
        of_same_night("availability"),
        withdrawn(),
        of_same_night("same"),
    ))
}

/// The condition that a row of a table is about the same night as one of `availability_change`.
#[must_use]
pub fn of_same_night(table: &str) -> String {
    format!(
        "{table}.hut_id = availability_change.hut_id
        AND {table}.availability_date = availability_change.availability_date"
    )
}

/// The condition that a row has a status, apart from [`NightStatus::Withdrawn`], which is no state. The table
/// needs the columns of a state. Whole numbers have 4 bytes in PostgreSQL.
pub fn has_status(status: NightStatus, table: &str) -> SqlLiteral<Bool> {
    sql(&condition(status, table))
}

/// The same condition as text.
#[must_use]
pub fn condition(status: NightStatus, table: &str) -> String {
    let (free, total) = (format!("{table}.free"), format!("{table}.total"));
    let closed = closed(table);
    let must_ask = format!("({table}.reservation_status = 'possible' AND {free} IS NULL)");
    let above = |percent| format!("({total} - {free}) * 100 > {total} * {percent}");
    let open = match status {
        NightStatus::Closed => return closed,
        NightStatus::Withdrawn => return "(1 = 0)".into(),
        NightStatus::Unknown => {
            let unknown = format!("coalesce({total}, -1) = 0 OR coalesce({free}, {total}) IS NULL");
            format!("(({unknown}) AND NOT {must_ask})")
        }
        NightStatus::FreeUnknown => {
            let one =
                format!("({free} IS NULL AND {total} > 0) OR ({free} > 0 AND {total} IS NULL)");
            format!("({one} OR {must_ask})")
        }
        NightStatus::Full => format!("({free} = 0 AND coalesce({total}, 1) > 0)"),
        NightStatus::High => format!("({free} > 0 AND {})", above(62)),
        NightStatus::Medium => format!("({free} > 0 AND {} AND NOT {})", above(37), above(62)),
        NightStatus::Low => format!("({free} < {total} AND NOT {})", above(37)),
        NightStatus::Empty => format!("({total} > 0 AND {free} = {total})"),
    };
    format!("({open} AND NOT coalesce({closed}, false))")
}

/// The condition that a row is closed. It is null where neither number is known.
#[must_use]
pub fn closed(table: &str) -> String {
    format!(
        "({table}.reservation_status = 'not_possible' AND ({table}.total = 0 OR {table}.free > 0))"
    )
}

/// The expression for `occupancy_percent` of a row; null if it cannot be computed.
#[must_use]
pub fn percent(table: &str) -> String {
    let (free, total) = (format!("{table}.free"), format!("{table}.total"));
    format!("(cast({total} - {free} AS double precision) / nullif({total}, 0) * 100)")
}
