//! Distributes the tables by hut over the servers of a Citus cluster, and back. Pure: which statements do it.
//!
//! All of them are one transaction. If it is interrupted, the database is as before.

pub mod database;

use std::collections::BTreeMap;

/// The tables that each server holds as a whole, because the large ones refer to them. A table comes after those that
/// it refers to.
pub const WHOLE: [&str; 5] =
    ["organization", "hut_type", "hut", "hut_source", "hut_field_set_by_hand"];

/// The large tables. They are distributed by hut, so that all rows of a hut are on one server.
pub const BY_HUT: [&str; 3] = ["hut_check", "availability", "availability_change"];

/// The history refers to the nights. Citus does not let a table of one server refer to a distributed one, so this
/// reference is dropped before and added again after.
const REFERRING: &str = "availability_change";

/// How a table is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// On one server.
    Local,
    /// Whole on each server.
    Whole,
    /// Distributed by hut over this many shards.
    ByHut { shards: i32 },
    /// In another way, which somebody else chose.
    Other,
}

/// A foreign key of the history to the nights.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    pub name: String,
    /// Its definition, such as `FOREIGN KEY (…) REFERENCES …`.
    pub definition: String,
}

/// What decides the statements.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    pub layouts: BTreeMap<String, Layout>,
    /// The number of rows of each table, roughly.
    pub rows: BTreeMap<String, u64>,
    /// None if a part of a distribution by hand has dropped it.
    pub reference: Option<Reference>,
}

/// A statement, and what it does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    pub what: String,
    pub sql: String,
}

/// Why the tables cannot be distributed as requested.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error(
        "the table {table} has {found} shards, not {wanted}: run `hut-availability distribute --undo` first, then \
         `distribute --shards {wanted}`"
    )]
    OtherShards { table: String, found: i32, wanted: i32 },
    #[error(
        "the table {table} is distributed in another way than this command does: run \
         `hut-availability distribute --undo` first"
    )]
    OtherLayout { table: String },
}

impl Stored {
    fn layout(&self, table: &str) -> Layout {
        self.layouts.get(table).copied().unwrap_or(Layout::Local)
    }

    fn describe(&self, table: &str, what: &str) -> String {
        match self.rows.get(table) {
            Some(rows @ 1..) => format!("{table}: {what} (about {rows} rows)"),
            _ => format!("{table}: {what}"),
        }
    }
}

/// The statements that distribute the tables; none if they are distributed already.
///
/// # Errors
/// A table is distributed in another way.
pub fn distribute(stored: &Stored, shards: i32) -> Result<Vec<Step>, Refusal> {
    for table in WHOLE {
        if !matches!(stored.layout(table), Layout::Local | Layout::Whole) {
            return Err(Refusal::OtherLayout { table: table.into() });
        }
    }
    for table in BY_HUT {
        match stored.layout(table) {
            Layout::ByHut { shards: found } if found != shards => {
                return Err(Refusal::OtherShards { table: table.into(), found, wanted: shards });
            }
            Layout::Local | Layout::ByHut { .. } => {}
            Layout::Whole | Layout::Other => {
                return Err(Refusal::OtherLayout { table: table.into() });
            }
        }
    }
    let is_local = |table: &&str| stored.layout(table) == Layout::Local;
    let whole: Vec<&str> = WHOLE.into_iter().filter(is_local).collect();
    let by_hut: Vec<&str> = BY_HUT.into_iter().filter(is_local).collect();
    let mut steps = Vec::new();
    if by_hut.is_empty() && whole.is_empty() && stored.reference.is_some() {
        return Ok(steps);
    }
    if let (Some(Reference { name, .. }), false) = (&stored.reference, by_hut.is_empty()) {
        steps.push(drop_reference(name));
    }
    for table in &whole {
        steps.push(Step {
            what: stored.describe(table, "copying to each server"),
            sql: format!("SELECT create_reference_table('{table}')"),
        });
    }
    if !whole.is_empty() {
        // Citus makes the table anew, with a numbering that begins at 1.
        steps.push(continue_numbering());
    }
    for table in &by_hut {
        let of = match *table {
            "hut_check" => format!("shard_count => {shards}, colocate_with => 'none'"),
            _ => "colocate_with => 'hut_check'".to_owned(),
        };
        steps.push(Step {
            what: stored.describe(table, &format!("distributing over {shards} shards")),
            sql: format!("SELECT create_distributed_table('{table}', 'hut_id', {of})"),
        });
    }
    // The referring table comes first, because emptying a table empties those that refer to it.
    for table in by_hut.iter().rev() {
        steps.push(Step {
            what: format!("{table}: freeing its space on this server"),
            sql: format!("SELECT truncate_local_data_after_distributing_table('{table}')"),
        });
    }
    if stored.reference.is_none() || !by_hut.is_empty() {
        steps.push(add_reference(stored.reference.as_ref()));
    }
    Ok(steps)
}

