-- Room in each page for new versions of its rows. Then updating a changed date, or closing an entry, writes no
-- index. Without it each update wrote a page of every index of its table. Pages that are full already stay so
-- until their rows are written again.
ALTER TABLE availability SET (fillfactor = 90);
ALTER TABLE availability_change SET (fillfactor = 90);
