-- The current state of every hut and date, its append-only history, and the last check of each hut.
-- Every key begins with hut_id, so that these tables can be hash-distributed by hut.
--
-- In availability and availability_change, a last_checked of NULL means that the row is still valid at the
-- hut's last successful check (hut_check.last_success). So a check that finds nothing new writes one row.

CREATE TABLE hut_check (
    hut_id INTEGER PRIMARY KEY REFERENCES hut (id),
    last_checked TEXT,
    -- The start of the run that made the last check, and of the last successful one. Huts are due by the
    -- starts of runs, so that a job every 30 minutes polls a hut every 30 minutes.
    last_checked_run TEXT,
    last_success TEXT,
    last_success_run TEXT,
    -- Whether the last answer of the booking site listed any date.
    has_data INTEGER NOT NULL DEFAULT 0 CHECK (has_data IN (0, 1)),
    consecutive_failures INTEGER NOT NULL DEFAULT 0 CHECK (consecutive_failures >= 0),
    last_error TEXT,
    CHECK (last_success <= last_checked),
    CHECK ((last_checked IS NULL) = (last_checked_run IS NULL)),
    CHECK ((last_success IS NULL) = (last_success_run IS NULL))
) STRICT, WITHOUT ROWID;

CREATE TABLE availability (
    hut_id INTEGER NOT NULL,
    availability_date TEXT NOT NULL,
    source_organization TEXT NOT NULL,
    source_hut_id TEXT NOT NULL,
    free INTEGER NOT NULL,
    total INTEGER NOT NULL,
    hut_type TEXT NOT NULL REFERENCES hut_type (slug),
    reservation_status TEXT NOT NULL
        CHECK (reservation_status IN ('possible', 'not_possible', 'not_online', 'unknown')),
    first_checked TEXT NOT NULL,
    last_checked TEXT,
    PRIMARY KEY (hut_id, availability_date),
    FOREIGN KEY (hut_id, source_organization) REFERENCES hut_source (hut_id, organization),
    CHECK (free >= 0 AND free <= total),
    CHECK (last_checked >= first_checked)
) STRICT, WITHOUT ROWID;

-- One row per hut, date and state. The open entry of a date is its latest one. The hut type has no foreign
-- key, because each state is, or was, also the state of the row in availability.
CREATE TABLE availability_change (
    hut_id INTEGER NOT NULL,
    availability_date TEXT NOT NULL,
    first_checked TEXT NOT NULL,
    last_checked TEXT,
    free INTEGER NOT NULL,
    total INTEGER NOT NULL,
    hut_type TEXT NOT NULL,
    reservation_status TEXT NOT NULL
        CHECK (reservation_status IN ('possible', 'not_possible', 'not_online', 'unknown')),
    PRIMARY KEY (hut_id, availability_date, first_checked),
    FOREIGN KEY (hut_id, availability_date) REFERENCES availability (hut_id, availability_date),
    CHECK (free >= 0 AND free <= total),
    CHECK (last_checked >= first_checked)
) STRICT, WITHOUT ROWID;
