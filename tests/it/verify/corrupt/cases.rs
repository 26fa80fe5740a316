//! What is corrupted, and what `verify` must find.

/// A corruption, and the violation that `verify` must report: its rule, hut and date, and a part of its
/// message.
pub struct Case {
    pub sql: &'static str,
    pub found: &'static str,
    pub message: &'static str,
}

const fn case(sql: &'static str, found: &'static str, message: &'static str) -> Case {
    Case { sql, found, message }
}

/// Corruptions that both databases allow. `$` is the instant of the second check, `€` is one hour after the
/// last check.
pub const ANYWHERE: &[Case] = &[
    case(
        "DELETE FROM availability_change WHERE hut_id = 1 AND availability_date = '2026-07-02'",
        "row_and_history hut-1 2026-07-02",
        "a row without any entry",
    ),
    case(
        "DELETE FROM availability WHERE hut_id = 1 AND availability_date = '2026-07-02'",
        "row_and_history hut-1 2026-07-02",
        "an entry from 2026-06-30T10:00:00.000000Z without a row",
    ),
    case(
        "UPDATE availability SET free = 8 WHERE hut_id = 1 AND availability_date = '2026-07-02'",
        "open_entry hut-1 2026-07-02",
        "the row is 8/40 free, hut, possible, but its open entry is 7/40 free, hut, possible",
    ),
    case(
        "UPDATE availability_change SET hut_type = 'selfhut' WHERE hut_id = 1 AND availability_date = '2026-07-02'",
        "open_entry hut-1 2026-07-02",
        "its open entry is 7/40 free, selfhut, possible",
    ),
    case(
        "UPDATE availability_change SET reservation_status = 'unknown' WHERE hut_id = 1 AND availability_date = '2026-07-02'",
        "open_entry hut-1 2026-07-02",
        "its open entry is 7/40 free, hut, unknown",
    ),
    case(
        "UPDATE availability SET last_checked = NULL WHERE hut_id = 1 AND availability_date = '2026-07-03'",
        "open_entry hut-1 2026-07-03",
        "the row is valid until the last successful check, but its open entry until 2026-06-30T10:00:00.000000Z",
    ),
    case(
        "UPDATE availability_change SET last_checked = $ WHERE hut_id = 1 AND availability_date = '2026-07-02'",
        "open_entry hut-1 2026-07-02",
        "its open entry until 2026-06-30T11:00:00.000000Z",
    ),
    case(
        "UPDATE availability_change SET last_checked = NULL WHERE hut_id = 1 AND availability_date = '2026-07-01' AND first_checked = $",
        "open_entry hut-1 2026-07-01",
        "the entry from 2026-06-30T11:00:00.000000Z is open, but another entry follows",
    ),
    case(
        "UPDATE availability_change SET last_checked = '2026-06-30T11:00:00.000001Z' WHERE hut_id = 1 AND availability_date = '2026-07-01' AND first_checked = $",
        "gap hut-1 2026-07-01",
        "ends at 2026-06-30T11:00:00.000001Z, the next begins at 2026-06-30T12:00:00.000000Z",
    ),
    case(
        "UPDATE availability_change SET free = 5 WHERE hut_id = 1 AND availability_date = '2026-07-01' AND first_checked = $",
        "equal_neighbours hut-1 2026-07-01",
        "from 2026-06-30T11:00:00.000000Z are equal: 5/40 free, hut, possible",
    ),
    case(
        "UPDATE availability SET first_checked = $ WHERE hut_id = 1 AND availability_date = '2026-07-02'",
        "first_entry hut-1 2026-07-02",
        "the row begins at 2026-06-30T11:00:00.000000Z, its history at 2026-06-30T10:00:00.000000Z",
    ),
    case(
        "UPDATE availability SET last_checked = '2026-06-30T09:00:00.000000Z' WHERE hut_id = 1 AND availability_date = '2026-07-03';
         UPDATE availability_change SET last_checked = '2026-06-30T09:00:00.000000Z' WHERE hut_id = 1 AND availability_date = '2026-07-03'",
        "checked hut-1 2026-07-03",
        "first checked at 2026-06-30T10:00:00.000000Z, after last checked at 2026-06-30T09:00:00.000000Z",
    ),
    case(
        "UPDATE availability SET last_checked = € WHERE hut_id = 1 AND availability_date = '2026-07-03';
         UPDATE availability_change SET last_checked = € WHERE hut_id = 1 AND availability_date = '2026-07-03'",
        "checked hut-1 2026-07-03",
        "after the hut's last successful check at 2026-06-30T12:00:00.000000Z",
    ),
    case(
        "UPDATE availability SET last_checked = '2026-06-30T12:00:00.000000Z' WHERE hut_id = 1 AND availability_date = '2026-07-04';
         UPDATE availability_change SET last_checked = '2026-06-30T12:00:00.000000Z' WHERE hut_id = 1 AND availability_date = '2026-07-04'",
        "checked hut-1 2026-07-04",
        "but not listed now",
    ),
    case(
        "UPDATE hut_check SET last_checked = '2026-07-09T12:00:00.000000Z', last_success = '2026-07-09T12:00:00.000000Z' WHERE hut_id = 1",
        "checked hut-1 2026-07-02",
        "but days before the hut's last successful check at 2026-07-09T12:00:00.000000Z",
    ),
    case(
        "UPDATE hut_check SET range_from = '2026-07-03' WHERE hut_id = 1",
        "checked hut-1 2026-07-02",
        "listed (last_checked is null), but the hut's last successful check asked for 2026-07-03 to 2026-07-31",
    ),
    case(
        "UPDATE availability SET withdrawn = FALSE WHERE hut_id = 1 AND availability_date = '2026-07-03'",
        "withdrawn hut-1 2026-07-03",
        "not listed and not withdrawn, but the hut's last successful check asked for 2026-07-01 to 2026-07-31",
    ),
    case(
        "UPDATE availability SET withdrawn = TRUE WHERE hut_id = 1 AND availability_date = '2026-07-02'",
        "withdrawn hut-1 2026-07-02",
        "withdrawn, but listed (last_checked is null)",
    ),
    case(
        "UPDATE hut_check SET empty_answers = 1 WHERE hut_id = 1",
        "hut_check hut-1",
        "empty_answers is 1, but there are 0 failures in a row",
    ),
    case(
        "UPDATE hut_check SET last_checked = '2062-07-01T10:00:00.000000Z' WHERE hut_id = 2",
        "future hut-2",
        "last_checked is in the future: 2062-07-01T10:00:00.000000Z",
    ),
    case(
        "UPDATE update_run SET started_at = '2062-07-01T10:00:00.000000Z' WHERE id = 8",
        "future -",
        "run 8: started_at is in the future: 2062-07-01T10:00:00.000000Z",
    ),
    case(
        "DELETE FROM hut_check WHERE hut_id = 2",
        "checked hut-2 2026-07-01",
        "the hut was never checked successfully",
    ),
    case(
        "UPDATE availability SET free = 41 WHERE hut_id = 1 AND availability_date = '2026-07-02'",
        "state hut-1 2026-07-02",
        "41 free of 40 is not within 0 to 40",
    ),
    case(
        "UPDATE availability_change SET free = -1 WHERE hut_id = 1 AND availability_date = '2026-07-02'",
        "state hut-1 2026-07-02",
        "-1 free of 40 is not within 0 to 40",
    ),
    case(
        "UPDATE availability SET hut_type = 'castle' WHERE hut_id = 1 AND availability_date = '2026-07-02'",
        "state hut-1 2026-07-02",
        "there is no hut type \"castle\"",
    ),
    case(
        "UPDATE availability SET reservation_status = 'perhaps' WHERE hut_id = 1 AND availability_date = '2026-07-02'",
        "state hut-1 2026-07-02",
        "there is no reservation status \"perhaps\"",
    ),
    case(
        "UPDATE availability SET source_organization = 'dav' WHERE hut_id = 1 AND availability_date = '2026-07-02'",
        "source hut-1 2026-07-02",
        "its source \"dav\" is not a source of the hut",
    ),
    case(
        "UPDATE hut SET booking_ref = 'huetten-holiday' WHERE id = 3",
        "source hut-3",
        "booking_ref is \"huetten-holiday\", which is not a source of the hut",
    ),
    case("DELETE FROM hut WHERE id = 2", "source 2", "the hut does not exist, but rows refer to it"),
    case(
        "UPDATE hut_check SET last_success = € WHERE hut_id = 2",
        "hut_check hut-2",
        "last_success is after last_checked: 2026-06-30T13:00:00.000000Z, 2026-06-30T10:30:00.000000Z",
    ),
    case("UPDATE hut_check SET last_success_run = NULL WHERE hut_id = 1", "hut_check hut-1", "last_success and last_success_run must both be set or both be null"),
    case("UPDATE hut_check SET last_checked_run = NULL WHERE hut_id = 1", "hut_check hut-1", "last_checked and last_checked_run must both be set or both be null"),
    case("UPDATE hut_check SET consecutive_failures = -1 WHERE hut_id = 2", "hut_check hut-2", "consecutive_failures is -1, below 0"),
    case("UPDATE hut_check SET consecutive_failures = 0 WHERE hut_id = 2", "hut_check hut-2", "last_error and failing_since are set, without failures: timeout: too late"),
    case("UPDATE hut_check SET last_error = NULL WHERE hut_id = 2", "hut_check hut-2", "are missing, with 1 failures"),
    case("UPDATE hut_check SET failing_since = NULL WHERE hut_id = 2", "hut_check hut-2", "are missing, with 1 failures"),
    case("UPDATE hut_check SET failing_since = € WHERE hut_id = 2", "hut_check hut-2", "failing_since must be after last_success and not after last_checked"),
    case("UPDATE hut_check SET last_checked = € WHERE hut_id = 1", "hut_check hut-1", "without failures, last_success must be last_checked"),
    case("UPDATE hut_check SET last_checked = last_success WHERE hut_id = 2", "hut_check hut-2", "with 1 failures, last_checked must be after last_success"),
    case("UPDATE hut_check SET has_data = FALSE WHERE hut_id = 1", "hut_check hut-1", "but has_data is false"),
    case("INSERT INTO hut_check (hut_id, has_data) VALUES (3, TRUE)", "hut_check hut-3", "has_data without last_success"),
    case("UPDATE update_run SET exit_status = NULL WHERE id = 7", "run -", "run 7: finished at 2026-06-30T12:05:00.000000Z, with no exit status"),
    case("UPDATE update_run SET exit_status = 143 WHERE id = 8", "run -", "run 8: exit status 143, but not finished"),
    case("UPDATE update_run SET dates_changed = -3 WHERE id = 7", "run -", "run 7: the count -3 is negative"),
    case("UPDATE lease SET expires_at = renewed_at", "run -", "run 8: its lease, renewed at"),
    case("DELETE FROM update_run WHERE id = 8; INSERT INTO lease (run_id, hut_ids, renewed_at, expires_at) SELECT 9, '', $, € WHERE NOT EXISTS (SELECT 1 FROM lease)", "run -", "it has a lease, but the run does not exist"),
];

