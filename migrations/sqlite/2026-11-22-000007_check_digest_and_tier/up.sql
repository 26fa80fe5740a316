-- A summary of what the last successful check of each hut listed. With it the next check is compared without
-- reading any date, and due huts are found without reading the coming dates. All columns are null if it is
-- unknown, and then the dates are read.

-- Time of the summarized check. If that is not the last successful check, another version of the program has
-- stored that one, and the summary is invalid.
ALTER TABLE hut_check ADD COLUMN listed_at TEXT;
-- Digest of the source and of the state of each date.
ALTER TABLE hut_check ADD COLUMN content_digest TEXT;
ALTER TABLE hut_check ADD COLUMN dates_listed INTEGER CHECK (dates_listed >= 1);
-- Number of dates on which places can be booked.
ALTER TABLE hut_check ADD COLUMN dates_bookable INTEGER CHECK (dates_bookable >= 0);

-- The tier on each day from tier_from to tier_until. The dates of the next tier_next_days days decide it.
ALTER TABLE hut_check ADD COLUMN tier TEXT CHECK (tier IN ('high', 'medium', 'low', 'inactive'));
ALTER TABLE hut_check ADD COLUMN tier_from TEXT;
ALTER TABLE hut_check ADD COLUMN tier_until TEXT;
ALTER TABLE hut_check ADD COLUMN tier_next_days INTEGER CHECK (tier_next_days >= 0);

-- HTTP validators of the last answer (ETag, Last-Modified) if the site sends any, and a digest of the request.
ALTER TABLE hut_check ADD COLUMN etag TEXT;
ALTER TABLE hut_check ADD COLUMN last_modified TEXT;
ALTER TABLE hut_check ADD COLUMN asked_digest TEXT;

-- The dates of a hut are stored together. For all huts on a range of dates SQLite looks up the primary key once
-- per hut, and did so with this index too. The index stored the dates of a hut apart: the first check of a hut
-- wrote as many of its pages as there are dates. (PostgreSQL logs the changes and not whole pages, and its
-- readers do use the index.)
DROP INDEX availability_by_date;
