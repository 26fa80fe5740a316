-- The organizations that provide booking data, and the huts.

CREATE TABLE organization (
    slug TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    url TEXT NOT NULL
) STRICT;

INSERT INTO organization (slug, name, url) VALUES
    ('hrs', 'Hut Reservation Service', 'https://www.hut-reservation.org');

CREATE TABLE hut_type (
    slug TEXT PRIMARY KEY
) STRICT;

INSERT INTO hut_type (slug) VALUES
    ('unknown'), ('closed'), ('campgr'), ('shelter'), ('camping'), ('bivouac'), ('selfhut'),
    ('hut'), ('alp'), ('bhotel'), ('hostel'), ('hotel'), ('special'), ('resta');

CREATE TABLE hut (
    id INTEGER PRIMARY KEY,
    slug TEXT NOT NULL UNIQUE CHECK (slug <> ''),
    name TEXT NOT NULL CHECK (name <> ''),
    country TEXT CHECK (length(country) = 2),
    latitude REAL CHECK (latitude BETWEEN -90 AND 90),
    longitude REAL CHECK (longitude BETWEEN -180 AND 180),
    elevation INTEGER,
    hut_type_open TEXT REFERENCES hut_type (slug),
    hut_type_closed TEXT REFERENCES hut_type (slug),
    capacity_open INTEGER CHECK (capacity_open >= 0),
    capacity_closed INTEGER CHECK (capacity_closed >= 0),
    is_active INTEGER NOT NULL DEFAULT 1 CHECK (is_active IN (0, 1)),
    -- The organization whose bookings we follow. Null: the hut is not bookable.
    booking_ref TEXT REFERENCES organization (slug),
    -- A hut whose bookings we follow must have a source at that organization. Deferred, because the two
    -- rows are written one after the other.
    FOREIGN KEY (id, booking_ref) REFERENCES hut_source (hut_id, organization)
        DEFERRABLE INITIALLY DEFERRED
) STRICT;

-- The IDs of a hut. Several organizations may know it, each by its own ID.
CREATE TABLE hut_source (
    hut_id INTEGER NOT NULL REFERENCES hut (id),
    organization TEXT NOT NULL REFERENCES organization (slug),
    source_hut_id TEXT NOT NULL CHECK (source_hut_id <> ''),
    link TEXT,
    PRIMARY KEY (hut_id, organization)
) STRICT;

-- For imports: finds the hut with this ID. It is not unique, because a unique key of a table that is
-- distributed by hut_id must begin with hut_id. The import itself rejects a second hut with the same ID.
CREATE INDEX hut_source_by_source_hut_id ON hut_source (organization, source_hut_id);
