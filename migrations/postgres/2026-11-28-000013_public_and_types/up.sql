-- Huts that readers do not see, and how clients show the types of huts.

-- False: the hut is polled and stored, but it is on no page, in no feed and not over HTTP.
ALTER TABLE hut ADD COLUMN is_public boolean NOT NULL DEFAULT true;

-- A symbol for the type, such as an emoji; its colour; and its place in a list. The defaults are for the types of a
-- later version.
ALTER TABLE hut_type ADD COLUMN identifier text NOT NULL DEFAULT '?'
    CHECK (length(identifier) BETWEEN 1 AND 50);
ALTER TABLE hut_type ADD COLUMN color text NOT NULL DEFAULT '#808080' CHECK (color ~ '^#[0-9a-f]{6}$');
ALTER TABLE hut_type ADD COLUMN sort_order integer NOT NULL DEFAULT 0;

UPDATE hut_type SET identifier = '❔', color = '#8c8c8c', sort_order = 10 WHERE slug = 'unknown';
UPDATE hut_type SET identifier = '🚫', color = '#4d4d4d', sort_order = 20 WHERE slug = 'closed';
UPDATE hut_type SET identifier = '🏕️', color = '#7a9a3a', sort_order = 30 WHERE slug = 'campgr';
UPDATE hut_type SET identifier = '🪵', color = '#9c7a54', sort_order = 40 WHERE slug = 'shelter';
UPDATE hut_type SET identifier = '⛺', color = '#5b8c5a', sort_order = 50 WHERE slug = 'camping';
UPDATE hut_type SET identifier = '🌙', color = '#6a5acd', sort_order = 60 WHERE slug = 'bivouac';
UPDATE hut_type SET identifier = '🔑', color = '#d98e04', sort_order = 70 WHERE slug = 'selfhut';
UPDATE hut_type SET identifier = '🛖', color = '#c1440e', sort_order = 80 WHERE slug = 'hut';
UPDATE hut_type SET identifier = '🐄', color = '#8a9a5b', sort_order = 90 WHERE slug = 'alp';
UPDATE hut_type SET identifier = '🏔️', color = '#2f6f9f', sort_order = 100 WHERE slug = 'bhotel';
UPDATE hut_type SET identifier = '🛏️', color = '#3a86a8', sort_order = 110 WHERE slug = 'hostel';
UPDATE hut_type SET identifier = '🏨', color = '#1d4e89', sort_order = 120 WHERE slug = 'hotel';
UPDATE hut_type SET identifier = '⭐', color = '#b8860b', sort_order = 130 WHERE slug = 'special';
UPDATE hut_type SET identifier = '🍽️', color = '#a23b72', sort_order = 140 WHERE slug = 'resta';
