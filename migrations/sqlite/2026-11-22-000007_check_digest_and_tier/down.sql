CREATE INDEX availability_by_date ON availability (availability_date, hut_id);

ALTER TABLE hut_check DROP COLUMN asked_digest;
ALTER TABLE hut_check DROP COLUMN last_modified;
ALTER TABLE hut_check DROP COLUMN etag;
ALTER TABLE hut_check DROP COLUMN tier_next_days;
ALTER TABLE hut_check DROP COLUMN tier_until;
ALTER TABLE hut_check DROP COLUMN tier_from;
ALTER TABLE hut_check DROP COLUMN tier;
ALTER TABLE hut_check DROP COLUMN dates_bookable;
ALTER TABLE hut_check DROP COLUMN dates_listed;
ALTER TABLE hut_check DROP COLUMN content_digest;
ALTER TABLE hut_check DROP COLUMN listed_at;
