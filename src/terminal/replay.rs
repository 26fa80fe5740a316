//! Renders the results of replays, one column a schedule.

use comfy_table::Table;

use super::screen::Screen;
use crate::query::replay::{ReplayReport, ScheduleResult};
use crate::text::spreadsheet::to_csv;

type Line = (&'static str, fn(&ScheduleResult) -> String);

/// The lines of the table.
const LINES: [Line; 10] = [
    ("checks a hut and day", |result| format!("{:.2}", result.checks_per_hut_day)),
    ("open nights true", |result| percent(result.open_true)),
    ("weighted by interest", |result| percent(result.weighted_true)),
    ("as the program expects", |result| percent(result.expected_true)),
    ("a freed place is seen after", |result| hours(result.freed_seen_hours_mean)),
    ("nine of ten within", |result| hours(result.freed_seen_hours_p90)),
    ("longest interval", |result| hours(result.longest_interval_hours)),
    ("shortest interval", |result| hours(result.shortest_interval_hours)),
    ("worst day over its budget", |result| percent(result.worst_day_over_budget)),
    ("forecast of a week\'s changes", |result| percent(result.forecast_ratio)),
];

/// The results side by side.
#[must_use]
pub fn table(report: &ReplayReport, screen: Screen) -> Table {
    let names: Vec<String> = report.schedules.iter().map(name).collect();
    let columns: Vec<&str> = std::iter::once("").chain(names.iter().map(String::as_str)).collect();
    let numbers: Vec<usize> = (1..columns.len()).collect();
    let mut table = screen.table_of(&columns, &numbers);
    for (title, value) in LINES {
        let values = report.schedules.iter().map(value);
        table.add_row(std::iter::once(title.to_owned()).chain(values));
    }
    table
}

/// `ADAPTIVE 4`: with the budget, where there is one.
fn name(result: &ScheduleResult) -> String {
    let name = result.schedule.to_uppercase();
    result.checks_per_day.map_or(name.clone(), |checks| format!("{name} {checks}"))
}

fn percent(share: Option<f64>) -> String {
    share.map_or("-".into(), |share| format!("{:.2} %", share * 100.0))
}

fn hours(hours: Option<f64>) -> String {
    hours.map_or("-".into(), |hours| format!("{hours:.2} h"))
}

/// CSV with a line for each schedule.
#[must_use]
pub fn csv(report: &ReplayReport) -> String {
    let columns = [
        "schedule",
        "checks_per_day",
        "huts",
        "checks_per_hut_day",
        "open_true",
        "weighted_true",
        "freed_seen_hours_mean",
        "freed_seen_hours_p90",
        "worst_day_over_budget",
        "expected_true",
        "forecast_ratio",
        "longest_interval_hours",
        "shortest_interval_hours",
    ];
    to_csv(&columns, report.schedules.iter())
}
