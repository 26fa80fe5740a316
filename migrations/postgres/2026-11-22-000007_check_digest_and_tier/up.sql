-- A summary of what the last successful check of each hut listed. With it the next check is compared without
-- reading any date, and due huts are found without reading the coming dates. All columns are null if it is
-- unknown, and then the dates are read.

-- Time of the summarized check. If that is not the last successful check, another version of the program has
-- stored that one, and the summary is invalid.
ALTER TABLE hut_check ADD COLUMN listed_at timestamptz;
-- Digest of the source and of the state of each date.
ALTER TABLE hut_check ADD COLUMN content_digest text;
ALTER TABLE hut_check ADD COLUMN dates_listed integer CHECK (dates_listed >= 1);
-- Number of dates on which places can be booked.
ALTER TABLE hut_check ADD COLUMN dates_bookable integer CHECK (dates_bookable >= 0);

-- The tier on each day from tier_from to tier_until. The dates of the next tier_next_days days decide it.
ALTER TABLE hut_check ADD COLUMN tier text CHECK (tier IN ('high', 'medium', 'low', 'inactive'));
ALTER TABLE hut_check ADD COLUMN tier_from date;
ALTER TABLE hut_check ADD COLUMN tier_until date;
ALTER TABLE hut_check ADD COLUMN tier_next_days integer CHECK (tier_next_days >= 0);

-- HTTP validators of the last answer (ETag, Last-Modified) if the site sends any, and a digest of the request.
ALTER TABLE hut_check ADD COLUMN etag text;
ALTER TABLE hut_check ADD COLUMN last_modified text;
ALTER TABLE hut_check ADD COLUMN asked_digest text;

-- Every check writes this row. Room for its next version in the same page avoids writing the index.
ALTER TABLE hut_check SET (fillfactor = 50);
