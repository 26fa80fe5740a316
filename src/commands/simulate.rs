//! `hut-availability simulate`: runs fake booking sites.

use std::net::{Ipv4Addr, SocketAddr};

use anyhow::{Context, bail};
use chrono::NaiveDate;
use tokio::sync::watch;

use crate::cli::simulate::SimulateArgs;
use crate::commands::demo;
use crate::domain::exit_status::ExitStatus;
use crate::domain::signal::Signal;
use crate::query::date;
use crate::runtime::clock::Clock;
use crate::runtime::console::{print_raw, say};
use clap::ValueEnum;

use crate::domain::fault::Fault;
use crate::simulate::clock::SiteClock;
use crate::simulate::faults::Faults;
use crate::simulate::model::Model;
use crate::simulate::server::FakeSite;
use crate::simulate::site::Site;

/// Serves until a signal arrives. Stdout gets only the address, so that scripts can read it.
pub async fn run(
    args: SimulateArgs,
    mut stop: watch::Receiver<Option<Signal>>,
) -> anyhow::Result<ExitStatus> {
    let today = Clock::System.today(chrono_tz::Europe::Zurich);
    let day = args.day.as_ref().map(|text| date::parse(text, today)).transpose()?;
    let site = site(&args, day)?;
    // Noon UTC is the same day in every time zone of the huts.
    let noon = |day: NaiveDate| day.and_hms_opt(12, 0, 0).expect("a valid constant").and_utc();
    let clock = day.map_or(Clock::System, |day| Clock::StoppedAt(noon(day)));
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, args.port));
    let fake_site = FakeSite::start(address, site, SiteClock::from(clock), faults(&args))
        .await
        .with_context(|| format!("cannot listen on {address}"))?;
    if args.etag {
        fake_site.give_etags();
    }
    let url = fake_site.url();
    let url = url.as_str().trim_end_matches('/');
    print_raw(&format!("{url}\n"))?;
    say(&format!(
        "listening; use it with: update-availability --source-url hrs={url} \
         --source-url huetten-holiday={url} --source-url ffcam={url}"
    ));
    stop.wait_for(Option::is_some).await.context("the signal handler has stopped")?;
    // A signal is the normal end of a server, so the exit status is 0.
    Ok(ExitStatus::Done)
}

fn site(args: &SimulateArgs, day: Option<NaiveDate>) -> anyhow::Result<Site> {
    let Some(path) = &args.snapshots else {
        return Ok(Site::Model(match args.huts {
            Some(count) => Model::numbered(args.seed, count),
            None => Model::new(args.seed, demo::huts()),
        }));
    };
    let site = Site::load_snapshots(path)?;
    let day = day.context("--day is required with --snapshots")?;
    let days = site.captured_days();
    if let ([first, ..], [.., last]) = (&days[..], &days[..])
        && !days.contains(&day)
    {
        bail!("the file has no data for {day}; its days are from {first} to {last}");
    }
    Ok(site)
}

fn faults(args: &SimulateArgs) -> Faults {
    let all = || Fault::value_variants().to_vec();
    Faults {
        after: args.faults_after,
        until: args.faults_until.unwrap_or(usize::MAX),
        error_rate: args.error_rate.unwrap_or(if args.faults.is_empty() { 0.0 } else { 1.0 }),
        kinds: if args.faults.is_empty() { all() } else { args.faults.clone() },
        seed: args.seed,
        latency: args.latency,
        retry_after: args.retry_after,
    }
}
