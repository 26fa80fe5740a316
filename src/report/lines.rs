//! Prints one line per hut on stderr, and one per abandoned site. Failures of the same kind at one site have two lines:
//! the first one when it happens, and their number at the end.

use super::failure_groups::FailureGroups;
use super::site_lines::site_abandoned;
use crate::domain::run::{HutOutcome, HutResult};
use crate::runtime::console::{say, say_failure};
use crate::text::humanize::pluralize;
use crate::update::event::{Reporter, RunEvent};

/// Prints a line with a running number for each hut, or only for failed huts.
pub struct Lines {
    done: usize,
    selected: usize,
    failures_only: bool,
    failures: FailureGroups,
}

impl Lines {
    /// With `failures_only`, only failed huts get a line.
    #[must_use]
    pub fn new(failures_only: bool) -> Self {
        Self { done: 0, selected: 0, failures_only, failures: FailureGroups::default() }
    }
}

impl Reporter for Lines {
    fn report(&mut self, event: &RunEvent<'_>) {
        match event {
            RunEvent::Selected(huts) => self.selected = *huts,
            RunEvent::Answered => {}
            RunEvent::Finished(_) => {
                let what = |count| format!("{} not checked", pluralize(count, "hut"));
                self.failures.lines(what).iter().for_each(|line| say_failure(line));
            }
            RunEvent::SiteAbandoned { organization, skipped, why } => {
                self.done += skipped;
                let line = site_abandoned(organization, *skipped, why);
                say(&format!("[{}/{}] {line}", self.done, self.selected));
            }
            RunEvent::Done(result) => {
                self.done += 1;
                let line = format!("[{}/{}] {}", self.done, self.selected, describe(result));
                match &result.failure {
                    Some(failure) if result.outcome == HutOutcome::Failed => {
                        if self.failures.add(&result.organization, &result.hut, failure) {
                            say(&line);
                        } else {
                            tracing::debug!("{line}");
                        }
                    }
                    _ if self.failures_only && result.outcome != HutOutcome::Failed => {}
                    _ => say(&line),
                }
            }
        }
    }
}

/// `watzmannhaus: 1 created, 12 changed`
fn describe(result: &HutResult) -> String {
    let hut = &result.hut;
    match (result.outcome, &result.failure) {
        (HutOutcome::Failed, Some(failure)) => {
            format!("{hut}: failed: {failure}")
        }
        (HutOutcome::Failed, None) => format!("{hut}: failed"),
        (HutOutcome::Skipped, _) => match result.why_skipped {
            Some(why) => format!("{hut}: skipped: {why}"),
            None => format!("{hut}: skipped"),
        },
        (HutOutcome::Updated, _) => {
            let diff = &result.diff;
            let counts = [
                (diff.created, "created"),
                (diff.changed, "changed"),
                (diff.unchanged, "unchanged"),
                (diff.dropped_out, "dropped out"),
                (result.adjustments, "corrected"),
            ];
            let counts = counts.iter().filter(|(count, _)| *count > 0);
            let counts: Vec<_> = counts.map(|(count, word)| format!("{count} {word}")).collect();
            format!("{hut}: {}", counts.join(", "))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample::{failed, updated};

    #[test]
    fn a_line_has_the_outcome_of_a_hut() {
        insta::assert_snapshot!(describe(&updated()), @"watzmannhaus: 1 created, 12 changed, 352 unchanged, 1 dropped out, 2 corrected");
        let failed = describe(&failed());
        insta::assert_snapshot!(failed, @"taellihuette: failed: timeout: no complete answer within 30 s");
        let skipped = HutResult { outcome: HutOutcome::Skipped, ..updated() };
        insta::assert_snapshot!(describe(&skipped), @"watzmannhaus: skipped");
    }
}
