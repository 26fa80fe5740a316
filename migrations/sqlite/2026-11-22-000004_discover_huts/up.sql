-- Huts from the booking sites themselves, and a second site.

INSERT INTO organization (slug, name, url) VALUES
    ('huetten-holiday', 'huetten-holiday.com', 'https://www.huetten-holiday.com');

-- The start of the discovery that last found the hut at the site.
ALTER TABLE hut_source ADD COLUMN last_listed TEXT;
-- The hut that has this ID now. The dates that came by it stay here, and so does this row.
ALTER TABLE hut_source ADD COLUMN moved_to INTEGER REFERENCES hut (id);

-- Fields of a hut that an operator has set, which discoveries leave as they are.
CREATE TABLE hut_field_set_by_hand (
    hut_id INTEGER NOT NULL REFERENCES hut (id),
    field TEXT NOT NULL,
    PRIMARY KEY (hut_id, field)
) STRICT;

-- How far the last discovery of each organization's huts came. The one that is not finished goes on
-- at next_step (an ID, or a page, as the site is walked).
CREATE TABLE discovery (
    organization TEXT PRIMARY KEY REFERENCES organization (slug),
    started_at TEXT NOT NULL,
    next_step INTEGER NOT NULL CHECK (next_step >= 1),
    failed_steps INTEGER NOT NULL CHECK (failed_steps >= 0),
    finished_at TEXT
) STRICT;
