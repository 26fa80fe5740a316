//! Checks the dates of one hut: rows, their histories, and what the views show for both.

use chrono::{DateTime, Days, Utc};

use super::record::{ENTRY, ENTRY_IN_VIEW, ROW, ROW_IN_VIEW, Record};
use super::{Counts, Rule, form};

/// The state of the check of one hut. It holds only the latest records of one date.
pub struct Dates<'a> {
    /// The stored `hut_check.last_success`.
    last_success: Option<String>,
    /// The range of dates that this check asked for, if it is known.
    range: Option<(String, String)>,
    last_success_at: Option<DateTime<Utc>>,
    /// Gets each violation: the rule, the date, and what is wrong.
    report: &'a mut dyn FnMut(Rule, &str, String),
    counts: Counts,
    date: String,
    row: Option<Record>,
    /// The latest entry.
    entry: Option<Record>,
    /// Whether the view's record of the latest record has not come yet.
    awaits_view: bool,
}

impl<'a> Dates<'a> {
    /// Starts the check of a hut with this last successful check. The hut's records must come by date. For a
    /// date the row comes first, then the entries by time. Each is followed by its record in the view.
    pub fn new(
        last_success: Option<String>,
        range: Option<(String, String)>,
        report: &'a mut dyn FnMut(Rule, &str, String),
    ) -> Self {
        let text = last_success.as_deref();
        Self {
            last_success_at: text.and_then(|text| form::instant("", text).ok()),
            last_success,
            range,
            report,
            counts: Counts::default(),
            date: String::new(),
            row: None,
            entry: None,
            awaits_view: false,
        }
    }

    /// Checks the next record.
    pub fn record(&mut self, record: Record) {
        if record.date != self.date {
            self.end_date();
            self.date.clone_from(&record.date);
            if let Err(what) = form::date(&record.date) {
                self.report(Rule::Form, what);
            }
        }
        match record.part {
            ROW_IN_VIEW | ENTRY_IN_VIEW => return self.check_view(&record),
            _ => self.end_record(),
        }
        self.check_values(&record);
        self.awaits_view = true;
        if record.part == ROW {
            self.counts.dates += 1;
            self.check_row(&record);
            self.row = Some(record);
        } else {
            self.counts.entries += 1;
            match self.entry.take() {
                Some(previous) => self.check_next_entry(&previous, &record),
                None => self.check_first_entry(&record),
            }
            self.entry = Some(record);
        }
    }

    /// Ends the check after the last record.
    #[must_use]
    pub fn finish(mut self) -> Counts {
        self.end_date();
        self.counts
    }

    fn report(&mut self, rule: Rule, what: String) {
        (self.report)(rule, &self.date, what);
    }

    /// Checks a record by itself, and against the hut's last successful check.
    fn check_values(&mut self, record: &Record) {
        if let Err(what) = record.parse_state() {
            self.report(Rule::State, what);
        }
        let date = &self.date;
        let report = &mut self.report;
        let (first, last) = record.parse_times(|rule, what| report(rule, date, what));
        let Some(last_success) = &self.last_success else {
            return self.report(Rule::Checked, "the hut was never checked successfully".into());
        };
        let until = last.or(first).max(first);
        if let (Some(until), Some(success)) = (until, self.last_success_at)
            && until > success
        {
            let what = format!(
                "checked from {} to {}, after the hut's last successful check at {last_success}",
                record.first_checked,
                record.until(),
            );
            self.report(Rule::Checked, what);
        }
    }

