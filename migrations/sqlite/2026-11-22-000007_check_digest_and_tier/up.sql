-- What the last successful check of each hut listed, in short: the next one is told from it without a look
-- at any date, and the huts that are due without a look at the coming ones. All of it is null where it is
-- not known, and then the dates are read.

-- The check that it is of. Where that is not the last successful one, another program has stored that, and
-- all of this is void.
ALTER TABLE hut_check ADD COLUMN listed_at TEXT;
-- Of the source and of the state of each date.
ALTER TABLE hut_check ADD COLUMN content_digest TEXT;
ALTER TABLE hut_check ADD COLUMN dates_listed INTEGER CHECK (dates_listed >= 1);
-- On which places can be booked.
ALTER TABLE hut_check ADD COLUMN dates_bookable INTEGER CHECK (dates_bookable >= 0);

-- The tier, by the dates from a day to so many days later, whichever day that is from one to another.
ALTER TABLE hut_check ADD COLUMN tier TEXT CHECK (tier IN ('high', 'medium', 'low', 'inactive'));
ALTER TABLE hut_check ADD COLUMN tier_from TEXT;
ALTER TABLE hut_check ADD COLUMN tier_until TEXT;
ALTER TABLE hut_check ADD COLUMN tier_next_days INTEGER CHECK (tier_next_days >= 0);

-- By what the booking site tells its answer from a later one (ETag, Last-Modified), where it does, and a
-- digest of what it was asked.
ALTER TABLE hut_check ADD COLUMN etag TEXT;
ALTER TABLE hut_check ADD COLUMN last_modified TEXT;
ALTER TABLE hut_check ADD COLUMN asked_digest TEXT;

-- Each hut's dates lie together, and all huts on a range of dates are a probe of the primary key for each,
-- which is what SQLite has made of the question anyway. This index had them apart: the first check of a hut
-- wrote into as many of its pages as there are dates. (PostgreSQL logs what is written, not pages, and its
-- readers do use it.)
DROP INDEX availability_by_date;
