//! `--demo`: runs the whole job against a fake booking site in this process, with a database of its own.

use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::io::stderr;
use std::net::Ipv4Addr;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, bail};
use chrono::NaiveDate;

use crate::commands::config::UpdateConfig;
use crate::db::connection::Db;
use crate::db::open::open_to_read;
use crate::db::reading::for_map::for_map;
use crate::db::{register, update_run};
use crate::domain::geo::Place;
use crate::domain::schedule::Intervals;
use crate::query::freshness::AgeLimits;
use crate::query::views::{HutOnMap, dates};
use crate::register::file::{self, HutFile, HutRecord};
use crate::register::import::import;
use crate::runtime::console::width_of;
use crate::simulate::clock::SiteClock;
use crate::simulate::faults::Faults;
use crate::simulate::hut::SimulatedHut;
use crate::simulate::model::Model;
use crate::simulate::server::FakeSite;
use crate::simulate::site::Site;
use crate::sites::registry::Registry;
use crate::terminal::map;
use crate::terminal::screen::Screen;
use crate::text::humanize::day;

/// Huts of all sites, with real names and coordinates. Their bookings are synthetic.
const HUTS: &str = include_str!("demo/huts.csv");

/// The other program of this package.
const HUT_AVAILABILITY: &str = "hut-availability";

/// Nights and huts of the map that is shown after a run.
const NIGHTS_SHOWN: u16 = 3;
const HUTS_SHOWN: usize = 8;

/// The time between two requests. The fake sites are on this machine, so none needs the longer interval of its model.
const REQUEST_INTERVAL: Duration = Duration::from_millis(100);

/// The running fake site. It stops when this is dropped.
pub struct Demo {
    _fake_site: FakeSite,
}

impl Demo {
    /// Imports the huts if there are none, starts the fake site, which speaks the formats of all sites, and sends the
    /// requests of the run to it. From one run to the next, its bookings change as much as those of real huts in a day, so
    /// that each run finds changes.
    pub async fn start(config: &mut UpdateConfig, db: &mut Db) -> anyhow::Result<Self> {
        Self::import_huts(db)?;
        let runs = update_run::last_id(db).context("cannot read the log of runs")?;
        let site = Site::Model(Model::new(0, huts()).after_days(runs));
        let clock = SiteClock::from(config.clock);
        let fake_site =
            FakeSite::start((Ipv4Addr::LOCALHOST, 0).into(), site, clock, Faults::none())
                .await
                .context("cannot start the demo's booking site")?;
        for organization in Registry::default().organizations().iter() {
            let url = config.base_urls.entry(organization.slug.to_owned());
            url.or_insert_with(|| fake_site.url());
        }
        config.limits.request_interval.get_or_insert(REQUEST_INTERVAL);
        Ok(Self { _fake_site: fake_site })
    }

    /// Imports the demo's huts into a database that has none.
    ///
    /// # Errors
    /// The database has other huts: synthetic bookings must not be mixed with real ones.
    fn import_huts(db: &mut Db) -> anyhow::Result<()> {
        let file = demo_file();
        let known: BTreeSet<_> =
            register::load(db)?.into_values().map(|hut| hut.fields.slug).collect();
        if known.is_empty() {
            import(db, &file, &Registry::default().organizations())?;
        } else if known != file.huts.into_iter().map(|record| record.hut.fields.slug).collect() {
            bail!(
                "the database has huts that are not the demo's, and --demo would store synthetic \
                 bookings there: leave out --database-url and DATABASE_URL, or name a new database"
            );
        }
        Ok(())
    }

    /// What is printed after a run: the huts with the most free places, in the season, and suggestions.
    #[must_use]
    pub fn after_run(config: &UpdateConfig) -> String {
        let today = config.clock.today(config.timezone);
        let date = Model::new(0, huts()).first_open_saturday(today).unwrap_or(today);
        // A dry run may have no database yet.
        let map = open_map(config, date).unwrap_or_default();
        map + &Self::next_steps(config, date)
    }

