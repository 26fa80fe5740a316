DROP TABLE discovery;
DROP TABLE hut_field_set_by_hand;
ALTER TABLE hut_source DROP COLUMN moved_to, DROP COLUMN last_listed;
-- Refused, and all of this with it, as long as a hut is known there: what came by it would be lost.
DELETE FROM organization WHERE slug = 'huetten-holiday';
