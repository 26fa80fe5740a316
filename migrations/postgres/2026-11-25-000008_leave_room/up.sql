-- Room in each page for the next versions of its rows: a date that changes, and an entry that is closed, then
-- write no index. Without it each wrote into a page of every index, which are the more the more huts there
-- are. Pages that are full already stay so until their rows are written again.
ALTER TABLE availability SET (fillfactor = 90);
ALTER TABLE availability_change SET (fillfactor = 90);
