-- Before, a date without both numbers was stored as 0 of 0 with the status unknown. Neighbouring entries of the
-- history that differed by such a number alone become equal; `verify` names them.

DROP VIEW hut_availability_history;
DROP VIEW hut_availability;

UPDATE availability SET free = 0, total = 0, reservation_status = 'unknown'
WHERE free IS NULL OR total IS NULL;
UPDATE availability_change SET free = 0, total = 0, reservation_status = 'unknown'
WHERE free IS NULL OR total IS NULL;

ALTER TABLE availability DROP COLUMN withdrawn;
PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = replace(replace(replace(sql,
    'free INTEGER,', 'free INTEGER NOT NULL,'),
    'total INTEGER,', 'total INTEGER NOT NULL,'),
    'CHECK (free >= 0 AND free <= total), CHECK (total >= 0)', 'CHECK (free >= 0 AND free <= total)')
WHERE type = 'table' AND name IN ('availability', 'availability_change');
PRAGMA writable_schema = RESET;

ALTER TABLE hut_check DROP COLUMN empty_answers;
ALTER TABLE hut_check DROP COLUMN range_until;
ALTER TABLE hut_check DROP COLUMN range_from;

CREATE VIEW hut_availability AS
SELECT
    a.hut_id,
    a.availability_date,
    a.source_organization,
    a.source_hut_id,
    a.free,
    a.total,
    CASE WHEN a.total = 0 THEN 100.0 ELSE 1.0 * a.taken / a.total * 100.0 END AS occupancy_percent,
    CASE
        WHEN a.total = 0 THEN 100
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
        WHEN a.total = 0 THEN 'unknown'
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
    coalesce(a.last_checked, hut_check.last_success) AS last_checked
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
    CASE WHEN c.total = 0 THEN 100.0 ELSE 1.0 * c.taken / c.total * 100.0 END AS occupancy_percent,
    CASE
        WHEN c.total = 0 THEN 'unknown'
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
