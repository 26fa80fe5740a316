-- Turns the big tables of a migrated PostgreSQL database into tables that are partitioned by the hash of
-- hut_id, which has the rules of a distributed one: each unique key holds hut_id, and a foreign key among
-- them does. Nothing of the schema is changed or left out: keys, checks, references, indexes and views
-- are those of the migrations.
DO $$
DECLARE
    shards CONSTANT integer := 8;
    big CONSTANT text[] := ARRAY['hut_check', 'availability', 'availability_change'];
    name text;
    kept record;
    again text[] := '{}';
BEGIN
    FOR kept IN SELECT viewname, definition FROM pg_views WHERE schemaname = 'public' LOOP
        again := again || format('CREATE VIEW %I AS %s', kept.viewname, kept.definition);
        EXECUTE format('DROP VIEW %I', kept.viewname);
    END LOOP;
    FOR kept IN
        SELECT conname, conrelid::regclass AS of_table, pg_get_constraintdef(oid) AS definition
        FROM pg_constraint
        WHERE contype = 'f' AND (conrelid = ANY (big::regclass[]) OR confrelid = ANY (big::regclass[]))
    LOOP
        again := array_prepend(
            format('ALTER TABLE %s ADD CONSTRAINT %I %s', kept.of_table, kept.conname, kept.definition),
            again);
        EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', kept.of_table, kept.conname);
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
    FOREACH name IN ARRAY again LOOP
        EXECUTE name;
    END LOOP;
END
$$;
