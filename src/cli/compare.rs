//! The command line of `hut-availability compare`.

use std::time::Duration;

use clap::Args;
use reqwest::Url;

use super::day::DayArgs;
use super::values::{REPORT, formats, parse_base_url, parse_seconds, whole};
use crate::text::format::Format;

pub const EXAMPLES: &str = "\
Examples:
  hut-availability compare --with https://api.example.org
  hut-availability compare --with https://api.example.org --requests 500 --seed 7
  hut-availability compare --with https://api.example.org --ours https://huts.example.org
  hut-availability compare --with https://api.example.org --output json > comparison.json

Both services get the same questions: the map of the next days, pages and parts of it, single huts, trends, the
version, and questions that must be refused. Huts whose nights differ on the map come first, with the trends of these
nights, then a sample by --seed. Differences that are known and harmless are listed apart, each with its reason.

Exit status:
  0    no other difference
  1    there are differences
  2    nothing, or too little, could be compared";

/// `compare`
#[derive(Debug, Args)]
pub struct CompareArgs {
    /// The other service, which answers under this URL as the Wodore backend does
    #[arg(long = "with", value_name = "URL", value_parser = parse_base_url)]
    pub theirs: Url,

    /// Our service; by default the stored data is served on this machine while the command runs
    #[arg(long, value_name = "URL", value_parser = parse_base_url)]
    pub ours: Option<Url>,

    /// The first date to ask for
    #[arg(long, value_name = "DATE", default_value = "today")]
    pub date: String,

    /// The most requests to the other service
    #[arg(long, value_name = "N", default_value_t = 100, value_parser = whole::<u32>(2..=100_000))]
    pub requests: u32,

    /// Chooses the huts that are compared one by one; the same seed chooses the same huts
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = whole::<u64>(0..))]
    pub seed: u64,

    /// Seconds between the starts of two requests to the other service
    #[arg(long, value_name = "SECONDS", default_value = "0.5", value_parser = parse_seconds)]
    pub request_interval: Duration,

    /// Format of the report on stdout; everything else goes to stderr
    #[arg(long, value_name = "FORMAT", default_value = "text", value_parser = formats(REPORT))]
    pub output: Format,

    #[command(flatten)]
    pub day: DayArgs,
}
