//! The command line of `hut-availability`.

use clap::{Parser, Subcommand};

use super::huts::HutsCommand;
use super::keeping::{
    PRUNE_EXAMPLES, PruneArgs, REPAIR_EXAMPLES, RepairArgs, VERIFY_EXAMPLES, VerifyArgs,
};
use super::reading::{
    HUT_EXAMPLES, HutArgs, MAP_EXAMPLES, MapArgs, STATUS_EXAMPLES, StatusArgs, TREND_EXAMPLES,
    TrendArgs,
};
use super::stays::{STAYS_EXAMPLES, StaysArgs, TOURS_EXAMPLES, ToursArgs};
use super::update::CommonArgs;

const EXAMPLES: &str = "\
Examples:
  hut-availability huts discover                    find every hut of the booking sites
  hut-availability huts import huts.csv             add your own huts from a file
  hut-availability huts list --country CH
  hut-availability map weekend --min-free 5         which huts have room for five on Saturday?
  hut-availability stays --nights 2 --places 4 --weekday fri,sat
  hut-availability watches add july --hut watzmannhaus --from 1.7.2026 --to 31.7.2026 --notify me
  hut-availability hut watzmannhaus                 one hut's calendar
  hut-availability trend watzmannhaus weekend       how a night filled up
  hut-availability status                           is polling healthy?
  hut-availability migrate                          apply pending migrations (PostgreSQL needs this)
  hut-availability copy --from huts.db --to postgres://localhost/huts
  hut-availability verify                           does the stored data satisfy every rule?
  hut-availability prune --keep-days 730            delete the nights older than two years
  hut-availability serve                            API and website on http://127.0.0.1:8080
  hut-availability compare --with https://api.example.org
  hut-availability simulate --port 8081             fake booking sites, to try things out
  hut-availability completions bash                 completions of commands and flags

The job that asks the booking sites is the other program, `update-availability`.";

/// Show what `update-availability` has stored, and manage its huts and its database
#[derive(Debug, Parser)]
#[command(name = "hut-availability", version, after_help = EXAMPLES)]
pub struct HutAvailabilityCli {
    #[command(subcommand)]
    pub command: Command,

    #[command(flatten)]
    pub common: CommonArgs,
}

/// The subcommands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Apply pending database migrations, and print their names
    Migrate,
    /// Copy the whole database to another one, and compare the two
    #[command(after_help = super::copy::EXAMPLES)]
    Copy(super::copy::CopyArgs),
    /// Take over the huts and their whole history from the database of the Wodore backend
    #[command(after_help = super::takeover::EXAMPLES)]
    Takeover(super::takeover::TakeoverArgs),
    /// Manage the huts: discover, import, export, list and change them
    #[command(subcommand)]
    Huts(HutsCommand),
    /// Show free places: one row per hut, one column per date
    #[command(after_help = MAP_EXAMPLES)]
    Map(MapArgs),
    /// Show one hut: its state today, its last check and its calendar
    #[command(after_help = HUT_EXAMPLES)]
    Hut(HutArgs),
    /// Show how one night of a hut filled up
    #[command(after_help = TREND_EXAMPLES)]
    Trend(TrendArgs),
    /// Show when huts have room for a group: consecutive nights in one hut
    #[command(after_help = STAYS_EXAMPLES)]
    Stays(StaysArgs),
    /// Show when a tour from hut to hut has room for a group: each stage on its night
    #[command(after_help = TOURS_EXAMPLES)]
    Tours(ToursArgs),
    /// Watch huts and tours: hear when a bed comes free
    #[command(subcommand)]
    Watches(super::watches::WatchesCommand),
    /// Send the pending messages of watches
    #[command(after_help = super::watches::NOTIFY_EXAMPLES)]
    Notify(super::watches::NotifyArgs),
    /// Show polling health: tiers, overdue huts, failing huts and the latest runs
    #[command(after_help = STATUS_EXAMPLES)]
    Status(StatusArgs),
    /// Check that the stored data satisfies every rule: rows, histories and views
    #[command(after_help = VERIFY_EXAMPLES)]
    Verify(VerifyArgs),
    /// Mend what `verify` finds wherever there is one right way, and name the rest
    #[command(after_help = REPAIR_EXAMPLES)]
    Repair(RepairArgs),
    /// Delete past dates that are older than a limit, and the log of runs of that time
    #[command(after_help = PRUNE_EXAMPLES)]
    Prune(PruneArgs),
    /// Distribute the tables by hut over the servers of a Citus cluster, or bring them back
    #[command(after_help = super::distribute::EXAMPLES)]
    Distribute(super::distribute::DistributeArgs),
    /// Start the read-only API and website: JSON for programs, pages for people
    Serve(super::serve::ServeArgs),
    /// Compare our answers with those of the service that we replace, and list what differs
    #[command(after_help = super::compare::EXAMPLES)]
    Compare(super::compare::CompareArgs),
    /// Run fake booking sites that mimic the real ones
    Simulate(super::simulate::SimulateArgs),
    /// Print the script that completes commands and flags in a shell
    #[command(after_help = super::completions::EXAMPLES)]
    Completions(super::completions::CompletionsArgs),
    /// Compare schedules on past days: how many checks, and how true the stored nights would have been
    #[command(after_help = super::replay::EXAMPLES)]
    Replay(super::replay::ReplayArgs),
}
