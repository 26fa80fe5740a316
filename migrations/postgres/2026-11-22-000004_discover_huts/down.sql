DROP TABLE discovery;
DROP TABLE hut_field_set_by_hand;
ALTER TABLE hut_source DROP COLUMN moved_to, DROP COLUMN last_listed;
DELETE FROM organization WHERE slug = 'huetten-holiday';
