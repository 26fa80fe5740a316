//! Runs the commands of both binaries.

use std::io::{stderr, stdout};
use std::process::ExitCode;
use std::time::Instant;

use clap::Parser;
use indicatif::MultiProgress;
use tokio::sync::watch;

use crate::cli::app::{Command, HutAvailabilityCli};
use crate::cli::huts::{HutsCommand, LinkArgs};
use crate::cli::update::UpdateCli;
use crate::cli::watches::WatchesCommand;
use crate::commands;
use crate::commands::config::{DiscoverConfig, UpdateConfig, database_url};
use crate::commands::huts_link_proposed::Consent;
use crate::commands::process::{AfterSignal, exit_code, run_to_end};
use crate::domain::database_url::{DEFAULT, DatabaseUrl};
use crate::domain::exit_status::ExitStatus;
use crate::domain::field::Field;
use crate::domain::signal::Signal;
use crate::runtime::console;
use crate::sites::registry::Registry;
use crate::terminal::screen::{Colours, Screen, colours_of_environment};

/// Parses the arguments. Help and errors fit the terminal; after them, the program ends.
fn parse<Cli: Parser>() -> Cli {
    let mut command = Cli::command();
    if let Some(width) = console::width_of(&stdout()) {
        command = command.term_width(width.into());
    }
    let parsed = command.try_get_matches_from_mut(std::env::args_os()).and_then(|matches| {
        Cli::from_arg_matches(&matches).map_err(|error| error.format(&mut command))
    });
    parsed.unwrap_or_else(|error| {
        let is_error = error.use_stderr();
        let is_terminal = match is_error {
            true => console::width_of(&stderr()).is_some(),
            false => console::width_of(&stdout()).is_some(),
        };
        if !is_terminal {
            error.exit();
        }
        let text = match colours_of_environment() {
            Colours::Yes => error.render().ansi().to_string(),
            Colours::No => error.render().to_string(),
        };
        if is_error {
            console::say_failure(text.trim_end());
        } else {
            // A terminal that is gone has no reader.
            let _ = console::print_text(&text);
        }
        std::process::exit(error.exit_code());
    })
}

/// Runs `update-availability`.
#[must_use]
pub fn update_availability() -> ExitCode {
    let cli: UpdateCli = parse();
    let bars = console::init(cli.common.verbose, cli.common.quiet, cli.common.log_format);
    let config = UpdateConfig::new(cli, Registry::default());
    exit_code(config.and_then(|config| {
        let (failed, begin) = (config.clone(), (Instant::now(), config.clock.now()));
        let at_silence = move || commands::update::export_failure(&failed, begin);
        run_to_end(AfterSignal::ExitSoon, at_silence, async move |stop| match config.every {
            None => commands::update::run(config, &bars, stop).await,
            Some(every) => commands::update::every::run(config, every, &bars, stop).await,
        })
    }))
}

/// Runs `hut-availability`.
#[must_use]
pub fn hut_availability() -> ExitCode {
    let cli: HutAvailabilityCli = parse();
    let bars = console::init(cli.common.verbose, cli.common.quiet, cli.common.log_format);
    let after_signal = match &cli.command {
        Command::Serve(_) | Command::Simulate(_) => AfterSignal::ExitWhenDone,
        Command::Copy(_)
        | Command::Takeover(_)
        | Command::Prune(_)
        | Command::Notify(_)
        | Command::Huts(HutsCommand::Discover(_)) => AfterSignal::ExitSoon,
        _ => AfterSignal::ExitAtOnce,
    };
    exit_code(run_to_end(after_signal, || (), async move |stop| run(cli, &bars, stop).await))
}

