//! What a comparison has found: counts by kind, with examples.

use std::collections::BTreeMap;

use serde::Serialize;

use super::difference::{Difference, Kind};
use super::question::Area;
use super::reason::Reason;
use crate::text::format::Printout;
use crate::text::humanize::pluralize;
use crate::text::visible::visible;

/// The most examples of each group.
const MAX_EXAMPLES: usize = 3;

/// A comparison.
#[derive(Debug, Serialize)]
pub struct Comparison {
    pub ours: String,
    pub theirs: String,
    pub seed: u64,
    /// Requests to each service.
    pub requests: Requests,
    /// The number of questions that both services have answered, by the kind of the answer.
    pub questions: BTreeMap<Area, usize>,
    /// The differences that nobody expects, the most frequent first.
    pub differences: Vec<Group>,
    /// Those that are known and harmless.
    pub expected: Vec<Group>,
    /// Why the comparison ended before its time; none if it has not.
    pub stopped: Option<String>,
}

#[derive(Clone, Copy, Debug, Serialize)]
pub struct Requests {
    pub budget: u32,
    pub ours: u32,
    pub theirs: u32,
}

/// Differences of one kind in one field.
#[derive(Debug, Serialize)]
pub struct Group {
    pub kind: Kind,
    pub area: Area,
    pub field: String,
    pub count: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<Reason>,
    pub examples: Vec<Example>,
}

#[derive(Debug, Serialize)]
pub struct Example {
    pub hut: String,
    pub night: String,
    pub ours: Option<String>,
    pub theirs: Option<String>,
    pub question: String,
}

/// Groups differences: those that are not expected, and those that are.
#[must_use]
pub fn groups(differences: Vec<Difference>) -> (Vec<Group>, Vec<Group>) {
    let mut groups: BTreeMap<(Option<Reason>, Kind, Area, String), Group> = BTreeMap::new();
    for difference in differences {
        let Difference { kind, area, field, hut, night, question, ours, theirs, reason } =
            difference;
        let group = groups.entry((reason, kind, area, field.clone())).or_insert_with(|| Group {
            kind,
            area,
            field,
            count: 0,
            reason,
            examples: Vec::new(),
        });
        group.count += 1;
        if group.examples.len() < MAX_EXAMPLES {
            group.examples.push(Example { hut, night, ours, theirs, question });
        }
    }
    let (expected, mut unexpected): (Vec<Group>, Vec<Group>) =
        groups.into_values().partition(|group| group.reason.is_some());
    unexpected.sort_by_key(|group| std::cmp::Reverse(group.count));
    (unexpected, expected)
}

impl Comparison {
    fn head(&self) -> String {
        let answers: usize = self.questions.values().sum();
        let by_area: Vec<String> =
            self.questions.iter().map(|(area, count)| format!("{area} {count}")).collect();
        let Requests { budget, ours, theirs } = self.requests;
        format!(
            "ours    {}\ntheirs  {}\n{} compared ({}), seed {}; {ours} requests to us, {theirs} of {budget} to them\n",
            visible(&self.ours),
            visible(&self.theirs),
            pluralize(answers, "answer"),
            by_area.join(", "),
            self.seed,
        )
    }
}

impl Group {
    /// `value of free in a hut: 12`
    fn title(&self) -> String {
        let of = if self.field.is_empty() {
            String::new()
        } else {
            format!(" of {}", visible(&self.field))
        };
        format!("{}{of} ({}): {}", self.kind, self.area, self.count)
    }

    fn lines(&self) -> String {
        let examples = self.examples.iter().map(|example| {
            let value = |value: &Option<String>| visible(value.as_deref().unwrap_or("nothing"));
            let place: Vec<&str> = [example.hut.as_str(), &example.night]
                .into_iter()
                .filter(|text| !text.is_empty())
                .collect();
            let place = if place.is_empty() { &example.question } else { &place.join(" ") };
            let (ours, theirs) = (value(&example.ours), value(&example.theirs));
            format!("    {}: ours {ours}, theirs {theirs}\n", visible(place))
        });
        format!("  {}\n{}", self.title(), examples.collect::<String>())
    }
}

impl Printout for Comparison {
    fn text(&self) -> String {
        let mut text = self.head();
        if let Some(why) = &self.stopped {
            text += &format!("stopped early: {}\n", visible(why));
        }
        if !self.expected.is_empty() {
            text += "\nExpected differences\n";
        }
        let mut last = None;
        for group in &self.expected {
            let reason = group.reason.map(Reason::text);
            if reason != last {
                text += &format!("  {}\n", reason.unwrap_or_default());
                last = reason;
            }
            text += &format!("    {}\n", group.title());
        }
        if self.differences.is_empty() {
            return text + "\nNo other difference\n";
        }
        let count: usize = self.differences.iter().map(|group| group.count).sum();
        text += &format!("\n{}\n", pluralize(count, "other difference"));
        text + &self.differences.iter().map(Group::lines).collect::<String>()
    }

    fn json(&self) -> String {
        serde_json::to_string(self).expect("plain values have JSON") + "\n"
    }
}
