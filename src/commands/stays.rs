//! `hut-availability stays` and `hut-availability tours`: show when huts have room for a group.

use super::config;
use super::find_hut::{filter, slugs_to_read};
use crate::cli::stays::{GroupArgs, StaysArgs, ToursArgs};
use crate::db::connection::Db;
use crate::db::open::open_to_read;
use crate::db::reading::for_map::for_map;
use crate::db::reading::for_stays::{StaySearch, TourSearch, find_stays, find_tours};
use crate::db::register;
use crate::domain::database_url::DatabaseUrl;
use crate::domain::stay::{DEFAULT_ARRIVALS, Group, Stage, after, nights_of_tour};
use crate::query::audience::Audience;
use crate::query::night::Night;
use crate::query::stay_csv;
use crate::query::stay_fields::{StayList, TourList};
use crate::query::stay_filter::{Near, NearText, StayFilter};
use crate::runtime::console::{print, say};
use crate::terminal::data::to_json;
use crate::terminal::screen::Screen;
use crate::terminal::stays;
use crate::text::format::{Format, Printout};

/// The most rows of a table, unless the user gives another number.
const TABLE_LIMIT: usize = 100;

const NO_HUTS: &str =
    "no huts yet: `hut-availability huts discover` finds the huts of the booking sites";

/// Prints the stays of a group.
pub fn run_stays(url: &DatabaseUrl, args: StaysArgs, screen: Screen) -> anyhow::Result<()> {
    let (group, nights, limit) = (group(&args.group)?, args.nights, limit(&args.group));
    let mut db = open_to_read(url)?;
    let near = match args.near {
        Some(NearText::Slug(typed)) => slugs_to_read(&mut db, &[typed])?.pop().map(NearText::Slug),
        near => near,
    };
    let filter = StayFilter {
        huts: filter(&mut db, &args.filter)?,
        slugs: slugs_to_read(&mut db, &args.hut)?,
        near: near.map(|at| Near { at, km: args.km }),
        elevation: args.elevation,
    };
    let search = StaySearch { group, nights, filter, limit };
    let list = find_stays(&mut db, &search, Audience::Operators)?;
    if register::count(&mut db)? == 0 {
        say(NO_HUTS);
    } else if list.stays.is_empty() {
        say(&format!(
            "no hut of these has room for {} on {} from {} to {}: try fewer people or nights, more arrivals, or \
             other huts",
            people(list.places),
            in_a_row(nights),
            list.from,
            list.to
        ));
    }
    print(
        &StaysReport { list, now: config::clock(&args.group.day).now(), screen },
        args.group.output,
    )?;
    Ok(())
}

/// Prints the tours of a group.
pub fn run_tours(url: &DatabaseUrl, args: ToursArgs, screen: Screen) -> anyhow::Result<()> {
    let (group, limit) = (group(&args.group)?, limit(&args.group));
    let mut db = open_to_read(url)?;
    let mut stages = args.stages;
    for stage in &mut stages {
        stage.huts = slugs_to_read(&mut db, &stage.huts)?;
    }
    let search = TourSearch { group, stages, limit };
    let list = find_tours(&mut db, &search, Audience::Operators)?;
    if list.tours.is_empty() {
        say(&why_no_tour(&mut db, &search)?);
    }
    print(&ToursReport { list, screen }, args.group.output)?;
    Ok(())
}

fn group(args: &GroupArgs) -> anyhow::Result<Group> {
    let first = config::date(&args.day, &args.from)?;
    let last = match &args.to {
        Some(text) => config::date(&args.day, text)?,
        None => after(first, DEFAULT_ARRIVALS - 1),
    };
    Ok(Group::new((first, last), args.weekday, args.places)?)
}

fn limit(args: &GroupArgs) -> usize {
    let default = if args.output == Format::Table { TABLE_LIMIT } else { usize::MAX };
    args.limit.unwrap_or(default)
}