async fn run(
    cli: HutAvailabilityCli,
    bars: &MultiProgress,
    stop: watch::Receiver<Option<Signal>>,
) -> anyhow::Result<ExitStatus> {
    let url = database_url(&cli.common, DEFAULT);
    match cli.command {
        Command::Migrate => commands::migrate::run(&url, &Registry::default().organizations())?,
        Command::Copy(args) => return commands::copy::run(args, cli.common.quiet, bars, &stop),
        Command::Takeover(args) => {
            let known = Registry::default().organizations();
            return commands::takeover::run(args, &url, &known, cli.common.quiet, bars, &stop);
        }
        Command::Huts(HutsCommand::Discover(args)) => {
            let config = DiscoverConfig::new(args, &cli.common, Registry::default())?;
            return commands::huts_discover::run(config, bars, stop).await;
        }
        Command::Huts(HutsCommand::Link(args)) if args.proposed => {
            let known = Registry::default().organizations();
            return commands::huts_link_proposed::run(&url, consent(&args), &known);
        }
        Command::Huts(command) => huts(&url, command)?,
        Command::Distribute(args) => commands::distribute::run(&url, &args)?,
        Command::Map(args) => commands::map::run(&url, &args, Screen::of_stdout())?,
        Command::Hut(args) => commands::hut::run(&url, &args, Screen::of_stdout())?,
        Command::Trend(args) => commands::trend::run(&url, &args, Screen::of_stdout())?,
        Command::Stays(args) => commands::stays::run_stays(&url, args, Screen::of_stdout())?,
        Command::Tours(args) => commands::stays::run_tours(&url, args, Screen::of_stdout())?,
        Command::Watches(command) => return watches(&url, command).await,
        Command::Notify(args) => return commands::notify::run(&url, &args, stop).await,
        Command::Status(args) => commands::status::run(&url, &args, Screen::of_stdout())?,
        Command::Verify(args) => return commands::verify::run(&url, &args, bars),
        Command::Repair(args) => return commands::repair::run(&url, &args, bars),
        Command::Prune(args) => return commands::prune::run(&args, &url, bars, &stop),
        Command::Serve(args) => return commands::serve::run(args, url, stop).await,
        Command::Compare(args) => return commands::compare::run(url, args, bars, stop).await,
        Command::Simulate(args) => return commands::simulate::run(args, stop).await,
        Command::Completions(args) => commands::completions::run(&args)?,
        Command::Replay(args) => commands::replay::run(&url, &args, bars, Screen::of_stdout())?,
    }
    Ok(ExitStatus::Done)
}

async fn watches(url: &DatabaseUrl, command: WatchesCommand) -> anyhow::Result<ExitStatus> {
    let screen = Screen::of_stdout();
    match command {
        WatchesCommand::Add(args) => commands::watches_add::run(url, *args)?,
        WatchesCommand::List(args) => commands::watches_list::list(url, &args, screen)?,
        WatchesCommand::Show(args) => commands::watches_list::show(url, &args, screen)?,
        WatchesCommand::Pause(args) => commands::watches_set::pause(url, &args)?,
        WatchesCommand::Resume(args) => commands::watches_set::resume(url, &args)?,
        WatchesCommand::Remove(args) => commands::watches_set::remove(url, &args)?,
        WatchesCommand::Apply(args) => commands::watches_apply::run(url, &args)?,
        WatchesCommand::Test(args) => return commands::watches_test::run(url, &args).await,
    }
    Ok(ExitStatus::Done)
}

fn huts(url: &DatabaseUrl, command: HutsCommand) -> anyhow::Result<()> {
    let organizations = &Registry::default().organizations();
    match command {
        HutsCommand::Discover(_) => {
            unreachable!("`run` runs it, because it is asynchronous")
        }
        HutsCommand::Import { file, by_hand: pin, organization: None } => {
            commands::huts_import::run(url, &file, pin, organizations)
        }
        HutsCommand::Import { file, by_hand: pin, organization: Some(slug) } => {
            commands::huts_facts::run(url, &file, pin, &slug, organizations)
        }
        HutsCommand::Export { output } => commands::huts_list::export(url, output, organizations),
        HutsCommand::List(args) => commands::huts_list::run(url, &args, organizations),
        HutsCommand::Types { import: Some(file), .. } => commands::huts_types::import(url, &file),
        HutsCommand::Types { import: None, output } => commands::huts_types::list(url, output),
        HutsCommand::Show { slug, output, priorities, day } => {
            commands::huts_show::run(url, &slug, output, &priorities, &day)
        }
        HutsCommand::Set { slug, assignments } => {
            commands::huts_set::set(url, &[slug], &assignments, organizations)
        }
        HutsCommand::Unset { slug, fields } => commands::huts_set::unset(url, slug, &fields),
        HutsCommand::Activate { slugs } => commands::huts_set::set(
            url,
            &slugs,
            &[(Field::IsActive, true.to_string())],
            organizations,
        ),
        HutsCommand::Deactivate { slugs } => commands::huts_set::set(
            url,
            &slugs,
            &[(Field::IsActive, false.to_string())],
            organizations,
        ),
        HutsCommand::Link(LinkArgs { slug, organization, source_hut_id, replace, .. }) => {
            // The definition of the flags requires them without --proposed.
            let [slug, organization, id] =
                [slug, organization, source_hut_id].map(Option::unwrap_or_default);
            commands::huts_link::run(url, (&slug, &organization, &id), replace, organizations)
        }
    }
}

/// What the flags of `huts link --proposed` agree to.
fn consent(args: &LinkArgs) -> Consent {
    match (args.dry_run, args.yes) {
        (true, _) => Consent::DryRun,
        (_, true) => Consent::Given,
        _ => Consent::Ask,
    }
}
