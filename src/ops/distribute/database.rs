//! Reads how the tables are stored, and runs the statements that distribute them.

use anyhow::{Context, anyhow, bail};
use diesel::connection::SimpleConnection;
use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::result::Error as DieselError;
use diesel::sql_query;
use diesel::sql_types::{Array, BigInt, Bool, Nullable, Text};

use super::{BY_HUT, Layout, Reference, Step, Stored, WHOLE};
use crate::db::connection::Db;

/// Before the first statement. Nothing reads or writes the tables in between, and no migration runs. Citus then
/// changes tables that others refer to on one connection to each server.
pub const BEGIN: [&str; 3] = [
    "BEGIN",
    "SET LOCAL citus.multi_shard_modify_mode TO 'sequential'",
    "LOCK TABLE __diesel_schema_migrations, organization, hut_type, hut, hut_source, hut_field_set_by_hand, \
     hut_check, availability, availability_change IN ACCESS EXCLUSIVE MODE",
];

/// After the last statement. The new tables have no statistics for the planner yet.
pub const END: [&str; 2] = [
    "COMMIT",
    "ANALYZE organization, hut_type, hut, hut_source, hut_field_set_by_hand, hut_check, availability, \
     availability_change",
];

/// Returns an error if the database has no Citus, or not the server that distributes.
pub fn require_citus(connection: &mut PgConnection) -> anyhow::Result<()> {
    let is_created = exists(connection, "SELECT 1 FROM pg_extension WHERE extname = 'citus'")?;
    if is_created {
        return require_coordinator(connection);
    }
    let is_installed = "SELECT 1 FROM pg_available_extensions WHERE name = 'citus'";
    if exists(connection, is_installed)? {
        bail!(
            "the database has no extension citus: run `CREATE EXTENSION citus` in it, on each server of the cluster"
        );
    }
    bail!(
        "the server has no extension citus: install Citus on each server of the cluster, add it to \
         shared_preload_libraries, and run `CREATE EXTENSION citus` in this database on each of them"
    )
}

fn require_coordinator(connection: &mut PgConnection) -> anyhow::Result<()> {
    if exists(connection, "SELECT 1 FROM pg_dist_local_group WHERE groupid <> 0")? {
        bail!("the server is a worker of the Citus cluster: give the URL of the coordinator");
    }
    // A cluster without any server is the coordinator alone, which Citus adds by itself.
    let lacks_coordinator =
        "SELECT 1 FROM pg_dist_node HAVING count(*) > 0 AND NOT bool_or(groupid = 0)";
    if exists(connection, lacks_coordinator)? {
        bail!(
            "the Citus cluster does not know the name of its coordinator: run \
             `SELECT citus_set_coordinator_host('HOST')` there, with a name that the workers can connect to"
        );
    }
    Ok(())
}

/// Whether the database has the tables that are distributed.
pub fn has_tables(db: &mut Db) -> QueryResult<bool> {
    match db {
        Db::Postgres(connection) => exists(
            connection,
            "SELECT 1 FROM pg_class WHERE relname = 'availability_change' AND pg_table_is_visible(oid)",
        ),
        Db::Sqlite(_) => Ok(false),
    }
}

fn exists(connection: &mut PgConnection, query: &str) -> QueryResult<bool> {
    #[derive(QueryableByName)]
    struct Exists {
        #[diesel(sql_type = Bool)]
        answer: bool,
    }
    let found: Exists =
        sql_query(format!("SELECT EXISTS ({query}) AS answer")).get_result(connection)?;
    Ok(found.answer)
}

