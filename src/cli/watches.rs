//! The command lines of `watches` and `notify`.

use std::path::PathBuf;

use chrono::{TimeDelta, WeekdaySet};
use clap::{Args, Subcommand};

use super::channels::ChannelsArgs;
use super::day::DayArgs;
use super::values::{REPORT, formats, parse_cooldown, whole};
use crate::domain::stay::{MAX_NIGHTS, Stage, parse_weekdays};
use crate::text::format::Format;

/// The flags of the verbs that change one watch.
#[derive(Clone, Debug, Args)]
pub struct NamedArgs {
    /// The name of the watch
    pub name: String,

    #[command(flatten)]
    pub day: DayArgs,
}

/// `watches`
#[derive(Clone, Debug, Subcommand)]
pub enum WatchesCommand {
    /// Watch huts or a tour, and hear when a bed comes free
    #[command(after_help = ADD_EXAMPLES)]
    Add(Box<AddArgs>),
    /// List all watches, with the number of arrivals that are open
    List(ListArgs),
    /// Show one watch: what it waits for, what is open, and its last messages
    Show(ShowArgs),
    /// Pause a watch: nothing of it is sent until it is resumed
    Pause(NamedArgs),
    /// Resume a paused watch; what is open by then is sent once, unless it was added with --quiet-start
    Resume(NamedArgs),
    /// Remove a watch, with the messages that are still to be sent of it
    Remove(NamedArgs),
    /// Send a test message to each channel of a watch, and show what came back
    Test(TestArgs),
    /// Make the watches of a file those of the database: add, change and remove
    #[command(after_help = APPLY_EXAMPLES)]
    Apply(ApplyArgs),
}

/// `watches add`
#[derive(Clone, Debug, Args)]
pub struct AddArgs {
    /// A name for the watch, which its messages bear
    pub name: String,

    /// A hut in which the nights may be, by its slug; may be repeated, or given as a list with commas
    #[arg(
        long,
        value_name = "SLUG",
        value_delimiter = ',',
        required_unless_present = "stages",
        conflicts_with = "stages"
    )]
    pub hut: Vec<String>,

    /// A stage of a tour: the slug of a hut, or several as alternatives, and the number of its nights if that is not 1;
    /// repeat it for each stage, in their order
    #[arg(long = "stage", value_name = "SLUG[,SLUG…][:NIGHTS]")]
    pub stages: Vec<Stage<String>>,

    /// First arrival: today, weekend, 2026-01-15, 15.01.2026, …
    #[arg(long, value_name = "DATE")]
    pub from: String,

    /// Last arrival
    #[arg(long, value_name = "DATE")]
    pub to: String,

    /// Number of consecutive nights in one hut
    #[arg(
        long,
        value_name = "N",
        default_value_t = 1,
        value_parser = whole::<u16>(1..=MAX_NIGHTS),
        conflicts_with = "stages"
    )]
    pub nights: u16,

    /// Number of people; each night must have that many free places
    #[arg(long, value_name = "P", default_value_t = 1, value_parser = whole::<u16>(1..=999))]
    pub places: u16,

    /// Weekdays of the arrival, such as fri,sat [default: all]
    #[arg(long, value_name = "DAYS", default_value = "", hide_default_value = true, value_parser = parse_weekdays)]
    pub weekday: WeekdaySet,

    /// A channel that gets the messages; may be repeated, or given as a list with commas
    #[arg(long, value_name = "CHANNEL", value_delimiter = ',', required = true)]
    pub notify: Vec<String>,

    /// Do not send what is open already
    #[arg(long)]
    pub quiet_start: bool,

    /// Also send when an arrival closes again
    #[arg(long)]
    pub closings: bool,

    /// Send an arrival that opens again and again at most once in this time, such as 30m, 2h or 1d
    #[arg(long, value_name = "DURATION", default_value = "1h", value_parser = parse_cooldown)]
    pub cooldown: TimeDelta,

    #[command(flatten)]
    pub channels: ChannelsArgs,

    #[command(flatten)]
    pub day: DayArgs,
}

/// `watches list`
#[derive(Clone, Debug, Args)]
pub struct ListArgs {
    /// Output format
    #[arg(long, value_name = "FORMAT", default_value = "text", value_parser = formats(REPORT))]
    pub output: Format,

    #[command(flatten)]
    pub day: DayArgs,
}

/// `watches show`
#[derive(Clone, Debug, Args)]
pub struct ShowArgs {
    /// The name of the watch
    pub name: String,

    #[command(flatten)]
    pub list: ListArgs,
}

/// `watches test`
#[derive(Clone, Debug, Args)]
pub struct TestArgs {
    /// The name of the watch
    pub name: String,

    #[command(flatten)]
    pub channels: ChannelsArgs,

    #[command(flatten)]
    pub day: DayArgs,
}

/// `watches apply`
#[derive(Clone, Debug, Args)]
pub struct ApplyArgs {
    /// TOML file of watches
    pub file: PathBuf,

    /// Show what would be added, changed and removed, and change nothing
    #[arg(long)]
    pub dry_run: bool,

    #[command(flatten)]
    pub channels: ChannelsArgs,

    #[command(flatten)]
    pub day: DayArgs,
}

/// `notify`
#[derive(Clone, Debug, Args)]
pub struct NotifyArgs {
    /// Format of the report
    #[arg(long, value_name = "FORMAT", default_value = "text", value_parser = formats(REPORT))]
    pub output: Format,

    #[command(flatten)]
    pub channels: ChannelsArgs,

    #[command(flatten)]
    pub day: DayArgs,
}

const ADD_EXAMPLES: &str = "\
Examples:
  hut-availability watches add konkordia --hut konkordiahuette --from 2026-07-01 --to 2026-08-31 \\
      --nights 2 --places 4 --weekday fri,sat --notify me
  hut-availability watches add tour --stage hut-a --stage hut-b,hut-c:2 --from 1.7.2026 --to 31.8.2026 --notify me

A channel is a table of the file of channels:
  [channels.me]
  kind = \"ntfy\"                 # or \"webhook\", \"email\", \"apprise\"
  url = \"https://ntfy.sh/my-topic\"

A message is sent when an arrival opens: when each of its nights has room for all people, and had not. What is open
already is sent once. `update-availability` checks watched huts every half hour, and sends.";

const APPLY_EXAMPLES: &str = "\
Example of a file:
  [watches.konkordia]
  hut = [\"konkordiahuette\"]       # or: stage = [\"hut-a\", \"hut-b,hut-c:2\"]
  from = 2026-07-01
  to = 2026-08-31
  nights = 2
  places = 4
  weekday = \"fri,sat\"
  notify = [\"me\"]
  quiet_start = false
  closings = true
  cooldown = \"2h\"

Watches that were made by hand, or that came from another file, stay as they are.";

pub const NOTIFY_EXAMPLES: &str = "\
Exit status:
  0    all messages that were due were sent, or none was due
  1    some could not be sent; they are tried again, for a day at most
  2    nothing could be done";
