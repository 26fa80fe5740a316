//! The flags that say which dates a check asks for, and which of them decide how often a hut is polled.

use clap::Args;

use super::values::whole;

/// How many dates a check asks for.
#[derive(Clone, Copy, Debug, Args)]
pub struct DaysArgs {
    /// Number of dates to ask for: from today to today + DAYS - 1
    #[arg(
        long,
        env = "AVAILABILITY_DAYS",
        value_name = "DAYS",
        default_value_t = 365,
        value_parser = whole::<u16>(1..=731)
    )]
    pub days: u16,
}

/// Which dates decide the tier of a hut.
#[derive(Clone, Copy, Debug, Args)]
pub struct NextDaysArgs {
    /// The occupancy of the dates from today to today + DAYS decides which interval a hut gets
    #[arg(
        long,
        env = "AVAILABILITY_NEXT_DAYS",
        value_name = "DAYS",
        default_value_t = 14,
        value_parser = whole::<u16>(0..=731)
    )]
    pub next_days: u16,
}