    /// The suggestions printed after a run. `date` is a night on which huts are open.
    fn next_steps(config: &UpdateConfig, date: NaiveDate) -> String {
        let url = &config.database_url;
        let (update, huts) = (program("update-availability"), program(HUT_AVAILABILITY));
        let build = build_hint();
        format!(
            "\n\
             This was a demo: real hut names, synthetic bookings, no network.\n\
             Try next:\n  \
               {update} --demo              run again: a day later, some bookings have changed\n  \
               {update} --demo --dry-run    show what would change, write nothing\n\
             {build}  \
               {huts} map {date} --database-url {url}\n  \
               {huts} serve --database-url {url}    see it in a browser: http://127.0.0.1:8080/?from={date}\n\
             The results are in the views hut_availability and hut_availability_history of that \
             database.\n\
             With the real booking sites: {huts} huts discover, then {update}",
        )
    }
}

/// The huts with the most free places on a date, as a table.
fn open_map(config: &UpdateConfig, date: NaiveDate) -> anyhow::Result<String> {
    let dates = dates(date, NIGHTS_SHOWN);
    let mut huts = for_map(&mut open_to_read(&config.database_url)?, &dates, None)?;
    let total = huts.len();
    let room = |hut: &HutOnMap| {
        let night = hut.days.iter().find(|(day, _)| *day == date);
        night.map(|(_, night)| night.room())
    };
    huts.sort_by_key(|hut| Reverse(room(hut)));
    huts.truncate(HUTS_SHOWN);
    if huts.is_empty() {
        return Ok(String::new());
    }
    let now = config.clock.now();
    let limits = AgeLimits {
        now,
        today: config.clock.today(config.timezone),
        // Not those of the run, which may poll each hut at once.
        intervals: Intervals::default(),
    };
    let screen = Screen { width: width_of(&stderr()), ..Screen::PLAIN };
    let table = map::text(&huts, total, &dates, &limits, screen);
    Ok(format!("\nThe most free places on {}:\n{table}", day(date)))
}

/// The path of a program of this package: in the directory from which this one was called.
fn program(name: &str) -> String {
    let this = std::env::args_os().next().unwrap_or_default();
    Path::new(&this).with_file_name(name).display().to_string()
}

/// How to build the other program, with a line break, where it is not beside the running one. `cargo run` builds one
/// of the two.
fn build_hint() -> String {
    let this = std::env::current_exe().unwrap_or_default();
    if this.with_file_name(HUT_AVAILABILITY).exists() {
        return String::new();
    }
    let is_debug = this.parent().is_some_and(|directory| directory.ends_with("debug"));
    let flag = if is_debug { "" } else { " --release" };
    format!("  cargo build{flag}    build hut-availability, which the next two need\n")
}

fn demo_file() -> HutFile {
    file::read(HUTS.as_bytes(), &Registry::default().organizations())
        .expect("the embedded file is valid")
}

/// The demo's huts, as the model of the fake site needs them.
#[must_use]
pub fn huts() -> Vec<SimulatedHut> {
    let simulated = |HutRecord { hut, .. }: HutRecord| {
        let id = hut.followed().map(|(_, source)| source.source_hut_id.clone()).unwrap_or_default();
        let fields = hut.fields;
        let place = fields.latitude.zip(fields.longitude);
        let place = place.map(|(latitude, longitude)| Place { latitude, longitude });
        SimulatedHut {
            id,
            name: fields.name,
            country: fields.country.unwrap_or_default(),
            place,
            coordinates: place
                .map(|Place { latitude, longitude }| format!("{latitude}, {longitude}"))
                .unwrap_or_default(),
            altitude: fields.elevation.map(|metres| format!("{metres} m")).unwrap_or_default(),
            unlocked: true,
            places: fields.capacity_open.unwrap_or(0),
            winter_places: fields.capacity_closed.unwrap_or(0),
        }
    };
    demo_file().huts.into_iter().map(simulated).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_demo_has_huts_of_each_site() {
        let huts = demo_file().huts;
        let of = |slug| {
            let is_of =
                |record: &&HutRecord| record.hut.fields.booking_ref.as_deref() == Some(slug);
            huts.iter().filter(is_of).count()
        };
        assert_eq!((of("hrs"), of("huetten-holiday"), of("ffcam")), (24, 3, 5));
    }
}
