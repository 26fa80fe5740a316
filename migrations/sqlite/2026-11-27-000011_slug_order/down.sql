-- Nothing to do: SQLite sorts texts by their bytes.
SELECT 1;
