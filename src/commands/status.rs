//! `hut-availability status`: shows polling health.

use chrono::NaiveDate;
use chrono_tz::Tz;

use crate::cli::reading::StatusArgs;
use crate::commands::config::{clock, schedule};
use crate::db::connection::Db;
use crate::db::open::open_to_read;
use crate::db::reading::for_watches::{Which, deliveries};
use crate::db::watch::delivery;
use crate::db::watch::stored::{self, StoredWatch};
use crate::db::{polling, status, update_run};
use crate::domain::database_url::DatabaseUrl;
use crate::domain::day::Now;
use crate::domain::watch::WatchState;
use crate::query::status::{Status, Watches, by_tier};
use crate::runtime::clock::MAX_DIFFERENCE;
use crate::runtime::console::{print, say};
use crate::terminal::data::to_json;
use crate::terminal::screen::Screen;
use crate::terminal::status::{csv, text};
use crate::text::format::Printout;

/// Number of latest runs to show.
const MAX_RUNS: i64 = 5;

/// Number of messages to show that are not sent.
const MAX_UNSENT: i64 = 10;

/// Prints polling health.
pub fn run(url: &DatabaseUrl, args: &StatusArgs, screen: Screen) -> anyhow::Result<()> {
    let now = Now::new(clock(&args.day).now(), args.day.timezone);
    let status = load(&mut open_to_read(url)?, url, args, now)?;
    let huts = &status.huts;
    if huts.followed + huts.taken_over + huts.not_followed + huts.inactive == 0 {
        say("no huts yet: `hut-availability huts discover` finds the huts of the booking sites");
    }
    print(&StatusReport { status, timezone: args.day.timezone, screen }, args.output)?;
    Ok(())
}

/// Polling health.
struct StatusReport {
    status: Status,
    timezone: Tz,
    screen: Screen,
}

impl Printout for StatusReport {
    fn text(&self) -> String {
        text(&self.status, self.timezone, self.screen)
    }

    fn csv(&self) -> String {
        csv(&self.status)
    }

    fn json(&self) -> String {
        to_json(&self.status)
    }
}

fn load(db: &mut Db, url: &DatabaseUrl, args: &StatusArgs, now: Now) -> anyhow::Result<Status> {
    let schedule = schedule(&args.priorities.intervals, false);
    let (due_states, polling) =
        polling::load(db, &schedule, &now, args.priorities.window.next_days.into())?;
    let (now, today) = (now.at, now.today);
    Ok(Status {
        at: now,
        database: status::database(db, url)?,
        huts: status::huts(db)?,
        tiers: by_tier(&due_states, now),
        polling,
        last_success: status::last_success(db)?,
        checked_in_future: status::checked_after(db, now + MAX_DIFFERENCE)?.0,
        runs: update_run::newest(db, MAX_RUNS)?,
        failing: status::failing(db)?,
        watches: watches(db, today)?,
    })
}

/// The watches and their messages. Without a watch, one statement.
fn watches(db: &mut Db, today: NaiveDate) -> anyhow::Result<Watches> {
    let stored = stored::all(db)?;
    if stored.is_empty() {
        return Ok(Watches::default());
    }
    let is_active = |watch: &&StoredWatch| watch.state(today) == WatchState::Active;
    Ok(Watches {
        active: stored.iter().filter(is_active).count(),
        huts: stored::watched_huts(db, today)?.len(),
        pending: delivery::pending(db)?,
        oldest_pending: delivery::oldest_pending(db)?,
        unsent: deliveries(db, Which::Unsent, MAX_UNSENT)?,
    })
}
