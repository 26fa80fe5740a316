//! `hut-availability watches list` and `show`.

use anyhow::Context;
use serde::Serialize;

use super::watches::{find, moment};
use crate::cli::watches::{ListArgs, ShowArgs};
use crate::db::open::open_to_read;
use crate::db::reading::for_watches::{Which, deliveries, for_watches};
use crate::domain::database_url::DatabaseUrl;
use crate::query::watch_fields::{DeliveryFields, WatchFields};
use crate::runtime::console::{print, say};
use crate::terminal::data::to_json;
use crate::terminal::screen::Screen;
use crate::terminal::watches::{list_text, show_text};
use crate::text::format::Printout;

/// How many of the last messages are shown.
const MAX_MESSAGES: i64 = 20;

/// Prints all watches.
pub fn list(url: &DatabaseUrl, args: &ListArgs, screen: Screen) -> anyhow::Result<()> {
    let mut db = open_to_read(url)?;
    let watches = for_watches(&mut db, moment(&args.day).today)?;
    if watches.is_empty() {
        say("no watches yet: `hut-availability watches add --help` shows how to add one");
    }
    print(&List { watches, screen }, args.output)?;
    Ok(())
}

/// Prints one watch with its last messages.
pub fn show(url: &DatabaseUrl, args: &ShowArgs, screen: Screen) -> anyhow::Result<()> {
    let mut db = open_to_read(url)?;
    let name = find(&mut db, &args.name)?.watch.name;
    let watches = for_watches(&mut db, moment(&args.list.day).today)?;
    let watch = watches.into_iter().find(|watch| watch.name == name);
    let watch = watch.with_context(|| format!("the watch {name:?} was removed meanwhile"))?;
    let messages = deliveries(&mut db, Which::OfWatch(&name), MAX_MESSAGES)?;
    let timezone = args.list.day.timezone;
    print(&Show { watch, messages, screen, timezone }, args.list.output)?;
    Ok(())
}

#[derive(Serialize)]
struct List {
    watches: Vec<WatchFields>,
    #[serde(skip)]
    screen: Screen,
}

impl Printout for List {
    fn text(&self) -> String {
        list_text(&self.watches, self.screen)
    }

    fn json(&self) -> String {
        to_json(self)
    }
}

#[derive(Serialize)]
struct Show {
    #[serde(flatten)]
    watch: WatchFields,
    messages: Vec<DeliveryFields>,
    #[serde(skip)]
    screen: Screen,
    #[serde(skip)]
    timezone: chrono_tz::Tz,
}

impl Printout for Show {
    fn text(&self) -> String {
        show_text(&self.watch, &self.messages, self.timezone, self.screen)
    }

    fn json(&self) -> String {
        to_json(self)
    }
}
