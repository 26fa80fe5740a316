-- Places that a site does not publish are null, and dates that a site no longer lists are withdrawn.

DROP VIEW hut_availability_history;
DROP VIEW hut_availability;

-- A check whose range covered the date did not list it, and none has listed it since.
ALTER TABLE availability ADD COLUMN withdrawn INTEGER NOT NULL DEFAULT 0
    CHECK (withdrawn = 0 OR (withdrawn = 1 AND last_checked IS NOT NULL));

-- SQLite has no statement that removes NOT NULL. To copy tables that hold years of history would take hours and
-- twice the space. So this changes the declarations alone, as SQLite's page on ALTER TABLE describes for changes
-- that leave the stored rows as they are. The check that exists says nothing about the total of a row without free
-- places.
PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = replace(replace(replace(sql,
    'free INTEGER NOT NULL,', 'free INTEGER,'),
    'total INTEGER NOT NULL,', 'total INTEGER,'),
    'CHECK (free >= 0 AND free <= total)', 'CHECK (free >= 0 AND free <= total), CHECK (total >= 0)')
WHERE type = 'table' AND name IN ('availability', 'availability_change');
PRAGMA writable_schema = RESET;

-- The range of dates that the last successful check asked for. A check is recognized as unchanged only if its range
-- is the same, because it withdraws the dates of its range that it does not list.
ALTER TABLE hut_check ADD COLUMN range_from TEXT;
ALTER TABLE hut_check ADD COLUMN range_until TEXT;
-- The number of answers in a row that listed no date. A failure without an answer does not count.
ALTER TABLE hut_check ADD COLUMN empty_answers INTEGER NOT NULL DEFAULT 0 CHECK (empty_answers >= 0);

-- The tiers were computed by a rule that did not look beyond the coming days, and a cached answer would not be read
-- by the new rules.
UPDATE hut_check SET
    tier = NULL, tier_from = NULL, tier_until = NULL, tier_next_days = NULL,
    etag = NULL, last_modified = NULL, asked_digest = NULL,
    empty_answers = CASE WHEN has_data OR last_success IS NULL THEN 0 ELSE 1 END;

-- The views show both. The computed fields follow the formulas of src/domain/state.rs (a test compares the two):
-- what cannot be computed is null. All numbers but the percentage are whole, so that both databases agree.

CREATE VIEW hut_availability AS
SELECT
    a.hut_id,
    a.availability_date,
    a.source_organization,
    a.source_hut_id,
    a.free,
    a.total,
    1.0 * a.taken / nullif(a.total, 0) * 100.0 AS occupancy_percent,
    CASE
        WHEN a.total = 0 OR a.taken IS NULL THEN NULL
        WHEN a.taken > 0 AND a.taken * 20 < a.total THEN 10
        WHEN a.taken < a.total AND a.taken * 20 > a.total * 19 THEN 90
        -- percent / 10, rounded to the nearest whole number, ties to even, times 10
        ELSE 10 * (a.taken * 10 / a.total + CASE
            WHEN a.taken * 10 % a.total * 2 > a.total THEN 1
            WHEN a.taken * 10 % a.total * 2 = a.total THEN a.taken * 10 / a.total % 2
            ELSE 0
        END)
    END AS occupancy_steps,
    CASE
        WHEN a.total = 0 OR coalesce(a.free, a.total) IS NULL THEN 'unknown'
        WHEN a.taken IS NULL THEN CASE WHEN a.free = 0 THEN 'full' ELSE 'free_unknown' END
        WHEN a.taken = a.total THEN 'full'
        WHEN a.taken * 100 > a.total * 62 THEN 'high'
        WHEN a.taken * 100 > a.total * 37 THEN 'medium'
        WHEN a.taken > 0 THEN 'low'
        ELSE 'empty'
    END AS occupancy_status,
    a.reservation_status,
    hut_source.link,
    a.hut_type,
    a.first_checked,
    coalesce(a.last_checked, hut_check.last_success) AS last_checked,
    a.withdrawn
FROM (SELECT *, total - free AS taken FROM availability) AS a
JOIN hut_check ON hut_check.hut_id = a.hut_id
JOIN hut_source
    ON hut_source.hut_id = a.hut_id AND hut_source.organization = a.source_organization;

CREATE VIEW hut_availability_history AS
SELECT
    c.hut_id,
    c.availability_date,
    c.free,
    c.total,
    1.0 * c.taken / nullif(c.total, 0) * 100.0 AS occupancy_percent,
    CASE
        WHEN c.total = 0 OR coalesce(c.free, c.total) IS NULL THEN 'unknown'
        WHEN c.taken IS NULL THEN CASE WHEN c.free = 0 THEN 'full' ELSE 'free_unknown' END
        WHEN c.taken = c.total THEN 'full'
        WHEN c.taken * 100 > c.total * 62 THEN 'high'
        WHEN c.taken * 100 > c.total * 37 THEN 'medium'
        WHEN c.taken > 0 THEN 'low'
        ELSE 'empty'
    END AS occupancy_status,
    c.reservation_status,
    c.hut_type,
    c.first_checked,
    c.last_checked,
    unixepoch(substr(c.last_checked, 1, 19)) - unixepoch(substr(c.first_checked, 1, 19))
        + (substr(c.last_checked, 21, 6) - substr(c.first_checked, 21, 6)) / 1000000.0
        AS duration_seconds
FROM (
    SELECT
        availability_change.hut_id,
        availability_change.availability_date,
        availability_change.free,
        availability_change.total,
        availability_change.total - availability_change.free AS taken,
        availability_change.reservation_status,
        availability_change.hut_type,
        availability_change.first_checked,
        coalesce(availability_change.last_checked, hut_check.last_success) AS last_checked
    FROM availability_change
    JOIN hut_check ON hut_check.hut_id = availability_change.hut_id
) AS c;
