//! The command line of `hut-availability`.

use clap::{Parser, Subcommand};

use super::huts::HutsCommand;
use super::keeping::{PRUNE_EXAMPLES, PruneArgs, VERIFY_EXAMPLES, VerifyArgs};
use super::reading::{
    HUT_EXAMPLES, HutArgs, MAP_EXAMPLES, MapArgs, STATUS_EXAMPLES, StatusArgs, TREND_EXAMPLES,
    TrendArgs,
};
use super::update::CommonArgs;

const EXAMPLES: &str = "\
Examples:
  hut-availability huts discover                    every hut of the booking sites
  hut-availability huts import huts.csv             your own, by a file
  hut-availability huts list --country CH
  hut-availability map weekend --min-free 5         where is room for five on Saturday?
  hut-availability hut watzmannhaus                 one hut's calendar
  hut-availability trend watzmannhaus weekend       how a night filled up
  hut-availability status                           is all well?
  hut-availability migrate                          bring a PostgreSQL database up to date
  hut-availability copy --from huts.db --to postgres://localhost/huts
  hut-availability verify                           does what is stored keep its rules?
  hut-availability prune --keep-days 730            remove the nights of over two years ago
  hut-availability serve                            what is stored, on http://127.0.0.1:8080
  hut-availability simulate --port 8081             booking sites on this machine, to try things on

The job itself is `update-availability`.";

/// What `update-availability` found, its huts and its database
#[derive(Debug, Parser)]
#[command(name = "hut-availability", version, after_help = EXAMPLES)]
pub struct HutAvailabilityCli {
    #[command(subcommand)]
    pub command: Command,

    #[command(flatten)]
    pub common: CommonArgs,
}

/// What is to be done.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Bring the database up to date, and say what was done
    Migrate,
    /// Copy everything that is kept to another database, and compare the two
    #[command(after_help = super::copy::EXAMPLES)]
    Copy(super::copy::CopyArgs),
    /// Which huts there are
    #[command(subcommand)]
    Huts(HutsCommand),
    /// What is free: huts in rows, dates in columns
    #[command(after_help = MAP_EXAMPLES)]
    Map(MapArgs),
    /// One hut: how it is today, its last check, its calendar
    #[command(after_help = HUT_EXAMPLES)]
    Hut(HutArgs),
    /// How one night of a hut filled up
    #[command(after_help = TREND_EXAMPLES)]
    Trend(TrendArgs),
    /// Whether huts are asked as they should be: tiers, overdue and failing huts, the last runs
    #[command(after_help = STATUS_EXAMPLES)]
    Status(StatusArgs),
    /// Check that what is stored keeps every rule: rows, their histories, the views
    #[command(after_help = VERIFY_EXAMPLES)]
    Verify(VerifyArgs),
    /// Remove what is stored of dates long past, and the log of runs of then
    #[command(after_help = PRUNE_EXAMPLES)]
    Prune(PruneArgs),
    /// Serve what is stored, to read: JSON for programs, pages for people
    Serve(super::serve::ServeArgs),
    /// Booking sites on this machine, in the words of the real ones
    Simulate(super::simulate::SimulateArgs),
}