/// Corruptions that only SQLite allows, because it stores any text.
pub const SQLITE: &[Case] = &[
    case(
        "UPDATE availability SET availability_date = '2.7.2026' WHERE hut_id = 2",
        "form hut-2 2.7.2026",
        "the date \"2.7.2026\" must have the form 2026-01-15",
    ),
    case(
        "UPDATE availability SET first_checked = '2026-06-30 10:00:00' WHERE hut_id = 2",
        "form hut-2 2026-07-01",
        "first_checked \"2026-06-30 10:00:00\" must have the form",
    ),
    case(
        "UPDATE availability_change SET last_checked = 'soon' WHERE hut_id = 1 AND availability_date = '2026-07-03'",
        "form hut-1 2026-07-03",
        "last_checked \"soon\" must have the form",
    ),
    case(
        "UPDATE hut_check SET last_success = '2026-06-30T12:00:00Z' WHERE hut_id = 1",
        "form hut-1",
        "last_success \"2026-06-30T12:00:00Z\" must have the form",
    ),
    case(
        "UPDATE update_run SET started_at = 'then' WHERE id = 7",
        "form -",
        "run 7: started_at \"then\" must have the form",
    ),
    case(
        "UPDATE hut_source SET last_listed = 'then' WHERE hut_id = 1",
        "form -",
        "last_listed of hut_source \"then\" must have the form",
    ),
    case(
        "UPDATE availability SET total = 40000 WHERE hut_id = 1 AND availability_date = '2026-07-02'",
        "state hut-1 2026-07-02",
        "7 free of 40000 is more than a hut can have",
    ),
    case(
        "UPDATE hut SET hut_type_open = 'castle' WHERE id = 1",
        "database -",
        "a row of hut has no hut_type",
    ),
];

