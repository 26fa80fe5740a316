-- Turns the big tables of a migrated PostgreSQL database into tables that are partitioned by the hash of
-- hut_id. Such tables have the restrictions of distributed ones: each unique key and each foreign key among
-- them must contain hut_id. Everything else of the schema stays as the migrations create it: keys, checks,
-- references, indexes and views.
DO $$
DECLARE
    shards CONSTANT integer := 8;
    big CONSTANT text[] := ARRAY['hut_check', 'availability', 'availability_change'];
    name text;
    saved record;
    recreate text[] := '{}';
BEGIN
    FOR saved IN SELECT viewname, definition FROM pg_views WHERE schemaname = 'public' LOOP
        recreate := recreate || format('CREATE VIEW %I AS %s', saved.viewname, saved.definition);
        EXECUTE format('DROP VIEW %I', saved.viewname);
    END LOOP;
    FOR saved IN
        SELECT conname, conrelid::regclass AS of_table, pg_get_constraintdef(oid) AS definition
        FROM pg_constraint
        WHERE contype = 'f' AND (conrelid = ANY (big::regclass[]) OR confrelid = ANY (big::regclass[]))
    LOOP
        recreate := array_prepend(
            format('ALTER TABLE %s ADD CONSTRAINT %I %s', saved.of_table, saved.conname, saved.definition),
            recreate);
        EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', saved.of_table, saved.conname);
    END LOOP;
    FOREACH name IN ARRAY big LOOP
        EXECUTE format('ALTER TABLE %1$I RENAME TO %1$s_whole', name);
        EXECUTE format('CREATE TABLE %1$I (LIKE %1$s_whole INCLUDING ALL) PARTITION BY HASH (hut_id)', name);
        FOR shard IN 0 .. shards - 1 LOOP
            EXECUTE format(
                'CREATE TABLE %1$s_%2$s PARTITION OF %1$I FOR VALUES WITH (MODULUS %3$s, REMAINDER %2$s)',
                name, shard, shards);
        END LOOP;
        EXECUTE format('INSERT INTO %1$I SELECT * FROM %1$s_whole', name);
        EXECUTE format('DROP TABLE %1$s_whole', name);
    END LOOP;
    FOREACH name IN ARRAY recreate LOOP
        EXECUTE name;
    END LOOP;
END
$$;
