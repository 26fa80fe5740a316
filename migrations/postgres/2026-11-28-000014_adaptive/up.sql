-- The adaptive schedule: how often each hut changes, and what each run spent of the budget.

-- Changed nights that the checks have seen (weighted by interest, and their number) and the hours between the checks.
-- All three halve every seven days. Each check writes this row anyway.
ALTER TABLE hut_check
    ADD COLUMN rate_interest double precision NOT NULL DEFAULT 0 CHECK (rate_interest >= 0),
    ADD COLUMN rate_nights double precision NOT NULL DEFAULT 0 CHECK (rate_nights >= 0),
    ADD COLUMN rate_hours double precision NOT NULL DEFAULT 0 CHECK (rate_hours >= 0);

-- The checks that had accrued when the run began, those that it planned, and those that it made. Null: the run had no
-- budget. Made is null until the run ends; of a killed run, the next one sets it.
ALTER TABLE update_run
    ADD COLUMN budget_accrued double precision,
    ADD COLUMN budget_planned integer CHECK (budget_planned >= 0),
    ADD COLUMN budget_spent integer CHECK (budget_spent >= 0);

CREATE INDEX update_run_started_at ON update_run (started_at);
