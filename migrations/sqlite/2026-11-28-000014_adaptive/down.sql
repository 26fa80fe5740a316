DROP INDEX update_run_started_at;
ALTER TABLE update_run DROP COLUMN budget_accrued;
ALTER TABLE update_run DROP COLUMN budget_planned;
ALTER TABLE update_run DROP COLUMN budget_spent;
ALTER TABLE hut_check DROP COLUMN rate_interest;
ALTER TABLE hut_check DROP COLUMN rate_nights;
ALTER TABLE hut_check DROP COLUMN rate_hours;
