//! Changes as a feed (Atom, RFC 4287): an entry for each check of a hut that found some.

use atom_syndication::{Entry, FixedDateTime, Link, Person, Text};
use chrono::{DateTime, SecondsFormat, Utc};

use super::groups::{HutGroup, Kind, Line, RunGroup};
use crate::domain::digest::hex_digest;
use crate::text::texts::Texts;

/// The feed of an address.
#[must_use]
pub fn atom(t: Texts, address: &str, runs: &[RunGroup]) -> String {
    let entries: Vec<Entry> =
        runs.iter().flat_map(|run| &run.huts).map(|hut| entry(t, hut)).collect();
    let updated = runs.iter().flat_map(|run| &run.huts).map(|hut| hut.at).max();
    atom_syndication::Feed {
        id: format!("urn:hut-availability:feed:{}", hex_digest(address.as_bytes())),
        title: format!("{}: {}", t.get("site-name"), t.get("nav-changes")).into(),
        lang: Some(t.language.to_string()),
        updated: time(updated.unwrap_or_default()),
        authors: vec![Person { name: t.get("site-name"), ..Person::default() }],
        entries,
        ..atom_syndication::Feed::default()
    }
    .to_string()
}

fn entry(t: Texts, hut: &HutGroup) -> Entry {
    let freed = hut.lines.iter().filter(|line| line.kind == Kind::Freed).count();
    let what = match freed {
        0 => t.count("change-count", hut.lines.len()),
        freed => t.count("freed-nights", freed),
    };
    let lines: Vec<String> = hut.lines.iter().map(|line| text(t, line)).collect();
    let at = hut.at.to_rfc3339_opts(SecondsFormat::Micros, true);
    Entry {
        id: format!("urn:hut-availability:change:{}:{at}", hut.slug),
        title: format!("{}: {what}", hut.name).into(),
        summary: Some(Text::plain(lines.join("\n"))),
        updated: time(hut.at),
        links: vec![Link { href: hut.hut_url.clone(), rel: "alternate".into(), ..Link::default() }],
        ..Entry::default()
    }
}

/// `Sat 18 Jul 2026: 0 of 40 → 4 of 40`
fn text(t: Texts, line: &Line) -> String {
    let before = line.before.clone().unwrap_or_else(|| t.get("new"));
    format!("{}: {before} → {}", line.date, line.after)
}

fn time(at: DateTime<Utc>) -> FixedDateTime {
    FixedDateTime::from(at)
}