pub const POSTGRES: &[Case] = &[
    case(
        "UPDATE availability SET first_checked = '-infinity' WHERE hut_id = 2",
        "form hut-2 2026-07-01",
        "first_checked \"-infinity\" must have the form",
    ),
    case(
        "UPDATE availability SET availability_date = 'infinity' WHERE hut_id = 2",
        "form hut-2 infinity",
        "the date \"infinity\" must have the form",
    ),
];

/// Views with wrong formulas: the view, the right formula, a wrong one, and a part of the message.
pub const VIEWS: &[(&str, &str, &str, &str)] = &[
    (
        "hut_availability",
        "nullif(a.total, 0)",
        "nullif(a.total, 40)",
        "occupancy_percent is null and must be",
    ),
    (
        "hut_availability",
        "* 62 THEN 'high'",
        "* 2 THEN 'full'",
        "occupancy_status is full and must be high",
    ),
    ("hut_availability", "ELSE 10 * (", "ELSE 20 * (", "occupancy_steps is"),
    (
        "hut_availability",
        "a.withdrawn",
        "NOT a.withdrawn AS withdrawn",
        "withdrawn is true and must be false",
    ),
    (
        "hut_availability",
        "coalesce(a.last_checked, hut_check.last_success)",
        "hut_check.last_success",
        "last_checked is 2026-06-30T12:00:00.000000Z and must be 2026-06-30T10:00:00.000000Z",
    ),
    (
        "hut_availability",
        "hut_source.hut_id = a.hut_id AND",
        "a.free <> 7 AND hut_source.hut_id = a.hut_id AND",
        "hut_availability does not show the row that is stored from",
    ),
    (
        "hut_availability_history",
        "c.hut_type,",
        "'alp' AS hut_type,",
        "the state is 5/40 free, alp, possible and must be 5/40 free, hut, possible",
    ),
    (
        "hut_availability_history",
        "c.total = 0 OR",
        "c.total = 40 OR",
        "occupancy_status is unknown and must be",
    ),
    (
        "hut_availability_history",
        "AS duration_seconds",
        "+ 1 AS duration_seconds",
        "duration_seconds is 3601 and must be 3600",
    ),
];
