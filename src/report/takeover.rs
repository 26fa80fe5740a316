//! Reports a takeover: its progress on stderr, its result on stdout.

#[cfg(test)]
mod tests;
mod text;

use std::collections::{BTreeMap, BTreeSet};
use std::io::{IsTerminal, stderr};
use std::time::Duration;

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use serde::Serialize;

use crate::domain::database_url::DatabaseUrl;
use crate::domain::takeover::counts::Correction;
use crate::ops::takeover::plan::taken::NotTaken;
use crate::ops::takeover::{TakenOver, TakeoverEvent, Version};
use crate::runtime::console::{self, say};
use crate::text::format::{LogFormat, Printout};
use crate::text::humanize::pluralize;
use crate::text::visible::visible;
use text::{rfc3339, text};

/// Shows the progress of a takeover: a bar on a terminal, lines elsewhere.
pub struct Progress {
    bars: Option<MultiProgress>,
    quiet: bool,
    bar: ProgressBar,
    done: usize,
    huts: usize,
}

impl Progress {
    #[must_use]
    pub fn new(bars: &MultiProgress, no_progress: bool, quiet: bool) -> Self {
        let is_text = console::log_format() == LogFormat::Text;
        let is_drawn = is_text && !quiet && !no_progress && stderr().is_terminal();
        let bars = is_drawn.then(|| bars.clone());
        Self { bars, quiet, bar: ProgressBar::hidden(), done: 0, huts: 0 }
    }

    /// Handles one event.
    pub fn on_event(&mut self, event: TakeoverEvent<'_>) {
        match event {
            TakeoverEvent::Reading => self.begin_reading(),
            TakeoverEvent::Began { huts } => self.begin(huts),
            TakeoverEvent::Taken { hut, counts } => {
                self.done += 1;
                self.bar.inc(1);
                if self.has_lines() {
                    let rows = pluralize(number(counts.rows), "night");
                    let entries = pluralize(number(counts.entries), "entry");
                    let hut = visible(hut);
                    say(&format!("[{}/{}] {hut}: {rows}, {entries}", self.done, self.huts));
                }
            }
        }
    }

    /// The other server reads its tables once, before the first hut.
    fn begin_reading(&mut self) {
        if let Some(bars) = &self.bars {
            self.bar = bars.add(ProgressBar::new_spinner());
            self.bar.set_message("reading the huts and the size of their history");
            self.bar.enable_steady_tick(Duration::from_millis(200));
        } else if self.has_lines() {
            say("reading the huts and the size of their history");
        }
    }

    fn begin(&mut self, huts: usize) {
        self.huts = huts;
        if let Some(bars) = &self.bars {
            self.bar.finish_and_clear();
            let template =
                "taking over {wide_bar} {pos:>5}/{len} huts  {elapsed} elapsed, {eta} remaining";
            let style = ProgressStyle::with_template(template).expect("a valid constant");
            self.bar = bars.add(ProgressBar::new(huts as u64).with_style(style));
            self.bar.enable_steady_tick(Duration::from_millis(500));
        } else if self.has_lines() {
            say(&format!("taking over {}", pluralize(huts, "hut")));
        }
    }

    fn has_lines(&self) -> bool {
        self.bars.is_none() && !self.quiet
    }

    /// Removes the bar.
    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

fn number(count: u64) -> usize {
    usize::try_from(count).unwrap_or(usize::MAX)
}

/// The result of a takeover.
pub struct TakeoverReport<'a> {
    pub from: &'a DatabaseUrl,
    pub to: &'a DatabaseUrl,
    pub dry_run: bool,
    pub taken: &'a TakenOver,
}

/// The keys of the JSON object.
#[derive(Serialize)]
struct Json<'a> {
    from: String,
    to: String,
    version: Version,
    read_at: String,
    dry_run: bool,
    interrupted: bool,
    huts: Huts,
    rows: Taken,
    entries: Taken,
    repaired: Repaired,
    values_corrected: &'a BTreeMap<Correction, u64>,
    gone: &'a [String],
    not_taken: &'a BTreeSet<NotTaken>,
}

#[derive(Serialize)]
struct Huts {
    all: usize,
    taken: usize,
    unchanged: usize,
    new: usize,
    changed: usize,
    gone: usize,
    followed: usize,
    inactive: usize,
    not_public: usize,
}

#[derive(Serialize)]
struct Taken {
    read: u64,
    taken: u64,
}

#[derive(Serialize)]
struct Repaired {
    gaps_closed: u64,
    overlaps_ended: u64,
    doubles_merged: u64,
    values_corrected: u64,
    entries_added: u64,
    rows_added: u64,
}

impl Printout for TakeoverReport<'_> {
    fn text(&self) -> String {
        text(self.from, self.to, self.dry_run, self.taken)
    }

    fn json(&self) -> String {
        let TakenOver { counts, gone, not_taken, .. } = self.taken;
        to_line(&Json {
            from: self.from.to_string(),
            to: self.to.to_string(),
            version: self.taken.version,
            read_at: rfc3339(self.taken.read_at),
            dry_run: self.dry_run,
            interrupted: self.taken.is_stopped,
            huts: Huts {
                all: self.taken.huts,
                taken: self.taken.taken,
                unchanged: self.taken.unchanged,
                new: self.taken.new,
                changed: self.taken.changed,
                gone: gone.len(),
                followed: self.taken.followed,
                inactive: self.taken.inactive,
                not_public: self.taken.not_public,
            },
            rows: Taken { read: counts.rows_read, taken: counts.rows },
            entries: Taken { read: counts.entries_read, taken: counts.entries },
            repaired: Repaired {
                gaps_closed: counts.gaps_closed,
                overlaps_ended: counts.overlaps_ended,
                doubles_merged: counts.doubles_merged,
                values_corrected: counts.values_corrected(),
                entries_added: counts.entries_added,
                rows_added: counts.rows_added,
            },
            values_corrected: &counts.corrected,
            gone,
            not_taken,
        })
    }
}

fn to_line(value: &impl Serialize) -> String {
    format!("{}\n", serde_json::to_string(value).expect("plain values have JSON"))
}

/// The end of a takeover.
#[derive(Serialize)]
pub struct FinishReport<'a> {
    #[serde(serialize_with = "as_text")]
    pub database: &'a DatabaseUrl,
    /// The number of huts that are polled from now on. 0: none was being taken over.
    pub finished: usize,
}

fn as_text<S: serde::Serializer>(url: &&DatabaseUrl, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(url)
}

impl Printout for FinishReport<'_> {
    fn text(&self) -> String {
        match self.finished {
            0 => format!(
                "no hut of {} is being taken over: there is nothing to finish\n",
                self.database
            ),
            huts => format!(
                "the takeover of {} is finished: `update-availability` polls those that are active and followed from \
                 now on. The Wodore backend must not poll them any more\n",
                pluralize(huts, "hut")
            ),
        }
    }

    fn json(&self) -> String {
        to_line(self)
    }
}
