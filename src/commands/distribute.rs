//! `hut-availability distribute`: distributes the tables by hut over the servers of a Citus cluster, and back.

use std::time::Instant;

use anyhow::{Context, bail};
use chrono::TimeDelta;

use crate::cli::distribute::DistributeArgs;
use crate::db::connection::Db;
use crate::db::migrations;
use crate::db::open::{Access, connect, open_existing};
use crate::domain::database_url::DatabaseUrl;
use crate::ops::distribute::{Refusal, Step, Stored, database, distribute, undo};
use crate::runtime::console::{print_raw, print_text, say};
use crate::text::humanize::{duration, pluralize};

/// Distributes the tables, or brings them back, and prints what was done.
pub fn run(url: &DatabaseUrl, args: &DistributeArgs) -> anyhow::Result<()> {
    let DatabaseUrl::Postgres(_) = url else {
        bail!(
            "{url} is SQLite, which is one file on one machine: `distribute` needs PostgreSQL with Citus; \
             `hut-availability copy` copies the data there"
        );
    };
    let Db::Postgres(mut connection) = open(url, args)? else {
        unreachable!("the URL is that of PostgreSQL")
    };
    database::require_citus(&mut connection).with_context(|| format!("cannot distribute {url}"))?;
    let stored = database::stored(&mut connection).with_context(|| format!("cannot read {url}"))?;
    let steps = plan(args, &stored)?;
    if steps.is_empty() {
        print_text(&format!("{url}: nothing to do; {}\n", state(args)))?;
    } else if args.dry_run {
        print_raw(&script(&steps))?;
    } else {
        say("waiting until no other program uses the tables");
        let begin = Instant::now();
        let mut number = 0;
        database::run(
            &mut connection,
            |stored| plan(args, stored),
            |step, count| {
                number += 1;
                say(&format!("{number}/{count} {}", step.what));
            },
        )
        .with_context(|| format!("cannot distribute {url}"))?;
        let servers = database::servers(&mut connection)?;
        let took = duration(TimeDelta::from_std(begin.elapsed()).unwrap_or_default());
        let servers = pluralize(usize::try_from(servers).unwrap_or_default(), "server");
        let on = if args.undo { String::new() } else { format!(" on {servers}") };
        print_text(&format!("{url}: {}{on}; it took {took}\n", state(args)))?;
    }
    Ok(())
}

/// Opens the database. The way back also works on one that lacks the latest migrations, because they may need it.
fn open(url: &DatabaseUrl, args: &DistributeArgs) -> anyhow::Result<Db> {
    let access = if args.dry_run { Access::ReadOnly } else { Access::ReadWrite };
    if !args.undo {
        return Ok(open_existing(url, access)?.db);
    }
    let mut db = connect(url, access)?;
    let state = migrations::state(&mut db).with_context(|| format!("cannot read {url}"))?;
    let has_tables = state.is_current() || database::has_tables(&mut db)?;
    match state.problem() {
        Some(problem) if !has_tables || !state.unknown.is_empty() => bail!("{url} {problem}"),
        _ => Ok(db),
    }
}

fn plan(args: &DistributeArgs, stored: &Stored) -> Result<Vec<Step>, Refusal> {
    if args.undo { Ok(undo(stored)) } else { distribute(stored, args.shards) }
}

/// What is true afterwards.
fn state(args: &DistributeArgs) -> String {
    match args.undo {
        true => "all tables are on the coordinator".to_owned(),
        false => format!("the large tables are distributed by hut over {} shards", args.shards),
    }
}

/// The statements as a script for `psql`.
fn script(steps: &[Step]) -> String {
    let begin = database::BEGIN.iter().copied();
    let steps = steps.iter().map(|step| step.sql.as_str());
    begin.chain(steps).chain(database::END).map(|sql| format!("{sql};\n")).collect()
}
