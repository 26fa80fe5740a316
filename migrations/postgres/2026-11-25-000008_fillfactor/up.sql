-- Room in each page for the next versions of its rows: to update a date that changed, or an entry that is
-- closed, writes no index then. Without it each wrote into a page of every index of its table. Pages that are
-- full already stay so until their rows are written again.
ALTER TABLE availability SET (fillfactor = 90);
ALTER TABLE availability_change SET (fillfactor = 90);
