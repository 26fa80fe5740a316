//! `--demo`: the whole job against a stand-in in this process, on a database of its own.

use std::collections::BTreeSet;
use std::net::Ipv4Addr;
use std::path::Path;

use anyhow::{Context, bail};

use crate::commands::config::UpdateConfig;
use crate::db::connection::Db;
use crate::db::register;
use crate::domain::geo::Place;
use crate::register::file::{self, HutFile, HutRecord};
use crate::register::import::import;
use crate::simulate::clock::SiteClock;
use crate::simulate::faults::Faults;
use crate::simulate::hut::SimulatedHut;
use crate::simulate::model::Model;
use crate::simulate::server::FakeSite;
use crate::simulate::site::Site;
use crate::sites::registry::Registry;

/// Two dozen real huts: names and places as facts, the bookings are made up.
const HUTS: &str = include_str!("demo/huts.csv");

/// How long a day of bookings takes at the demo's site, in seconds: a run a moment later finds
/// changes.
const SECONDS_PER_DAY: f64 = 20.0;

/// The running stand-in; it ends with this.
pub struct Demo {
    _stand_in: FakeSite,
}

impl Demo {
    /// Starts the stand-in and points the run at it.
    pub async fn start(config: &mut UpdateConfig) -> anyhow::Result<Self> {
        let model = Model::new(0, huts()).with_pace(SECONDS_PER_DAY);
        let site = Site::Model(model);
        let clock = SiteClock::from(config.clock);
        let fake_site =
            FakeSite::start((Ipv4Addr::LOCALHOST, 0).into(), site, clock, Faults::none())
                .await
                .context("cannot start the demo's booking site")?;
        config.base_urls.entry("hrs".to_owned()).or_insert_with(|| fake_site.url());
        Ok(Self { _stand_in: fake_site })
    }

    /// Imports the demo's huts into a database that has none.
    ///
    /// # Errors
    /// Where it has others: made-up bookings must not come among real ones.
    pub fn import_huts(db: &mut Db) -> anyhow::Result<()> {
        let file = demo_file();
        let known: BTreeSet<_> =
            register::load(db)?.into_values().map(|hut| hut.fields.slug).collect();
        if known.is_empty() {
            import(db, &file, &Registry::default().organizations())?;
        } else if known != file.huts.into_iter().map(|record| record.hut.fields.slug).collect() {
            bail!(
                "the database has huts that are not the demo's, among which it would store made-up \
                 bookings: leave out --database-url and DATABASE_URL, or name a new database"
            );
        }
        Ok(())
    }

    /// What to try after a run.
    #[must_use]
    pub fn what_next(config: &UpdateConfig) -> String {
        let url = &config.database_url;
        let (update, huts) = (program("update-availability"), program("hut-availability"));
        format!(
            "\n\
             This was a demo: real names, made-up bookings, all of it on this machine.\n\
             Try next:\n  \
               {update} --demo              again: some bookings have changed\n  \
               {update} --demo --dry-run    what would change, and nothing written\n  \
               {huts} map --database-url {url}\n  \
               {huts} serve --database-url {url}    in a browser\n\
             What it found is in the views hut_availability and hut_availability_history of that \
             database.\n\
             For real: {huts} huts discover, then {update}",
        )
    }
}

/// How to call a program of this package: beside this one, where this one was called.
fn program(name: &str) -> String {
    let this = std::env::args_os().next().unwrap_or_default();
    Path::new(&this).with_file_name(name).display().to_string()
}

fn demo_file() -> HutFile {
    file::read(HUTS.as_bytes(), &Registry::default().organizations())
        .expect("the file that is compiled in is sound")
}

/// The demo's huts as the stand-in's model has them.
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
    fn the_demo_has_two_dozen_huts() {
        assert_eq!(demo_file().huts.len(), 24);
    }
}
