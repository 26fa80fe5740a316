//! `hut-availability compare`: compares our answers with those of the service that we replace.

use anyhow::{Context, bail};
use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use reqwest::Url;
use tokio::net::TcpListener;
use tokio::sync::watch;

use super::config;
use crate::cli::compare::CompareArgs;
use crate::compare::run::{self, Config};
use crate::compare::summary::Comparison;
use crate::db::open::open_to_read;
use crate::db::{read_only, register};
use crate::domain::database_url::DatabaseUrl;
use crate::domain::exit_status::ExitStatus;
use crate::domain::framing::Framing;
use crate::domain::schedule::{Intervals, Schedule};
use crate::domain::signal::Signal;
use crate::runtime::console::print;
use crate::web::app::{App, AppConfig};
use crate::web::rate_limit::RateLimits;
use crate::web::router;
use crate::web::server::{self, LIMITS};

/// Compares, and prints the report.
pub async fn run(
    url: DatabaseUrl,
    args: CompareArgs,
    bars: &MultiProgress,
    stop: watch::Receiver<Option<Signal>>,
) -> anyhow::Result<ExitStatus> {
    let start = config::date(&args.day, &args.date)?;
    let ours = match &args.ours {
        Some(ours) => ours.clone(),
        None => serve(url, &args, stop).await?,
    };
    let bar = bars.add(ProgressBar::new(0));
    let template = "questions  {wide_bar} {pos:>5}/{len}  {elapsed} elapsed, {eta} remaining";
    bar.set_style(ProgressStyle::with_template(template).expect("a valid constant"));
    let compared = run::run(
        Config {
            ours,
            theirs: args.theirs,
            start,
            budget: args.requests,
            seed: args.seed,
            interval: args.request_interval,
        },
        |asked, all| {
            bar.set_length(all as u64);
            bar.set_position(asked as u64);
        },
    );
    let comparison = compared.await;
    bar.finish_and_clear();
    let comparison = comparison?;
    print(&comparison, args.output)?;
    Ok(exit_status(&comparison))
}

fn exit_status(comparison: &Comparison) -> ExitStatus {
    match (&comparison.stopped, comparison.differences.is_empty()) {
        (_, false) => ExitStatus::SomeFailed,
        (Some(_), true) => ExitStatus::NothingDone,
        (None, true) => ExitStatus::Done,
    }
}

/// Serves the stored data on a free port of this machine until the command ends.
async fn serve(
    url: DatabaseUrl,
    args: &CompareArgs,
    stop: watch::Receiver<Option<Signal>>,
) -> anyhow::Result<Url> {
    // Without huts every answer would differ.
    let database = url.clone();
    tokio::task::spawn_blocking(move || {
        if register::count(&mut open_to_read(&database)?)? == 0 {
            bail!("nothing was compared: {database} has no huts; --database-url names another database");
        }
        read_only::prepare(&database)
    })
    .await??;
    let app_config = AppConfig {
        clock: config::clock(&args.day),
        timezone: args.day.timezone,
        schedule: Schedule::Tiers(Intervals::default()),
        show_watches: false,
        rate_limits: RateLimits::default(),
        map_tiles: None,
        framing: Framing::default(),
    };
    let app = App::new(url, app_config)?;
    let listener = TcpListener::bind("127.0.0.1:0").await.context("cannot listen on 127.0.0.1")?;
    let address = listener.local_addr()?;
    let open_connections = app.metrics().open_connections.clone();
    tokio::spawn(server::serve(listener, router::router(app), LIMITS, open_connections, stop));
    Ok(format!("http://{address}").parse()?)
}