/// How the tables are stored.
pub fn stored(connection: &mut PgConnection) -> QueryResult<Stored> {
    #[derive(QueryableByName)]
    struct Table {
        #[diesel(sql_type = Text)]
        name: String,
        #[diesel(sql_type = BigInt)]
        rows: i64,
        /// `h` for a table that is distributed by hash, `n` for one that has no key
        #[diesel(sql_type = Nullable<Text>)]
        method: Option<String>,
        /// `t` for a table that is whole on each server
        #[diesel(sql_type = Nullable<Text>)]
        replication: Option<String>,
        #[diesel(sql_type = BigInt)]
        shards: i64,
    }
    #[derive(QueryableByName)]
    struct Key {
        #[diesel(sql_type = Text)]
        name: String,
        #[diesel(sql_type = Text)]
        definition: String,
    }
    let names: Vec<&str> = WHOLE.into_iter().chain(BY_HUT).collect();
    let tables: Vec<Table> = sql_query(
        "SELECT pg_class.relname::text AS name, greatest(pg_class.reltuples, 0)::bigint AS rows, \
         pg_dist_partition.partmethod::text AS method, pg_dist_partition.repmodel::text AS replication, \
         (SELECT count(*) FROM pg_dist_shard WHERE pg_dist_shard.logicalrelid = pg_class.oid) AS shards \
         FROM pg_class LEFT JOIN pg_dist_partition ON pg_dist_partition.logicalrelid = pg_class.oid \
         WHERE pg_class.oid = ANY ($1::regclass[])",
    )
    .bind::<Array<Text>, _>(&names)
    .load(connection)?;
    let key: Option<Key> = sql_query(
        "SELECT quote_ident(conname) AS name, pg_get_constraintdef(oid) AS definition FROM pg_constraint \
         WHERE contype = 'f' AND conrelid = 'availability_change'::regclass \
         AND confrelid = 'availability'::regclass",
    )
    .get_result(connection)
    .optional()?;
    let layout = |table: &Table| match (table.method.as_deref(), table.replication.as_deref()) {
        (None, _) => Layout::Local,
        (Some("h"), _) => Layout::ByHut { shards: i32::try_from(table.shards).unwrap_or(i32::MAX) },
        (Some("n"), Some("t")) => Layout::Whole,
        // Citus adds a table to its metadata by itself if it refers to one that is whole on each server.
        (Some("n"), Some("s")) => Layout::Local,
        _ => Layout::Other,
    };
    Ok(Stored {
        layouts: tables.iter().map(|table| (table.name.clone(), layout(table))).collect(),
        rows: tables.iter().map(|table| (table.name.clone(), table.rows.unsigned_abs())).collect(),
        reference: key.map(|Key { name, definition }| Reference { name, definition }),
    })
}

/// The number of servers that hold shards.
pub fn servers(connection: &mut PgConnection) -> QueryResult<i64> {
    #[derive(QueryableByName)]
    struct Number {
        #[diesel(sql_type = BigInt)]
        number: i64,
    }
    let servers: Number = sql_query(
        "SELECT count(*) AS number FROM pg_dist_node WHERE shouldhaveshards AND isactive AND noderole = 'primary'",
    )
    .get_result(connection)?;
    Ok(servers.number)
}

/// Runs the statements of a plan, all or none. The plan is made anew once no other program uses the tables.
/// `before_step` gets each statement, and the number of all.
pub fn run<E>(
    connection: &mut PgConnection,
    plan: impl FnOnce(&Stored) -> Result<Vec<Step>, E>,
    mut before_step: impl FnMut(&Step, usize),
) -> anyhow::Result<()>
where
    E: std::error::Error + Send + Sync + 'static,
{
    let [_, settings @ ..] = BEGIN;
    let moved = connection.transaction(|connection| {
        settings.iter().try_for_each(|sql| connection.batch_execute(sql))?;
        let steps = plan(&stored(connection)?)?;
        for step in &steps {
            before_step(step, steps.len());
            let failed = |error| anyhow!("{}", describe(&error)).context(step.sql.clone());
            connection.batch_execute(&step.sql).map_err(failed)?;
        }
        anyhow::Ok(())
    });
    moved.context("nothing was changed")?;
    let [_, analyze] = END;
    connection.batch_execute(analyze).context("the tables are moved, but ANALYZE failed: repeat it")
}

/// An error of the database with its hint.
fn describe(error: &DieselError) -> String {
    match error {
        DieselError::DatabaseError(_, info) => match info.hint() {
            Some(hint) => format!("{} ({hint})", info.message()),
            None => info.message().to_owned(),
        },
        other => other.to_string(),
    }
}
