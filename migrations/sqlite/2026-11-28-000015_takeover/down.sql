ALTER TABLE hut DROP COLUMN takeover_record;
ALTER TABLE hut DROP COLUMN takeover_read_at;
