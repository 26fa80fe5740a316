//! Reports a discovery: its progress on stderr, its result on stdout.

pub mod text;

use std::collections::BTreeMap;
use std::io::IsTerminal;

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};

use super::failure_groups::FailureGroups;
use crate::domain::failure::Failure;
use crate::domain::organization::Organization;
use crate::register::discover::result::Discovered;
use crate::register::merge::{HutChange, MergeOutcome};
use crate::runtime::console::{self, say, say_failure};
use crate::text::format::{LogFormat, Printout};
use crate::text::humanize::pluralize;

/// Shows the progress of the crawls: one bar per site on a terminal, lines elsewhere.
pub struct Follower {
    bars: Option<MultiProgress>,
    /// Whether each change is printed as a line. The report of a dry run lists the changes anyway.
    has_lines: bool,
    sites: BTreeMap<Organization, (ProgressBar, usize)>,
    failures: BTreeMap<Organization, FailureGroups>,
}

impl Follower {
    /// Follows the flags. With `--quiet`, only failures are printed.
    #[must_use]
    pub fn new(bars: &MultiProgress, no_progress: bool, quiet: bool, dry_run: bool) -> Self {
        let is_text = console::log_format() == LogFormat::Text;
        let is_drawn = is_text && !quiet && !no_progress && std::io::stderr().is_terminal();
        Self {
            bars: is_drawn.then(|| bars.clone()),
            has_lines: !is_drawn && !quiet && !dry_run,
            sites: BTreeMap::new(),
            failures: BTreeMap::new(),
        }
    }

    /// Reports a step of the crawl. `last` is the last step, as far as is known.
    pub fn step(
        &mut self,
        organization: Organization,
        step: u32,
        last: Option<u32>,
        failure: Option<&Failure>,
    ) {
        if let Some(failure) = failure {
            let step_name = organization.crawl_plan.step_name();
            let line = format!("{organization}: {step_name} {step} failed: {failure}");
            let failures = self.failures.entry(organization).or_default();
            if failures.add(organization.slug, &step.to_string(), failure) {
                self.say_failure(&line);
            } else {
                tracing::debug!("{line}");
            }
        }
        self.draw(organization, step, last);
    }

    /// Reports that the crawl of a site stopped before its end.
    pub fn abandoned(&self, organization: Organization, why: &Failure) {
        self.say_failure(&format!("{organization}: {why}"));
    }

    fn draw(&mut self, organization: Organization, step: u32, last: Option<u32>) {
        let Some(bars) = &self.bars else { return };
        let (bar, _) = self.sites.entry(organization).or_insert_with(|| {
            let template = format!(
                "{organization:<16} {{wide_bar}} {{pos:>5}}/{{len}} {}s  {{elapsed}} elapsed, {{eta}} remaining{{msg}}",
                organization.crawl_plan.step_name()
            );
            let style = ProgressStyle::with_template(&template).expect("a valid template");
            let bar = bars.add(ProgressBar::new(0).with_style(style));
            bar.enable_steady_tick(std::time::Duration::from_millis(500));
            // Steps of an earlier crawl must not count towards the estimate of the remaining time.
            bar.set_position(u64::from(step) - 1);
            bar.reset_eta();
            (bar, 0)
        });
        bar.set_length(u64::from(last.unwrap_or(step)));
        bar.set_position(step.into());
    }

    /// Counts or prints the change of a hut.
    pub fn on_change(&mut self, organization: Organization, change: &HutChange) {
        if change.outcome == MergeOutcome::Unchanged {
            return;
        }
        match self.sites.get_mut(&organization) {
            Some((bar, changes)) => {
                *changes += 1;
                bar.set_message(format!(", {}", pluralize(*changes, "change")));
            }
            None if self.has_lines => say(&text::describe(change)),
            None => {}
        }
    }

    /// Removes the bars, and prints how many steps have failed for the same reason.
    pub fn finish(&self) {
        self.sites.values().for_each(|(bar, _)| bar.finish_and_clear());
        for (organization, failures) in &self.failures {
            let step_name = organization.crawl_plan.step_name();
            let what = |count| format!("{} failed", pluralize(count, step_name));
            failures.lines(what).iter().for_each(|line| self.say_failure(line));
        }
    }

    fn say_failure(&self, line: &str) {
        match &self.bars {
            Some(bars) => bars.suspend(|| say_failure(line)),
            None => say_failure(line),
        }
    }
}

impl Printout for Discovered {
    fn text(&self) -> String {
        text::format(self)
    }

    fn json(&self) -> String {
        let json = serde_json::to_string(self).expect("plain values have JSON");
        format!("{json}\n")
    }
}
