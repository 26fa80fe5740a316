-- The log of runs, and the coordination of runs at the same time.

-- One row per run. finished_at is null while the run goes on, and if it was killed. Times are by the clock
-- of the run (--as-of).
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

-- For the newest runs, and for those that are old enough to remove.
CREATE INDEX update_run_by_started_at ON update_run (started_at);

-- The huts that each run has claimed, so that no other run polls them. A run has one row, which it writes once
-- for several huts and deletes at its end. A lease that is not renewed expires. Times are by the clock of the
-- database.
CREATE TABLE lease (
    run_id INTEGER PRIMARY KEY REFERENCES update_run (id) ON DELETE CASCADE,
    -- The hut IDs, separated by commas. Only the program reads and writes them, always all at once.
    hut_ids TEXT NOT NULL,
    renewed_at TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    CHECK (expires_at > renewed_at)
) STRICT;

-- The request times of a site. All runs reserve the times of their requests here. Times are by the clock of the
-- database.
CREATE TABLE site_pace (
    organization TEXT PRIMARY KEY REFERENCES organization (slug),
    -- The first time that no run has reserved.
    next_request TEXT NOT NULL,
    -- The site asked for no requests until this time.
    paused_until TEXT
) STRICT;
