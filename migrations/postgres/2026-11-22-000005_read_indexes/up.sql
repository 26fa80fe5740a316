-- What readers ask for besides one hut.

-- The start of the row of failures that goes on; null where the last check succeeded.
ALTER TABLE hut_check ADD COLUMN failing_since timestamptz;

-- All huts on a range of dates.
CREATE INDEX availability_by_date ON availability (availability_date, hut_id);

-- The latest changes of all huts. Every check has one instant, so that equal keys are many and the
-- index is small.
CREATE INDEX availability_change_by_first_checked ON availability_change (first_checked);
