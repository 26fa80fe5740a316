//! A TOML file of watches. Pure.

use std::collections::BTreeMap;

use anyhow::{Context, anyhow, bail};
use chrono::{NaiveDate, TimeDelta};
use serde::Deserialize;

use crate::domain::stay::{Group, MAX_NIGHTS, Stage, parse_weekdays};
use crate::domain::watch::{DEFAULT_COOLDOWN, Goal, MAX_COOLDOWN, Watch};
use crate::query::date;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    watches: BTreeMap<String, Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    #[serde(default, alias = "huts")]
    hut: Texts,
    #[serde(default, alias = "stages")]
    stage: Texts,
    from: DateValue,
    to: DateValue,
    nights: Option<Whole>,
    #[serde(default = "one")]
    places: Whole,
    #[serde(default, alias = "weekdays")]
    weekday: Texts,
    notify: Texts,
    #[serde(default)]
    quiet_start: bool,
    #[serde(default)]
    closings: bool,
    cooldown: Option<String>,
}

/// A whole number. Untagged, because only such an enum can say what it expects.
#[derive(Clone, Copy, Deserialize)]
#[serde(untagged, expecting = "expected a whole number, 1 or more")]
enum Whole {
    Number(u16),
}

fn one() -> Whole {
    Whole::Number(1)
}

/// One text or several.
#[derive(Deserialize)]
#[serde(untagged, expecting = "expected a text such as \"refuge\", or a list of texts")]
enum Texts {
    One(String),
    Many(Vec<String>),
}

impl Default for Texts {
    fn default() -> Self {
        Self::Many(Vec::new())
    }
}

impl Texts {
    fn into_vec(self) -> Vec<String> {
        match self {
            Self::One(text) => vec![text],
            Self::Many(texts) => texts,
        }
    }

    /// The texts, and those between their commas.
    fn split(self) -> Vec<String> {
        let texts = self.into_vec();
        let parts = texts.iter().flat_map(|text| text.split(','));
        parts.map(|part| part.trim().to_owned()).filter(|part| !part.is_empty()).collect()
    }
}

/// A date of TOML, or a text.
#[derive(Deserialize)]
#[serde(untagged, expecting = "expected a date such as 2026-07-18")]
enum DateValue {
    Toml(toml::value::Datetime),
    Text(String),
}

impl DateValue {
    fn date(&self, key: &str) -> anyhow::Result<NaiveDate> {
        let text = match self {
            Self::Toml(date) => date.to_string(),
            Self::Text(text) => text.clone(),
        };
        // A word such as `today`, or a day without its year, would mean another date with time.
        date::parse_absolute(&text).map_err(|_| {
            anyhow!("{key}: expected a date such as 2026-07-18, with its year, got {text:?}")
        })
    }
}

/// Reads the watches of a file, by name.
///
/// # Errors
/// What is wrong, with the line or the name of the watch.
pub fn parse(text: &str) -> anyhow::Result<Vec<Watch<String>>> {
    let file: File = toml::from_str(text)?;
    let watch = |(name, entry): (String, Entry)| {
        watch(&name, entry).with_context(|| format!("watches.{name}"))
    };
    let mut watches: Vec<_> = file.watches.into_iter().map(watch).collect::<anyhow::Result<_>>()?;
    watches.sort_by(|a, b| a.name.cmp(&b.name));
    // Names may differ in spaces only.
    if let Some([first, _]) = watches.windows(2).find(|pair| pair[0].name == pair[1].name) {
        bail!(
            "there are two watches with the name {:?}: give one of them another name",
            first.name
        );
    }
    Ok(watches)
}

