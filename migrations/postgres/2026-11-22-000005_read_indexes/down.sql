DROP INDEX availability_change_by_first_checked;
DROP INDEX availability_by_date;
ALTER TABLE hut_check DROP COLUMN failing_since;
