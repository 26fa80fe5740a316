//! Checks a row of the log of runs, and the run's lease.

use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Integer, Nullable, Text};

use super::{Rule, form};

/// A run, and its lease if it has one.
#[derive(Clone, Debug, QueryableByName)]
pub struct LoggedRun {
    #[diesel(sql_type = Integer)]
    pub id: i32,
    /// None if only the lease exists.
    #[diesel(sql_type = Nullable<Text>)]
    pub started_at: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub finished_at: Option<String>,
    #[diesel(sql_type = Nullable<Integer>)]
    pub exit_status: Option<i32>,
    /// The smallest of its counts.
    #[diesel(sql_type = BigInt)]
    pub lowest_count: i64,
    #[diesel(sql_type = Nullable<Text>)]
    pub renewed_at: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub expires_at: Option<String>,
}

impl LoggedRun {
    /// The violations of rules. `limit` is the latest instant that is not in the future.
    #[must_use]
    pub fn violations(&self, limit: &str) -> Vec<(Rule, String)> {
        let Self { id, started_at, finished_at, exit_status, .. } = self;
        let mut found = Vec::new();
        let instants = [
            ("started_at", started_at),
            ("finished_at", finished_at),
            ("renewed_at", &self.renewed_at),
            ("expires_at", &self.expires_at),
        ];
        for (field, text) in instants {
            let parsed = text.as_ref().map(|text| form::instant(field, text));
            if let Some(Err(what)) = parsed {
                found.push((Rule::Form, format!("run {id}: {what}")));
            }
        }
        for (field, text) in &instants[..2] {
            if let Some(text) = text.as_deref().filter(|text| *text > limit) {
                found.push((Rule::Future, format!("run {id}: {field} is in the future: {text}")));
            }
        }
        let mut wrong = |what: String| found.push((Rule::Run, format!("run {id}: {what}")));
        if started_at.is_none() {
            wrong("it has a lease, but the run does not exist".into());
        }
        match (finished_at, exit_status) {
            (Some(at), None) => wrong(format!("finished at {at}, with no exit status")),
            (None, Some(status)) => wrong(format!("exit status {status}, but not finished")),
            _ => {}
        }
        if self.lowest_count < 0 {
            wrong(format!("the count {} is negative", self.lowest_count));
        }
        if let (Some(renewed), Some(expires)) = (&self.renewed_at, &self.expires_at)
            && renewed >= expires
        {
            wrong(format!("its lease, renewed at {renewed}, expires at {expires}"));
        }
        found
    }
}
