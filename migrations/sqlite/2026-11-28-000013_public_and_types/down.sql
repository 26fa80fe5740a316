-- The version before shows every hut.
ALTER TABLE hut_type DROP COLUMN sort_order;
ALTER TABLE hut_type DROP COLUMN color;
ALTER TABLE hut_type DROP COLUMN identifier;
ALTER TABLE hut DROP COLUMN is_public;
