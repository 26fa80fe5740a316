-- Nothing to do: SQLite updates rows in place.
SELECT 1;
