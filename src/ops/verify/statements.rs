//! SQL statements that return records of all kinds in the order of their keys, as texts and whole numbers.

use crate::db::connection::Db;

/// SQLite's own errors in its file, at most a hundred: pages, rows, constraints.
pub const QUICK_CHECK: &str = "SELECT quick_check AS line, NULL AS field
    FROM pragma_quick_check WHERE quick_check <> 'ok'";

pub const FOREIGN_KEY_CHECK: &str = "SELECT 'a row of ' || \"table\" || ' has no ' || parent
        || coalesce(' (row ' || rowid || ')', '') AS line, NULL AS field
    FROM pragma_foreign_key_check";

/// The instants in SQLite's tables that no other statement reads.
pub const OTHER_INSTANTS: &str = "
    SELECT 'last_listed of hut_source' AS field, last_listed AS line FROM hut_source
        WHERE last_listed IS NOT NULL
    UNION ALL SELECT 'takeover_read_at of hut', takeover_read_at FROM hut
        WHERE takeover_read_at IS NOT NULL
    UNION ALL SELECT 'started_at of discovery', started_at FROM discovery
    UNION ALL SELECT 'finished_at of discovery', finished_at FROM discovery
        WHERE finished_at IS NOT NULL
    UNION ALL SELECT 'next_request of site_pace', next_request FROM site_pace
    UNION ALL SELECT 'paused_until of site_pace', paused_until FROM site_pace
        WHERE paused_until IS NOT NULL";

/// The smallest hut ID after `last` in any table. Each table finds its own by its key.
pub fn next_hut(last: Option<i32>) -> String {
    let after = |id: &str, table: &str| {
        let after = last.map(|last| format!("WHERE {id} > {last}")).unwrap_or_default();
        format!("SELECT min({id}) AS id FROM {table} {after}")
    };
    let ids = [
        after("id", "hut"),
        after("hut_id", "hut_check"),
        after("hut_id", "availability"),
        after("hut_id", "availability_change"),
    ];
    format!("SELECT min(id) AS number FROM ({}) AS ids", ids.join(" UNION ALL "))
}

/// A hut and its last check.
pub fn hut(db: &Db, id: i32) -> String {
    let instants = [
        "last_checked",
        "last_checked_run",
        "last_success",
        "last_success_run",
        "failing_since",
        "listed_at",
    ]
    .map(|column| format!("{} AS {column}", instant(db, &format!("hut_check.{column}"))))
    .join(", ");
    let (no, zero) = match db {
        Db::Postgres(_) => ("false", "0::bigint"),
        Db::Sqlite(_) => ("0", "0"),
    };
    let date = |column: &str| match db {
        Db::Postgres(_) => format!("hut_check.{column}::text"),
        Db::Sqlite(_) => format!("hut_check.{column}"),
    };
    let (range_from, range_until) = (date("range_from"), date("range_until"));
    format!(
        "SELECT this.id, hut.slug, hut.booking_ref,
            hut.booking_ref IS NULL OR EXISTS (
                SELECT 1 FROM hut_source
                WHERE hut_source.hut_id = hut.id AND hut_source.organization = hut.booking_ref
            ) AS has_booking_source,
            coalesce(hut_check.has_data, {no}) AS has_data,
            coalesce(hut_check.consecutive_failures, {zero}) AS consecutive_failures,
            coalesce(hut_check.empty_answers, {zero}) AS empty_answers,
            {range_from} AS range_from, {range_until} AS range_until,
            hut_check.last_error, {instants}
        FROM (SELECT {id} AS id) AS this
        LEFT JOIN hut ON hut.id = this.id
        LEFT JOIN hut_check ON hut_check.hut_id = this.id"
    )
}

/// The records of a hut by date. For a date the row comes first, then its entries, each followed by its record
/// in the view. It is one statement, so that the databases sort the records within their own memory limits.
pub fn dates(db: &Db, hut_id: i32) -> String {
    let (big, date) = match db {
        Db::Postgres(_) => ("::bigint", "availability_date::text"),
        Db::Sqlite(_) => ("", "availability_date"),
    };
    let (first, last) = (instant(db, "first_checked"), instant(db, "last_checked"));
    let (no, yes) = match db {
        Db::Postgres(_) => ("false", "true"),
        Db::Sqlite(_) => ("0", "1"),
    };
    let common =
        "availability_date, first_checked, last_checked, free, total, hut_type, reservation_status";
    let null = match db {
        Db::Postgres(_) => {
            ["NULL::double precision", "NULL::bigint", "NULL::text", "NULL::boolean"]
        }
        Db::Sqlite(_) => ["NULL"; 4],
    };
    let [double, number, text, bool] = null;
    format!(
        "SELECT part, {date} AS date, {first} AS first_checked, {last} AS last_checked,
            free{big} AS free, total{big} AS total, hut_type, reservation_status,
            source_organization, has_source,
            occupancy_percent, occupancy_steps, occupancy_status, duration_seconds, withdrawn
        FROM (
            SELECT 0 AS part, {common}, source_organization,
                EXISTS (
                    SELECT 1 FROM hut_source
                    WHERE hut_source.hut_id = availability.hut_id
                        AND hut_source.organization = availability.source_organization
                ) AS has_source,
                {double} AS occupancy_percent, {number} AS occupancy_steps,
                {text} AS occupancy_status, {double} AS duration_seconds, withdrawn
            FROM availability WHERE hut_id = {hut_id}
            UNION ALL
            SELECT 1, {common}, source_organization, {yes},
                occupancy_percent, occupancy_steps{big}, occupancy_status, {double}, withdrawn
            FROM hut_availability WHERE hut_id = {hut_id}
            UNION ALL
            SELECT 2, {common}, {text}, {no}, {double}, {number}, {text}, {double}, {bool}
            FROM availability_change WHERE hut_id = {hut_id}
            UNION ALL
            SELECT 3, {common}, {text}, {no},
                occupancy_percent, {number}, occupancy_status, duration_seconds, {bool}
            FROM hut_availability_history WHERE hut_id = {hut_id}
        ) AS record
        ORDER BY availability_date, part / 2, record.first_checked, part"
    )
}

/// The log of runs with their leases, and leases without a run.
pub fn runs(db: &Db) -> String {
    let counts = [
        "huts_selected",
        "huts_updated",
        "huts_failed",
        "huts_skipped",
        "dates_created",
        "dates_changed",
        "dates_unchanged",
        "dates_dropped_out",
        "history_entries",
    ]
    .join(", ");
    let lowest = match db {
        Db::Postgres(_) => format!("coalesce(least({counts}), 0)::bigint"),
        Db::Sqlite(_) => format!("coalesce(min({counts}), 0)"),
    };
    let instants = ["started_at", "finished_at", "renewed_at", "expires_at"]
        .map(|column| format!("{} AS {column}", instant(db, column)))
        .join(", ");
    let exit_status = match db {
        Db::Postgres(_) => "exit_status::integer",
        Db::Sqlite(_) => "exit_status",
    };
    format!(
        "SELECT coalesce(update_run.id, lease.run_id) AS id, {instants},
            {exit_status} AS exit_status, {lowest} AS lowest_count
        FROM update_run FULL JOIN lease ON lease.run_id = update_run.id"
    )
}

/// An instant as text, even if it is invalid.
fn instant(db: &Db, column: &str) -> String {
    match db {
        // to_char returns null for infinity.
        Db::Postgres(_) => format!(
            "coalesce(to_char({column} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"'), {column}::text)"
        ),
        Db::Sqlite(_) => column.to_owned(),
    }
}
