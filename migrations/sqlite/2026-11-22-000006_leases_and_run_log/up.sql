-- What is known of each run, and what runs at the same time agree on.

-- One row a run. Its end is null while it goes on, and of one that was killed. Times are by the clock of
-- the run (--as-of).
CREATE TABLE update_run (
    id INTEGER PRIMARY KEY,
    started_at TEXT NOT NULL,
    finished_at TEXT,
    mode TEXT NOT NULL CHECK (mode IN ('due', 'all', 'hut')),
    host TEXT NOT NULL,
    huts_selected INTEGER NOT NULL DEFAULT 0 CHECK (huts_selected >= 0),
    huts_updated INTEGER NOT NULL DEFAULT 0 CHECK (huts_updated >= 0),
    huts_failed INTEGER NOT NULL DEFAULT 0 CHECK (huts_failed >= 0),
    huts_skipped INTEGER NOT NULL DEFAULT 0 CHECK (huts_skipped >= 0),
    dates_created INTEGER NOT NULL DEFAULT 0 CHECK (dates_created >= 0),
    dates_changed INTEGER NOT NULL DEFAULT 0 CHECK (dates_changed >= 0),
    dates_unchanged INTEGER NOT NULL DEFAULT 0 CHECK (dates_unchanged >= 0),
    dates_dropped_out INTEGER NOT NULL DEFAULT 0 CHECK (dates_dropped_out >= 0),
    history_entries INTEGER NOT NULL DEFAULT 0 CHECK (history_entries >= 0),
    -- Null while the run goes on.
    exit_status INTEGER,
    interrupted INTEGER NOT NULL DEFAULT 0 CHECK (interrupted IN (0, 1)),
    CHECK ((finished_at IS NULL) = (exit_status IS NULL))
) STRICT;

-- The newest runs, and those that are old enough to go.
CREATE INDEX update_run_by_started_at ON update_run (started_at);

-- The huts that each run has in hand, so that no other asks them: one row a run, written once for several
-- huts, taken away at the run's end. A lease that is not renewed ends by itself. Times are by the clock
-- of the database.
CREATE TABLE lease (
    run_id INTEGER PRIMARY KEY REFERENCES update_run (id) ON DELETE CASCADE,
    -- The IDs, with commas between them: read and written as one, by the program alone.
    hut_ids TEXT NOT NULL,
    renewed_at TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    CHECK (expires_at > renewed_at)
) STRICT;

-- How all runs together space their requests to a site: each takes the next time for a request. By the
-- clock of the database.
CREATE TABLE site_pace (
    organization TEXT PRIMARY KEY REFERENCES organization (slug),
    -- The first time that nobody has taken.
    next_request TEXT NOT NULL,
    -- Until when the site wants no requests, as it said itself.
    paused_until TEXT
) STRICT;
