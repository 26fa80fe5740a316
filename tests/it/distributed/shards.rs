//! The shards of the distributed tables that a statement reads or writes, according to its executed plan.

use std::collections::{BTreeMap, BTreeSet};

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::result::Error as DieselError;
use diesel::sql_types::{Array, Text};
use hut_availability::db::connection::Db;
use serde_json::Value;

use crate::support::statements::statements_of;

/// A name, and a function that sends queries.
pub type NamedQuery = (&'static str, fn(&mut Db));

const BIG: [&str; 3] = ["availability", "availability_change", "hut_check"];
const SHARDS: usize = 8;

/// The shards of each table in a plan, and the shards that were executed. The key is the table and its
/// alias in the statement.
#[derive(Default)]
struct PlanShards {
    planned: BTreeMap<(String, String), BTreeSet<usize>>,
    executed: BTreeSet<usize>,
}

/// Runs the queries, and lists the shards that each kind of statement needs. Statements without a big table
/// are left out.
pub fn shards_touched_by(db: &mut Db, (name, query): &NamedQuery) -> String {
    let mut lines = vec![format!("{name}:")];
    for statement in statements_of(db, query) {
        let words = statement.replace(['"', '(', ')'], " ");
        let mut words = words.split_whitespace();
        let verb = words.next().unwrap_or_default().to_owned();
        if !words.any(|word| BIG.contains(&word) || word.starts_with("hut_availability")) {
            continue;
        }
        let line = match verb.as_str() {
            // The key of a row determines its shard, and all rows of a check belong to one hut.
            "INSERT" | "COPY" => {
                let table = BIG.iter().find(|table| statement.contains(&format!("\"{table}\"")));
                format!("  one shard  {verb} {}", table.unwrap())
            }
            _ => describe(&verb, &plan(db, &statement)),
        };
        if !lines.contains(&line) {
            lines.push(line);
        }
    }
    if lines.len() == 1 {
        lines.push("  no shard".to_owned());
    }
    lines.join("\n")
}

fn describe(verb: &str, touched: &PlanShards) -> String {
    let is_pinned = touched.planned.values().any(|shards| shards.len() == 1);
    let planned = || touched.planned.values().flatten().copied().collect::<BTreeSet<usize>>().len();
    let needed = match (touched.executed.len(), is_pinned) {
        (1, true) => "one shard ".to_owned(),
        // The executor has read the row that leads to the hut; the planner cannot know it.
        (1, false) => "one shard, by what was read of other tables ".to_owned(),
        (0, true) => "one shard ".to_owned(),
        (0, false) if planned() == SHARDS => "all shards".to_owned(),
        (SHARDS, _) => "all shards".to_owned(),
        (several, _) => format!("{several} shards  "),
    };
    let tables: BTreeSet<&str> = touched.planned.keys().map(|(table, _)| table.as_str()).collect();
    format!("  {needed} {verb} {}", tables.into_iter().collect::<Vec<_>>().join(", "))
}

/// Executes a statement once more with plausible values, and rolls it back. Only nested loops are allowed,
/// so that the plan shows the shards that the statement needs rather than those that it may read. Foreign
/// keys are not checked: they depend on the values and are looked up by hut.
fn plan(db: &mut Db, statement: &str) -> PlanShards {
    #[derive(QueryableByName)]
    struct Types {
        #[diesel(sql_type = Array<Text>)]
        types: Vec<String>,
    }
    #[derive(QueryableByName)]
    struct Plan {
        #[diesel(sql_type = Text, column_name = "QUERY PLAN")]
        json: String,
    }
    let Db::Postgres(connection) = db else { unreachable!("only PostgreSQL has shards") };
    let mut json = String::new();
    let rolled_back: Result<(), DieselError> = connection.transaction(|connection| {
        connection.batch_execute(&format!(
            "SET LOCAL plan_cache_mode = force_custom_plan; SET LOCAL enable_hashjoin = off;
            SET LOCAL enable_mergejoin = off; SET LOCAL enable_seqscan = off;
            SET LOCAL session_replication_role = replica;
            PREPARE asked AS {statement}"
        ))?;
        let types: Types = diesel::sql_query(
            "SELECT parameter_types::text[] AS types FROM pg_prepared_statements WHERE name = 'asked'",
        )
        .get_result(connection)?;
        let values = types.types.iter().enumerate().map(|(index, type_name)| {
            format!("'{}'", value(statement, &format!("${}", index + 1), type_name))
        });
        let values = values.collect::<Vec<_>>().join(", ");
        let values = if values.is_empty() { values } else { format!("({values})") };
        let analyze = format!("EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) EXECUTE asked{values}");
        let plan = diesel::sql_query(analyze).get_result::<Plan>(connection);
        json = plan.unwrap_or_else(|error| panic!("{statement}: {error}")).json;
        connection.batch_execute("DEALLOCATE asked")?;
        Err(DieselError::RollbackTransaction)
    });
    assert!(matches!(rolled_back, Err(DieselError::RollbackTransaction)), "{rolled_back:?}");
    let mut shards = PlanShards::default();
    collect_shards(&serde_json::from_str(&json).unwrap(), &mut shards);
    shards
}

/// A plausible value for a placeholder: by the name of its column where that matters, else by its type.
fn value(statement: &str, placeholder: &str, type_name: &str) -> &'static str {
    let stands_for = |column: &str| {
        [format!("\"{column}\" = {placeholder}"), format!("\"{column}\" = ANY({placeholder})")]
            .iter()
            .any(|text| {
                statement.match_indices(text.as_str()).any(|(begin, _)| {
                    !statement[begin + text.len()..].starts_with(|next: char| next.is_ascii_digit())
                })
            })
    };
    match type_name {
        "integer" | "smallint" => "7",
        "text" if stands_for("tier") => "high",
        "bigint" => "51",
        // A claim is for several huts, all other statements are for one.
        "integer[]" if stands_for("id") => "{1,2,3,4,5,6,7,8}",
        "integer[]" if statement.contains("\"consecutive_failures\"") => "{1,2,3,4,5,6,7,8}",
        "integer[]" => "{7}",
        "boolean" => "true",
        "double precision" => "50",
        "date" => "2026-07-02",
        "date[]" => "{2026-07-02}",
        "timestamp with time zone" => "2026-06-30T14:30:00Z",
        "text" if stands_for("slug") => "hut-7",
        "text" if stands_for("hut_type") => "hut",
        "text" if stands_for("reservation_status") => "possible",
        "text" => "hrs",
        // The states of the changed dates.
        "text[]" if statement.contains("unnest") => "{possible}",
        "text[]" => "{hut-7}",
        "smallint[]" => "{7}",
        "bytea" => "",
        other => panic!("add a plausible value of the type {other}, for {statement}"),
    }
}

fn collect_shards(node: &Value, shards: &mut PlanShards) {
    match node {
        Value::Array(nodes) => nodes.iter().for_each(|node| collect_shards(node, shards)),
        Value::Object(fields) => {
            let text = |field: &str| fields.get(field).and_then(Value::as_str).unwrap_or_default();
            let shard = text("Relation Name").rsplit_once('_');
            if let Some((table, shard)) = shard
                && text("Node Type").contains("Scan")
                && BIG.contains(&table)
                && let Ok(shard) = shard.parse()
            {
                let name =
                    text("Alias").trim_end_matches(|end: char| end == '_' || end.is_ascii_digit());
                let key = (table.to_owned(), name.to_owned());
                shards.planned.entry(key).or_default().insert(shard);
                if fields["Actual Loops"].as_f64() > Some(0.0) {
                    shards.executed.insert(shard);
                }
            }
            fields.values().for_each(|field| collect_shards(field, shards));
        }
        _ => {}
    }
}