    /// Checks a row's source, and its last check against the hut's last successful check.
    fn check_row(&mut self, row: &Record) {
        if !row.has_source {
            let organization = row.source_organization.as_deref().unwrap_or_default();
            let what = format!("its source {organization:?} is not a source of the hut");
            self.report(Rule::Source, what);
        }
        let (Some(success), Some(at)) = (self.last_success.clone(), self.last_success_at) else {
            return;
        };
        if row.last_checked.as_ref() == Some(&success) {
            let what = format!(
                "last listed by the hut's last successful check at {success}, but not listed now (last_checked must be null)"
            );
            return self.report(Rule::Checked, what);
        }
        let is_listed = row.last_checked.is_none();
        if row.withdrawn == Some(true) && is_listed {
            self.report(Rule::Withdrawn, "withdrawn, but listed (last_checked is null)".into());
        }
        // Text order is time order.
        let range = self.range.as_ref().filter(|_| form::date(&self.date).is_ok());
        if let Some((from, until)) = range {
            let is_in_range = (from..=until).contains(&&self.date);
            let asked = || format!("the hut's last successful check asked for {from} to {until}");
            if is_listed && !is_in_range {
                let what = format!("listed (last_checked is null), but {}", asked());
                self.report(Rule::Checked, what);
            } else if !is_listed && is_in_range && row.withdrawn == Some(false) {
                self.report(
                    Rule::Withdrawn,
                    format!("not listed and not withdrawn, but {}", asked()),
                );
            }
            return;
        }
        // A check finds no longer listed dates only from the day before the last success on.
        let first = at.date_naive() - Days::new(1);
        if is_listed && form::date(&self.date).is_ok_and(|date| date < first) {
            let what = format!(
                "listed (last_checked is null), but days before the hut's last successful check at {success}"
            );
            self.report(Rule::Checked, what);
        }
    }

    fn check_first_entry(&mut self, entry: &Record) {
        let Some(row) = &self.row else {
            let what = format!("an entry from {} without a row", entry.first_checked);
            return self.report(Rule::RowAndHistory, what);
        };
        if row.first_checked != entry.first_checked {
            let what = format!(
                "the row begins at {}, its history at {}",
                row.first_checked, entry.first_checked
            );
            self.report(Rule::FirstEntry, what);
        }
    }

    fn check_next_entry(&mut self, previous: &Record, entry: &Record) {
        let (from, next) = (&previous.first_checked, &entry.first_checked);
        match &previous.last_checked {
            None => self.report(
                Rule::OpenEntry,
                format!("the entry from {from} is open, but another entry follows from {next}"),
            ),
            Some(until) if until != next => self.report(
                Rule::Gap,
                format!("the entry from {from} ends at {until}, the next begins at {next}"),
            ),
            Some(_) => {}
        }
        if previous.state() == entry.state() {
            let state = entry.describe_state();
            let what = format!("the entries from {from} and from {next} are equal: {state}");
            self.report(Rule::EqualNeighbours, what);
        }
    }

    /// Checks the view's record of the latest record.
    fn check_view(&mut self, view: &Record) {
        let table = if view.part == ROW_IN_VIEW { ROW } else { ENTRY };
        let stored = self.entry.as_ref().or(self.row.as_ref());
        let stored = stored.filter(|stored| {
            let is_same = stored.part == table && stored.first_checked == view.first_checked;
            is_same && self.awaits_view
        });
        let Some(stored) = stored else {
            let what = format!(
                "{} shows a row that is not stored, from {}",
                view_of(table),
                view.first_checked
            );
            return self.report(Rule::View, what);
        };
        let differences = stored.differences(view, self.last_success.as_deref());
        self.awaits_view = false;
        for what in differences {
            let what = format!("{}, from {}: {what}", view_of(table), view.first_checked);
            self.report(Rule::View, what);
        }
    }

    /// Reports a record that its view did not show.
    fn end_record(&mut self) {
        if std::mem::take(&mut self.awaits_view)
            && let Some(stored) = self.entry.as_ref().or(self.row.as_ref())
        {
            let (view, from) = (view_of(stored.part), &stored.first_checked);
            let what = format!("{view} does not show the row that is stored from {from}");
            self.report(Rule::View, what);
        }
    }

    fn end_date(&mut self) {
        self.end_record();
        let (row, entry) = (self.row.take(), self.entry.take());
        let Some(row) = row else { return };
        let Some(open) = entry else {
            return self.report(Rule::RowAndHistory, "a row without any entry".into());
        };
        if open.state() != row.state() {
            let (row, open) = (row.describe_state(), open.describe_state());
            self.report(Rule::OpenEntry, format!("the row is {row}, but its open entry is {open}"));
        }
        if open.last_checked != row.last_checked {
            let (row, open) = (row.until(), open.until());
            let what = format!("the row is valid until {row}, but its open entry until {open}");
            self.report(Rule::OpenEntry, what);
        }
    }
}

fn view_of(part: i32) -> &'static str {
    if part == ROW { "hut_availability" } else { "hut_availability_history" }
}
