-- Slugs are sorted by their bytes, as SQLite sorts them, and not by the locale of the server: in Czech, `ch` comes
-- after `h`. Lists sorted by hut, the index that they are read by, and the cursors of their pages have one order.
-- The rows are not rewritten. The index of slugs is.
ALTER TABLE hut ALTER COLUMN slug TYPE text COLLATE "C";
