-- What the last successful check of each hut listed, in short: the next one is told from it without a look
-- at any date, and the huts that are due without a look at the coming ones. All of it is null where it is
-- not known, and then the dates are read.

-- The check that it is of. Where that is not the last successful one, another program has stored that, and
-- all of this is void.
ALTER TABLE hut_check ADD COLUMN listed_at timestamptz;
-- Of the source and of the state of each date.
ALTER TABLE hut_check ADD COLUMN content_digest text;
ALTER TABLE hut_check ADD COLUMN dates_listed integer CHECK (dates_listed >= 1);
-- On which places can be booked.
ALTER TABLE hut_check ADD COLUMN dates_bookable integer CHECK (dates_bookable >= 0);

-- The tier, by the dates from a day to so many days later, whichever day that is from one to another.
ALTER TABLE hut_check ADD COLUMN tier text CHECK (tier IN ('high', 'medium', 'low', 'inactive'));
ALTER TABLE hut_check ADD COLUMN tier_from date;
ALTER TABLE hut_check ADD COLUMN tier_until date;
ALTER TABLE hut_check ADD COLUMN tier_next_days integer CHECK (tier_next_days >= 0);

-- By what the booking site tells its answer from a later one (ETag, Last-Modified), where it does, and a
-- digest of what it was asked.
ALTER TABLE hut_check ADD COLUMN etag text;
ALTER TABLE hut_check ADD COLUMN last_modified text;
ALTER TABLE hut_check ADD COLUMN asked_digest text;

-- The one row that each check writes: with room for its next version in the same page, no index is written.
ALTER TABLE hut_check SET (fillfactor = 50);