fn watch(name: &str, entry: Entry) -> anyhow::Result<Watch<String>> {
    let arrivals = (entry.from.date("from")?, entry.to.date("to")?);
    let weekdays = parse_weekdays(&entry.weekday.split().join(","))
        .map_err(|why| anyhow!("weekday: {why}"))?;
    let Whole::Number(places) = entry.places;
    if !(1..=999).contains(&places) {
        bail!("places: expected 1 to 999 people, got {places}");
    }
    let Whole::Number(nights) = entry.nights.unwrap_or_else(one);
    if !(1..=MAX_NIGHTS).contains(&nights) {
        bail!("nights: expected 1 to {MAX_NIGHTS}, got {nights}");
    }
    let huts = entry.hut.split();
    let stages: Vec<Stage<String>> = entry
        .stage
        .into_vec()
        .iter()
        .map(|text| text.parse().map_err(|why| anyhow!("stage: {why}")))
        .collect::<anyhow::Result<_>>()?;
    let goal = match (huts.is_empty(), stages.is_empty()) {
        (false, true) => Goal::Stay(Stage { huts, nights }),
        (true, false) if entry.nights.is_some() => {
            bail!("nights: a tour has its nights in its stages, such as \"hut-a:2\"")
        }
        (true, false) => Goal::Tour(stages),
        _ => bail!("expected either hut, for a stay, or stage, for a tour"),
    };
    let cooldown = match &entry.cooldown {
        None => DEFAULT_COOLDOWN,
        Some(text) => {
            let span = humantime::parse_duration(text).ok();
            let span = span.map(|span| {
                TimeDelta::try_seconds(span.as_secs().try_into().unwrap_or(i64::MAX))
                    .unwrap_or(TimeDelta::MAX)
            });
            let span = span.filter(|span| *span <= MAX_COOLDOWN);
            span.ok_or_else(|| {
                anyhow!("cooldown: expected a time such as 30m, 2h or 1d, got {text:?}")
            })?
        }
    };
    let watch = Watch {
        name: name.to_owned(),
        goal,
        group: Group::new(arrivals, weekdays, places)?,
        channels: entry.notify.split(),
        quiet_start: entry.quiet_start,
        closings: entry.closings,
        cooldown,
    };
    Ok(watch.checked()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(lines: &str) -> String {
        let dates =
            if lines.contains("from =") { "" } else { "from = 2026-07-01\nto = 2026-08-31\n" };
        let text = format!("[watches.july]\n{dates}{lines}");
        format!("{:#}", parse(&text).unwrap_err())
    }

    #[test]
    fn a_stay_and_a_tour_are_read() {
        let text = "[watches.stay]\nhut = ['a', 'b']\nfrom = 2026-07-01\nto = '31.8.2026'\nnights = 2\nplaces = 4\n\
            weekday = 'fri,sat'\nnotify = 'me'\ncooldown = '2h'\n\
            [watches.tour]\nstage = ['a', 'b,c:2']\nfrom = 2026-07-01\nto = 2026-07-02\nnotify = ['me', 'you']\n";
        let watches = parse(text).unwrap();
        let [stay, tour] = watches.as_slice() else { panic!("{watches:?}") };
        assert_eq!(stay.goal.stages(), [Stage { huts: vec!["a".into(), "b".into()], nights: 2 }]);
        assert_eq!((stay.group.places, stay.cooldown), (4, TimeDelta::hours(2)));
        assert_eq!(stay.group.arrivals.end().to_string(), "2026-08-31");
        assert_eq!(tour.goal.stages().len(), 2);
        assert_eq!((tour.channels.len(), tour.cooldown), (2, DEFAULT_COOLDOWN));
    }

    #[test]
    fn errors_name_the_watch_and_the_key() {
        assert!(
            error("hut = 'a'\nnotify = 'me'\nplaces = 0")
                .starts_with("watches.july: places: expected 1 to 999")
        );
        assert!(
            error("notify = 'me'")
                .contains("expected either hut, for a stay, or stage, for a tour")
        );
        assert!(error("hut = 'a'\nnotify = 'me'\ncooldown = 'soon'").contains("got \"soon\""));
        assert!(
            error("hut = 'a'\nnotify = 'me'\nfrom = 'today'\nto = 2026-01-01")
                .contains("from: expected a date")
        );
        assert!(
            error("hut = 'a'\nnotify = 'me'\nfrom = 2026-09-01\nto = 2026-01-01")
                .contains("is before the first")
        );
        assert!(error("hut = 'a'\nnotify = []").contains("channel"));
        assert!(error("hut = 'a'\nnotify = 'me'\nplace = 4").contains("unknown field `place`"));
        for number in ["2.5", "-1", "'2'"] {
            let error = error(&format!("hut = 'a'\nnotify = 'me'\nnights = {number}"));
            assert!(error.contains("expected a whole number, 1 or more"), "{error}");
        }
        assert!(error("hut = 5\nnotify = 'me'").contains("expected a text such as \"refuge\""));
    }
}
