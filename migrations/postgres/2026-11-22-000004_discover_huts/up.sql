-- Discovery of huts at the booking sites, and a second site.

INSERT INTO organization (slug, name, url) VALUES
    ('huetten-holiday', 'huetten-holiday.com', 'https://www.huetten-holiday.com');

ALTER TABLE hut_source
    -- The start of the discovery that last found the hut at the site.
    ADD COLUMN last_listed timestamptz,
    -- The hut that has this ID now. The dates fetched by the ID before stay with this hut, as does this row.
    ADD COLUMN moved_to integer REFERENCES hut (id);

-- Pinned fields of a hut: an operator has set them, and discoveries do not change them.
CREATE TABLE hut_field_set_by_hand (
    hut_id integer NOT NULL REFERENCES hut (id),
    field text NOT NULL,
    PRIMARY KEY (hut_id, field)
);

-- The progress of the last discovery of each organization's huts. An unfinished one continues at next_step
-- (an ID or a page, depending on the site).
CREATE TABLE discovery (
    organization text PRIMARY KEY REFERENCES organization (slug),
    started_at timestamptz NOT NULL,
    next_step integer NOT NULL CHECK (next_step >= 1),
    failed_steps integer NOT NULL CHECK (failed_steps >= 0),
    finished_at timestamptz
);
