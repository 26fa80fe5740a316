//! A line on stderr for each hut, and one for a site that is left.

use super::site_lines::left;
use crate::domain::run::{HutOutcome, HutResult};
use crate::runtime::console::say;
use crate::update::event::{Reporter, RunEvent};

/// Counts the huts, and says what became of each, or of those that failed.
pub struct Lines {
    done: usize,
    selected: usize,
    failures_only: bool,
}

impl Lines {
    /// With `failures_only`, huts that went well are not worth a line.
    #[must_use]
    pub fn new(failures_only: bool) -> Self {
        Self { done: 0, selected: 0, failures_only }
    }
}

impl Reporter for Lines {
    fn report(&mut self, event: &RunEvent<'_>) {
        match event {
            RunEvent::Selected(huts) => self.selected = huts.len(),
            RunEvent::Answered | RunEvent::Finished(_) => {}
            RunEvent::SiteAbandoned { organization, skipped, why } => {
                self.done += skipped;
                let words = left(organization, *skipped, why);
                say(&format!("[{}/{}] {words}", self.done, self.selected));
            }
            RunEvent::Done(result) => {
                self.done += 1;
                if !self.failures_only || result.outcome == HutOutcome::Failed {
                    say(&format!("[{}/{}] {}", self.done, self.selected, describe(result)));
                }
            }
        }
    }
}

/// `slug: what became of it`
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
                (result.adjustments, "put right"),
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
    fn a_line_says_what_became_of_a_hut() {
        insta::assert_snapshot!(describe(&updated()), @"watzmannhaus: 1 created, 12 changed, 352 unchanged, 1 dropped out, 2 put right");
        let failed = describe(&failed());
        insta::assert_snapshot!(failed, @"taellihuette: failed: timeout: no complete answer within 30 s");
        let skipped = HutResult { outcome: HutOutcome::Skipped, ..updated() };
        insta::assert_snapshot!(describe(&skipped), @"watzmannhaus: skipped");
    }
}
