//! `hut-availability replay`: compares schedules on past days, in virtual time.

use std::ops::RangeInclusive;

use anyhow::{Context, ensure};
use chrono::{Days, NaiveDate, TimeDelta, Utc};
use indicatif::{MultiProgress, ProgressBar, ProgressStyle};

use super::config::intervals;
use crate::cli::replay::{ReplayArgs, ReplaySchedule};
use crate::db::hut_history;
use crate::db::open::open_to_read;
use crate::domain::database_url::DatabaseUrl;
use crate::domain::schedule::{Adaptive, Intervals, Schedule};
use crate::query::date;
use crate::query::replay::{ReplayReport, mean};
use crate::replay::captures::{of_history, read};
use crate::replay::simulation::{Policy, replay};
use crate::replay::world::{Course, midnight};
use crate::runtime::console::print;
use crate::terminal::data::to_json;
use crate::terminal::replay::{csv, table};
use crate::terminal::screen::{Narrowing, Screen};
use crate::text::format::Printout;

/// The days of the history that are replayed, unless a flag says otherwise.
const DEFAULT_DAYS: Days = Days::new(28);

/// Prints what each schedule would have asked, and how true the stored nights would have been.
pub fn run(
    url: &DatabaseUrl,
    args: &ReplayArgs,
    bars: &MultiProgress,
    screen: Screen,
) -> anyhow::Result<()> {
    let courses = courses(url, args)?;
    let policies = policies(args);
    let bar = bars.add(ProgressBar::new(policies.len() as u64 * u64::from(args.seeds)));
    let style = ProgressStyle::with_template("replaying {wide_bar} {pos}/{len} {eta}");
    bar.set_style(style.expect("the template is valid"));
    let mut schedules = Vec::new();
    for policy in &policies {
        let results: Vec<_> = (1..=u64::from(args.seeds))
            .map(|seed| {
                let result =
                    replay(&courses, policy, args.tier_window.next_days.into(), args.copies, seed);
                bar.inc(1);
                result
            })
            .collect();
        schedules.extend(mean(&results));
    }
    bar.finish_and_clear();
    print(&Printed { report: ReplayReport { schedules }, screen }, args.output)?;
    Ok(())
}

/// The huts of the file, or of the database.
fn courses(url: &DatabaseUrl, args: &ReplayArgs) -> anyhow::Result<Vec<Course>> {
    let today = Utc::now().date_naive();
    let date =
        |text: &Option<String>| text.as_ref().map(|text| date::parse(text, today)).transpose();
    let (from, to) = (date(&args.from)?, date(&args.to)?);
    if let Some(path) = &args.captures {
        let days = from.unwrap_or(NaiveDate::MIN)..=to.unwrap_or(NaiveDate::MAX);
        ensure_order(&days)?;
        return read(path, &days, args.window.days.into());
    }
    let to = to.unwrap_or(today);
    let days = from.unwrap_or(to - DEFAULT_DAYS)..=to;
    ensure_order(&days)?;
    let mut courses = Vec::new();
    let mut db = open_to_read(url)?;
    hut_history::for_each(&mut db, *days.start(), midnight(to), |hut| {
        courses.push(of_history(hut, &days));
    })
    .context("cannot read the history")?;
    courses.retain(|course| !course.nights.is_empty() || !course.changes.is_empty());
    ensure!(
        !courses.is_empty(),
        "no followed hut in {url} has a history from {} to {to}: give other days with --from and --to, or a file with \
         --captures",
        days.start()
    );
    Ok(courses)
}

fn ensure_order(days: &RangeInclusive<NaiveDate>) -> anyhow::Result<()> {
    ensure!(
        days.start() < days.end(),
        "--to {} must be later than --from {}",
        days.end(),
        days.start()
    );
    Ok(())
}

fn policies(args: &ReplayArgs) -> Vec<Policy> {
    let all = [ReplaySchedule::Tiers, ReplaySchedule::Even, ReplaySchedule::Adaptive];
    let given = if args.schedule.is_empty() { &all[..] } else { &args.schedule };
    let checks_per_day = args.checks_per_day;
    let tiers = intervals(&args.tiers, false);
    let policy = |kind: &ReplaySchedule| match kind {
        ReplaySchedule::Tiers => {
            Policy { name: "tiers", schedule: Schedule::Tiers(tiers), checks_per_day: None }
        }
        ReplaySchedule::Even => {
            let seconds = (86_400.0 / checks_per_day).round() as i64;
            let every = Intervals::all(TimeDelta::seconds(seconds));
            Policy {
                name: "even",
                schedule: Schedule::Tiers(every),
                checks_per_day: Some(checks_per_day),
            }
        }
        ReplaySchedule::Adaptive => {
            let adaptive = Adaptive { checks_per_day, watched: tiers.watched };
            Policy {
                name: "adaptive",
                schedule: Schedule::Adaptive(adaptive),
                checks_per_day: Some(checks_per_day),
            }
        }
    };
    given.iter().map(policy).collect()
}

struct Printed {
    report: ReplayReport,
    screen: Screen,
}

impl Printout for Printed {
    fn text(&self) -> String {
        let narrowing = Narrowing { drop: &[], shorten: &[0] };
        format!("{}\n", self.screen.fit(table(&self.report, self.screen), &narrowing))
    }

    fn csv(&self) -> String {
        csv(&self.report)
    }

    fn json(&self) -> String {
        to_json(&self.report)
    }
}
