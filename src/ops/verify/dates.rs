//! The dates of one hut: rows, their histories, and what the views show of both.

use chrono::{DateTime, Days, Utc};

use super::record::{ENTRY, ENTRY_IN_VIEW, ROW, ROW_IN_VIEW, Record};
use super::{Counts, Rule, form};

/// What is held of a hut while its records come by: those of one date that the next is held against.
pub struct Dates<'a> {
    /// `hut_check.last_success`, as it is stored.
    last_success: Option<String>,
    last_success_at: Option<DateTime<Utc>>,
    /// Told what breaks which rule, on which date.
    found: &'a mut dyn FnMut(Rule, &str, String),
    counts: Counts,
    date: String,
    row: Option<Record>,
    /// The entry that came last.
    entry: Option<Record>,
    /// Whether the view is yet to show the record that came last.
    awaits_view: bool,
}

impl<'a> Dates<'a> {
    /// Of a hut whose last successful check was then. Its records must come by date; of a date the
    /// row first, then the entries by time, each followed by what its view shows of it.
    pub fn new(last_success: Option<String>, found: &'a mut dyn FnMut(Rule, &str, String)) -> Self {
        let text = last_success.as_deref();
        Self {
            last_success_at: text.and_then(|text| form::instant("", text).ok()),
            last_success,
            found,
            counts: Counts::default(),
            date: String::new(),
            row: None,
            entry: None,
            awaits_view: false,
        }
    }

    /// Takes in the next record.
    pub fn record(&mut self, record: Record) {
        if record.date != self.date {
            self.end_date();
            self.date.clone_from(&record.date);
            if let Err(what) = form::date(&record.date) {
                self.tell(Rule::Form, what);
            }
        }
        match record.part {
            ROW_IN_VIEW | ENTRY_IN_VIEW => return self.shown(&record),
            _ => self.end_record(),
        }
        self.alone(&record);
        self.awaits_view = true;
        if record.part == ROW {
            self.counts.dates += 1;
            self.listed(&record);
            self.row = Some(record);
        } else {
            self.counts.entries += 1;
            match self.entry.take() {
                Some(previous) => self.follows(&previous, &record),
                None => self.begins(&record),
            }
            self.entry = Some(record);
        }
    }

    /// After the last record.
    #[must_use]
    pub fn finish(mut self) -> Counts {
        self.end_date();
        self.counts
    }

    fn tell(&mut self, rule: Rule, what: String) {
        (self.found)(rule, &self.date, what);
    }

    /// What can be said of a record by itself and the hut's last successful check.
    fn alone(&mut self, record: &Record) {
        if let Err(what) = record.parse_state() {
            self.tell(Rule::State, what);
        }
        let date = &self.date;
        let found = &mut self.found;
        let (first, last) = record.parse_times(|rule, what| found(rule, date, what));
        let Some(last_success) = &self.last_success else {
            return self.tell(Rule::Checked, "the hut was never checked successfully".into());
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
            self.tell(Rule::Checked, what);
        }
    }

    /// Whether the row's last check fits the hut's: a listed date is so at the last successful one.
    fn listed(&mut self, row: &Record) {
        if !row.has_source {
            let organization = row.source_organization.as_deref().unwrap_or_default();
            let what = format!("its source {organization:?} is none of the hut's");
            self.tell(Rule::Source, what);
        }
        let (Some(success), Some(at)) = (self.last_success.clone(), self.last_success_at) else {
            return;
        };
        if row.last_checked.as_ref() == Some(&success) {
            let what = format!(
                "last listed by the hut's last successful check at {success}, yet not listed now (last_checked must be null)"
            );
            return self.tell(Rule::Checked, what);
        }
        // A check finds the dates that it no longer lists from the day before the last success on.
        let first = at.date_naive() - Days::new(1);
        if row.last_checked.is_none() && form::date(&self.date).is_ok_and(|date| date < first) {
            let what = format!(
                "listed (last_checked is null), yet days before the hut's last successful check at {success}"
            );
            self.tell(Rule::Checked, what);
        }
    }

    fn begins(&mut self, entry: &Record) {
        let Some(row) = &self.row else {
            let what = format!("an entry from {} without a row", entry.first_checked);
            return self.tell(Rule::RowAndHistory, what);
        };
        if row.first_checked != entry.first_checked {
            let what = format!(
                "the row begins at {}, its history at {}",
                row.first_checked, entry.first_checked
            );
            self.tell(Rule::FirstEntry, what);
        }
    }

    fn follows(&mut self, previous: &Record, entry: &Record) {
        let (from, next) = (&previous.first_checked, &entry.first_checked);
        match &previous.last_checked {
            None => self.tell(
                Rule::OpenEntry,
                format!("the entry from {from} is open, yet another follows from {next}"),
            ),
            Some(until) if until != next => self.tell(
                Rule::Gap,
                format!("the entry from {from} ends at {until}, the next begins at {next}"),
            ),
            Some(_) => {}
        }
        if previous.state() == entry.state() {
            let state = entry.state_in_words();
            let what = format!("the entries from {from} and from {next} are equal: {state}");
            self.tell(Rule::EqualNeighbours, what);
        }
    }

    /// What the view of its table shows of the record that came last.
    fn shown(&mut self, view: &Record) {
        let table = if view.part == ROW_IN_VIEW { ROW } else { ENTRY };
        let stored = self.entry.as_ref().or(self.row.as_ref());
        let stored = stored.filter(|stored| {
            let is_of_it = stored.part == table && stored.first_checked == view.first_checked;
            is_of_it && self.awaits_view
        });
        let Some(stored) = stored else {
            let what =
                format!("{} shows what is not stored, from {}", view_of(table), view.first_checked);
            return self.tell(Rule::View, what);
        };
        let differences = stored.differences(view, self.last_success.as_deref());
        self.awaits_view = false;
        for what in differences {
            let what = format!("{}, from {}: {what}", view_of(table), view.first_checked);
            self.tell(Rule::View, what);
        }
    }

    /// The view had to follow.
    fn end_record(&mut self) {
        if std::mem::take(&mut self.awaits_view)
            && let Some(stored) = self.entry.as_ref().or(self.row.as_ref())
        {
            let (view, from) = (view_of(stored.part), &stored.first_checked);
            let what = format!("{view} does not show what is stored from {from}");
            self.tell(Rule::View, what);
        }
    }

    fn end_date(&mut self) {
        self.end_record();
        let (row, entry) = (self.row.take(), self.entry.take());
        let Some(row) = row else { return };
        let Some(open) = entry else {
            return self.tell(Rule::RowAndHistory, "a row without any entry".into());
        };
        if open.state() != row.state() {
            let (row, open) = (row.state_in_words(), open.state_in_words());
            self.tell(Rule::OpenEntry, format!("the row says {row}; its open entry {open}"));
        }
        if open.last_checked != row.last_checked {
            let (row, open) = (row.until(), open.until());
            let what = format!("the row holds until {row}; its open entry until {open}");
            self.tell(Rule::OpenEntry, what);
        }
    }
}

fn view_of(part: i32) -> &'static str {
    if part == ROW { "hut_availability" } else { "hut_availability_history" }
}
