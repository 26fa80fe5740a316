-- Discovery of huts at the booking sites, and a second site.

INSERT INTO organization (slug, name, url) VALUES
    ('huetten-holiday', 'huetten-holiday.com', 'https://www.huetten-holiday.com');

-- The start of the discovery that last found the hut at the site.
ALTER TABLE hut_source ADD COLUMN last_listed TEXT;
-- The hut that has this ID now. The dates fetched by the ID before stay with this hut, and so does this row.
ALTER TABLE hut_source ADD COLUMN moved_to INTEGER REFERENCES hut (id);

-- Pinned fields of a hut: an operator has set them, and discoveries do not change them.
CREATE TABLE hut_field_set_by_hand (
    hut_id INTEGER NOT NULL REFERENCES hut (id),
    field TEXT NOT NULL,
    PRIMARY KEY (hut_id, field)
) STRICT;

-- The progress of the last discovery of each organization's huts. An unfinished one continues at next_step
-- (an ID or a page, depending on the site).
CREATE TABLE discovery (
    organization TEXT PRIMARY KEY REFERENCES organization (slug),
    started_at TEXT NOT NULL,
    next_step INTEGER NOT NULL CHECK (next_step >= 1),
    failed_steps INTEGER NOT NULL CHECK (failed_steps >= 0),
    finished_at TEXT
) STRICT;
