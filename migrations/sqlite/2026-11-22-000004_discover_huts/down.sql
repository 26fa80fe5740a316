DROP TABLE discovery;
DROP TABLE hut_field_set_by_hand;
ALTER TABLE hut_source DROP COLUMN moved_to;
ALTER TABLE hut_source DROP COLUMN last_listed;
-- Fails, and with it the whole migration, if a hut has a source there, because its data would be lost.
DELETE FROM organization WHERE slug = 'huetten-holiday';
