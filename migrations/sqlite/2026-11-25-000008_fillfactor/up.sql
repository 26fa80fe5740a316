-- Nothing to be done: SQLite writes rows where they are.
SELECT 1;
