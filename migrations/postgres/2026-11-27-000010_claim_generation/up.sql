-- A lease that has expired is never renewed: its run gets a new generation, and claims its huts anew. An answer that
-- was asked for under an earlier generation is not stored, because another run may have stored a newer one.
ALTER TABLE lease ADD COLUMN generation integer NOT NULL DEFAULT 1 CHECK (generation >= 1);
