//! Draws two progress bars on a terminal: huts that were asked, and huts that are stored.

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};

use super::site_lines::site_abandoned;
use crate::domain::run::HutOutcome;
use crate::runtime::console::fitted_to_stderr;
use crate::update::event::{Reporter, RunEvent};

/// The bars. They are drawn once the number of huts is known.
pub struct Progress {
    bars: MultiProgress,
    asked: ProgressBar,
    stored: ProgressBar,
    failed: usize,
}

impl Progress {
    /// Draws with `bars`, which hides the bars while a message is printed.
    #[must_use]
    pub fn new(bars: MultiProgress) -> Self {
        Self { bars, asked: ProgressBar::hidden(), stored: ProgressBar::hidden(), failed: 0 }
    }

    fn begin(&mut self, huts: usize) {
        let bar = |template| {
            let bar = ProgressBar::new(huts as u64);
            bar.set_style(ProgressStyle::with_template(template).expect("a valid constant"));
            self.bars.add(bar)
        };
        self.asked = bar("asked   {wide_bar} {pos:>5}/{len}");
        self.stored =
            bar("stored  {wide_bar} {pos:>5}/{len}  {elapsed} elapsed, {eta} remaining{msg:.red}");
        self.stored.enable_steady_tick(std::time::Duration::from_millis(500));
    }
}

/// One bar for a command that visits every hut. It is not drawn if stderr is not a terminal.
#[must_use]
pub fn hut_bar(bars: &MultiProgress, huts: u64) -> ProgressBar {
    let bar = bars.add(ProgressBar::new(huts));
    let template = "huts  {wide_bar} {pos:>5}/{len}  {elapsed} elapsed, {eta} remaining";
    bar.set_style(ProgressStyle::with_template(template).expect("a valid constant"));
    bar
}

impl Reporter for Progress {
    fn report(&mut self, event: &RunEvent<'_>) {
        match event {
            RunEvent::Selected(0) => {}
            RunEvent::Selected(huts) => self.begin(*huts),
            RunEvent::Answered => self.asked.inc(1),
            RunEvent::Done(result) => {
                self.stored.inc(1);
                if result.outcome == HutOutcome::Failed {
                    self.failed += 1;
                    self.stored.set_message(format!(", {} failed", self.failed));
                }
            }
            RunEvent::SiteAbandoned { organization, skipped, why } => {
                self.asked.inc(*skipped as u64);
                self.stored.inc(*skipped as u64);
                // The run continues even if the terminal cannot be written.
                let line = site_abandoned(organization, *skipped, why);
                let _ = self.bars.println(fitted_to_stderr(&line));
            }
            RunEvent::Finished(_) => {
                self.asked.finish_and_clear();
                self.stored.finish_and_clear();
            }
        }
    }
}
