ALTER TABLE lease DROP COLUMN generation;