/// The statements that bring all tables back to one server; none if they are there already.
#[must_use]
pub fn undo(stored: &Stored) -> Vec<Step> {
    let distributed: Vec<&str> = BY_HUT
        .into_iter()
        .chain(WHOLE)
        .filter(|table| stored.layout(table) != Layout::Local)
        .collect();
    let mut steps = Vec::new();
    if let Some(table) = distributed.first() {
        // Citus brings no table back that numbers its rows. So the numbering is dropped on this server, where the
        // table is made anew from it, and begins again after the last number.
        for sql in [
            "SET LOCAL citus.enable_ddl_propagation TO off",
            "ALTER TABLE hut ALTER COLUMN id DROP IDENTITY",
            "SET LOCAL citus.enable_ddl_propagation TO on",
        ] {
            steps.push(Step {
                what: "hut: dropping its numbering temporarily".into(),
                sql: sql.into(),
            });
        }
        // Foreign keys connect the tables, so that one statement is enough for all.
        steps.push(undistribute(stored, table));
        if stored.reference.is_none() && stored.layout(REFERRING) != Layout::Local {
            steps.push(undistribute(stored, REFERRING));
        }
        steps.push(Step {
            what: "hut: numbering its rows again".into(),
            sql: "ALTER TABLE hut ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY".into(),
        });
        steps.push(continue_numbering());
    }
    if stored.reference.is_none() {
        steps.push(add_reference(None));
    }
    steps
}

/// Without huts this is `setval(…, NULL)`, which does nothing.
fn continue_numbering() -> Step {
    Step {
        what: "hut: continuing its numbering after the last number".into(),
        sql: "SELECT setval(pg_get_serial_sequence('hut', 'id'), max(id)) FROM hut".into(),
    }
}

fn undistribute(stored: &Stored, table: &str) -> Step {
    let what = "copying to this server, with all tables that are connected to it";
    Step {
        what: stored.describe(table, what),
        sql: format!("SELECT undistribute_table('{table}', cascade_via_foreign_keys => true)"),
    }
}

fn drop_reference(name: &str) -> Step {
    Step {
        what: format!("{REFERRING}: dropping its reference to the nights temporarily"),
        sql: format!("ALTER TABLE {REFERRING} DROP CONSTRAINT {name}"),
    }
}

/// Adds the reference of the history to the nights, with its name and definition from before.
fn add_reference(before: Option<&Reference>) -> Step {
    let (name, definition) = match before {
        Some(Reference { name, definition }) => (name.as_str(), definition.as_str()),
        None => (
            "availability_change_hut_id_availability_date_fkey",
            "FOREIGN KEY (hut_id, availability_date) REFERENCES availability (hut_id, availability_date)",
        ),
    };
    Step {
        what: format!("{REFERRING}: adding its reference to the nights"),
        sql: format!("ALTER TABLE {REFERRING} ADD CONSTRAINT {name} {definition}"),
    }
}

#[cfg(test)]
mod tests;
