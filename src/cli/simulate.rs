//! The command line of `hut-availability simulate`.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use super::values::{parse_seconds, whole};
use crate::domain::fault::Fault;

const EXAMPLES: &str = "\
Examples:
  hut-availability simulate --port 8081
  update-availability --source-url hrs=http://127.0.0.1:8081 \\
                      --source-url huetten-holiday=http://127.0.0.1:8081 \\
                      --source-url ffcam=http://127.0.0.1:8081

  hut-availability simulate --huts 150 --seed 7 --day 2026-07-01      150 huts; always that day
  hut-availability simulate --snapshots days.csv.gz --day 2026-03-01  replay a captured day
  hut-availability simulate --latency 0.4 --error-rate 0.1            slow; every tenth request fails";

/// `simulate`: the data that the fake sites answer from, and how they fail
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct SimulateArgs {
    /// Port to listen on at 127.0.0.1; 0 picks a free port
    #[arg(long, value_name = "PORT", default_value_t = 0, value_parser = whole::<u16>(0..=u16::MAX))]
    pub port: u16,

    /// Answer from a CSV file of captured days of hrs (columns: fetched_on, hut_id, date, free_beds,
    /// total_sleeping_places, hut_status) or ffcam (fetched_at, structure, date, free); compressed with gzip if
    /// its name ends in .gz
    #[arg(long, value_name = "FILE", requires = "day", conflicts_with_all = ["huts", "seed"])]
    pub snapshots: Option<PathBuf>,

    /// Use this day as the current day of the fake sites [default: today]
    #[arg(long, value_name = "DATE")]
    pub day: Option<String>,

    /// Answer for N synthetic huts, with the IDs 1 to N [default: the huts of the demo]
    #[arg(long, value_name = "N", value_parser = whole::<u32>(1..=1_000_000))]
    pub huts: Option<u32>,

    /// Seed of the synthetic bookings; the same seed gives the same bookings
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = whole::<u64>(0..))]
    pub seed: u64,

    /// Send an ETag with answers of hut-reservation.org, and answer 304 if the client has that ETag already
    #[arg(long)]
    pub etag: bool,

    /// Time to wait before each answer
    #[arg(long, value_name = "SECONDS", default_value = "0", value_parser = parse_seconds)]
    pub latency: Duration,

    /// Share of requests that fail, 0 to 1 [default: 0, or 1 with --faults]
    #[arg(long, value_name = "RATE", value_parser = parse_rate)]
    pub error_rate: Option<f64>,

    /// Kinds of failures to produce [default: all kinds]
    #[arg(long, value_name = "FAULT", value_enum, value_delimiter = ',')]
    pub faults: Vec<Fault>,

    /// Let the first N requests succeed
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = whole::<usize>(0..))]
    pub faults_after: usize,

    /// Let all requests after the first N succeed [default: no limit]
    #[arg(long, value_name = "N", value_parser = whole::<usize>(0..))]
    pub faults_until: Option<usize>,

    /// Value of Retry-After in answers that report a rate limit
    #[arg(long, value_name = "SECONDS", default_value = "1", value_parser = parse_seconds)]
    pub retry_after: Duration,
}

fn parse_rate(text: &str) -> Result<f64, String> {
    let rate = text.parse().ok().filter(|rate| (0.0..=1.0).contains(rate));
    rate.ok_or_else(|| "expected a number from 0 to 1".into())
}