fn people(places: u16) -> String {
    if places == 1 { "one person".into() } else { format!("{places} people") }
}

fn in_a_row(nights: u16) -> String {
    if nights == 1 { "any night".into() } else { format!("{nights} nights in a row") }
}

/// Names the stages that have room on no night, or says that the stages do not fit together.
fn why_no_tour(db: &mut Db, search: &TourSearch) -> anyhow::Result<String> {
    let TourSearch { group, stages, .. } = search;
    let dates = group.nights(nights_of_tour(stages));
    let mut reasons = Vec::new();
    for (number, Stage { huts, .. }) in (1..).zip(stages) {
        let nights = for_map(db, &dates, Some(huts))?;
        let nights: Vec<Night> =
            nights.iter().flat_map(|hut| hut.days.iter().map(|(_, night)| *night)).collect();
        if let Some(reason) = why_no_room(&nights, group.places) {
            reasons.push(format!("stage {number} ({}) {reason}", huts.join(", ")));
        }
    }
    let (first, last) = (group.arrivals.start(), group.arrivals.end());
    let reason = match reasons.as_slice() {
        [] => "each stage has room on some night, but not one after the other".to_owned(),
        reasons => reasons.join("; "),
    };
    Ok(format!("no tour starts from {first} to {last}: {reason}"))
}

/// Why a hut has room on none of some nights; none if it has room on one of them.
fn why_no_room(nights: &[Night], places: u16) -> Option<&'static str> {
    if nights.iter().any(|night| night.has_room_for(places)) {
        return None;
    }
    Some(if nights.is_empty() {
        "has no stored night in this time"
    } else if nights.iter().all(|night| night.state.is_closed()) {
        "is closed on all nights of this time"
    } else if nights.iter().any(Night::must_ask) {
        "does not publish how many places are free"
    } else {
        "has too few free places on every night of this time"
    })
}

struct StaysReport {
    list: StayList,
    now: chrono::DateTime<chrono::Utc>,
    screen: Screen,
}

impl Printout for StaysReport {
    fn text(&self) -> String {
        stays::stays_text(&self.list, self.now, self.screen)
    }

    fn csv(&self) -> String {
        stay_csv::stays_csv(&self.list)
    }

    fn json(&self) -> String {
        to_json(&self.list)
    }
}

struct ToursReport {
    list: TourList,
    screen: Screen,
}

impl Printout for ToursReport {
    fn text(&self) -> String {
        stays::tours_text(&self.list, self.screen)
    }

    fn csv(&self) -> String {
        stay_csv::tours_csv(&self.list)
    }

    fn json(&self) -> String {
        to_json(&self.list)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::hut::HutType;
    use crate::domain::state::{ReservationStatus, State};

    fn night(free: Option<i16>, total: Option<i16>, status: ReservationStatus) -> Night {
        let state = State { free, total, hut_type: HutType::Hut, reservation_status: status };
        let last_checked = chrono::DateTime::UNIX_EPOCH;
        Night { state, last_checked, tier: None, is_listed: true, is_withdrawn: false }
    }

    #[test]
    fn the_reason_is_closed_only_if_every_night_is() {
        use ReservationStatus::{NotPossible, Possible};
        let closed = night(Some(0), Some(0), NotPossible);
        let (full, free) =
            (night(Some(0), Some(9), NotPossible), night(Some(4), Some(9), Possible));
        let asks = night(None, Some(9), Possible);
        assert_eq!(why_no_room(&[closed, free], 4), None);
        assert!(why_no_room(&[closed, free], 5).unwrap().contains("too few"));
        assert!(why_no_room(&[closed, closed], 1).unwrap().contains("closed on all nights"));
        assert!(why_no_room(&[closed, full], 1).unwrap().contains("too few"));
        assert!(why_no_room(&[full, asks], 1).unwrap().contains("does not publish"));
        assert!(why_no_room(&[], 1).unwrap().contains("no stored night"));
    }
}
