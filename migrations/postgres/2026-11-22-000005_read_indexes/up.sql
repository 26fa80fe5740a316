-- Indexes for readers of more than one hut.

-- The time of the first failure since the last success. Null if the last check succeeded.
ALTER TABLE hut_check ADD COLUMN failing_since timestamptz;

-- All huts on a range of dates.
CREATE INDEX availability_by_date ON availability (availability_date, hut_id);

-- The latest changes of all huts. All changes of a check have the same instant, so many keys are equal and
-- the index is small.
CREATE INDEX availability_change_by_first_checked ON availability_change (first_checked);
