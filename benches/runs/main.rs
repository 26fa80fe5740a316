//! The cost of whole runs: the real programs on both databases, against a fake booking site.
//!
//!     scripts/bench.sh                     the table of docs/performance.md, on a temporary PostgreSQL server
//!     scripts/bench.sh modes --huts 600    first, unchanged and changed runs, and the floor under each
//!     scripts/bench.sh pace                whether a run keeps the request interval at any latency of the site
//!     scripts/bench.sh growth              how much years of history and thousands of huts add
//!     scripts/bench.sh start               how long the programs take to find that nothing is due

mod backend;
mod floor;
mod growth;
mod modes;
mod pace;
mod program;
mod replay;
mod site;
mod start;

use std::path::PathBuf;

use backend::Backend;
use clap::{Parser, ValueEnum};
use program::Programs;

/// What to measure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum What {
    Modes,
    Pace,
    Growth,
    Start,
}

/// Measures the cost of whole runs
#[derive(Debug, Parser)]
struct Args {
    /// What to measure [default: all but growth]
    #[arg(value_enum)]
    what: Vec<What>,

    /// Numbers of huts
    #[arg(long, value_delimiter = ',', default_value = "150,600")]
    huts: Vec<u32>,

    /// Years of stored history for `growth`
    #[arg(long, value_delimiter = ',', default_value = "0,3")]
    years: Vec<u32>,

    /// How often to repeat each run; the table has the medians
    #[arg(long, default_value_t = 3)]
    rounds: usize,

    /// A PostgreSQL server to create databases on; without it, only SQLite is measured
    #[arg(long, env = "BENCH_POSTGRES")]
    postgres: Option<String>,

    /// Do not measure SQLite
    #[arg(long)]
    no_sqlite: bool,

    /// A directory with other programs to measure than those of this checkout
    #[arg(long, env = "BENCH_PROGRAMS")]
    programs: Option<PathBuf>,

    /// Cargo passes this flag; it has no effect
    #[arg(long, hide = true)]
    bench: bool,
}

fn main() {
    let args = Args::parse();
    let programs = Programs::new(args.programs.as_deref());
    let directory = tempfile::tempdir_in(concat!(env!("CARGO_MANIFEST_DIR"), "/target"))
        .expect("target/ can be written");
    let sqlite = (!args.no_sqlite).then(|| Backend::Sqlite(directory.path().to_owned()));
    let postgres = args.postgres.map(Backend::Postgres);
    let backends: Vec<Backend> = sqlite.into_iter().chain(postgres).collect();
    let all = vec![What::Modes, What::Pace, What::Start];
    for what in if args.what.is_empty() { all } else { args.what } {
        let table = match what {
            What::Modes => modes::table(&programs, &backends, &args.huts, args.rounds),
            What::Pace => pace::table(&programs, &backends, args.rounds),
            What::Growth => {
                growth::table(&programs, &backends, &args.huts, &args.years, args.rounds)
            }
            What::Start => start::table(&programs, &backends),
        };
        println!("\n{table}\n");
    }
}

/// The median of values.
fn median<T: Copy + PartialOrd>(mut values: Vec<T>) -> T {
    values.sort_by(|a, b| a.partial_cmp(b).expect("they are numbers"));
    values[values.len() / 2]
}

/// A table in Markdown.
fn markdown(header: &[&str], rows: Vec<Vec<String>>) -> comfy_table::Table {
    let mut table = comfy_table::Table::new();
    table.load_style(comfy_table::presets::ASCII_MARKDOWN).set_header(header.to_vec());
    table.add_rows(rows);
    table
}
