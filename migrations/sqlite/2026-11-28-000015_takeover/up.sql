-- Huts that are being taken over from the database of the Wodore backend. Until the takeover is finished, that backend
-- polls them, and this program does not.

-- When their database was read, by its clock. Not null: the hut is being taken over.
ALTER TABLE hut ADD COLUMN takeover_read_at text;
-- As JSON: a digest of what was read of the hut, and the counts for the report. Null: its dates are not taken yet.
ALTER TABLE hut ADD COLUMN takeover_record text
    CHECK (takeover_record IS NULL OR takeover_read_at IS NOT NULL);
