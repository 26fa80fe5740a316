//! Arrivals in words. Pure.

use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Utc};

use super::{Block, Detail, Words, clean, is_tour, web_link};
use crate::domain::message::{Offer, Visit};
use crate::text::dates::{Style, date, instant};

impl Words {
    /// An arrival that opened, with its places, links and how long it had been full.
    pub(super) fn opened(self, visit: &Visit, at: DateTime<Utc>) -> Block {
        let full = visit.full_for(at).map(|span| self.full_for(span));
        let full = full.map(|full| format!(" {full}")).unwrap_or_default();
        if is_tour(visit) {
            let nights = self.nights(visit.arrival, visit.departure);
            let line = format!("{}.{full}", self.say("tour", &[("nights", nights.into())]));
            let stages = (1..).zip(&visit.stages);
            let details = stages.flat_map(|(number, stage)| self.stage(number, stage)).collect();
            return Block::Item { line, details };
        }
        let offers = visit.stages.iter().flatten();
        let Some(offer) = offers.clone().next() else {
            return Block::Paragraph(self.nights(visit.arrival, visit.departure));
        };
        let line = self.labelled(&self.stay(offer), &self.places(offer));
        let line = format!("{line}.{full}");
        let details = offers.filter_map(|offer| self.link(offer, None)).collect();
        Block::Item { line, details }
    }

    /// An arrival that closed, with all of its huts.
    pub(super) fn closed(self, visit: &Visit) -> Block {
        let (or, names) = (self.or(), |stage: &Vec<Offer>| -> Vec<String> {
            stage.iter().map(|offer| clean(&offer.name)).collect()
        });
        let huts: Vec<String> = visit.stages.iter().map(|stage| names(stage).join(&or)).collect();
        let nights = self.nights(visit.arrival, visit.departure);
        let (id, huts) =
            if is_tour(visit) { ("tour", huts.join(" – ")) } else { ("stay", huts.concat()) };
        if id == "stay" {
            let line = self.say(id, &[("hut", huts.into()), ("nights", nights.into())]);
            return Block::Item { line, details: Vec::new() };
        }
        let line = self.say(id, &[("nights", nights.into())]);
        Block::Item { line, details: vec![Detail::Line(huts)] }
    }

    /// A stage of a tour, and the links of its huts.
    fn stage(self, number: usize, stage: &[Offer]) -> Vec<Detail> {
        let Some(first) = stage.first() else { return Vec::new() };
        let hut = |offer: &Offer| format!("{} ({})", clean(&offer.name), self.places(offer));
        let huts: Vec<String> = stage.iter().map(hut).collect();
        let nights = self.nights(first.arrival, first.departure);
        let line = format!("{number}. {}", self.labelled(&nights, &huts.join(&self.or())));
        let mut details = vec![Detail::Line(line)];
        let label = |offer: &Offer| (stage.len() > 1).then(|| clean(&offer.name));
        let links = stage.iter().filter_map(|offer| self.link(offer, label(offer)));
        details.extend(links.map(below));
        details
    }

    /// The hut and the nights.
    fn stay(self, offer: &Offer) -> String {
        let nights = self.nights(offer.arrival, offer.departure);
        self.say("stay", &[("hut", clean(&offer.name).into()), ("nights", nights.into())])
    }

    /// `Saturday 18 July to Monday 20 July 2026, 2 nights`
    fn nights(self, from: NaiveDate, to: NaiveDate) -> String {
        let nights = (to - from).num_days();
        let both_years = nights <= 1 || from.year() != to.year();
        let style = if both_years { Style::LongWithYear } else { Style::Long };
        let language = self.reader.language;
        let args = [
            ("nights", nights.into()),
            ("from", date(language, from, style).into()),
            ("to", date(language, to, Style::LongWithYear).into()),
        ];
        self.say("nights", &args)
    }

    /// `4 places free`, and the places of each night if they differ.
    fn places(self, offer: &Offer) -> String {
        let least = offer.places().unwrap_or_default();
        let places = self.say("places", &[("places", least.into())]);
        if offer.free.iter().all(|free| *free == least) {
            return places;
        }
        let list: Vec<String> = offer.free.iter().map(ToString::to_string).collect();
        self.say("places-by-night", &[("places", places.into()), ("list", list.join(", ").into())])
    }

    /// The page where the hut is booked, and when the site was asked. Without a page, only the latter.
    fn link(self, offer: &Offer, hut: Option<String>) -> Option<Detail> {
        let Words { reader } = self;
        let at = offer.checked_at.map(|at| instant(reader.language, at, reader.timezone));
        let note = at.map(|at| self.say("as-of", &[("instant", at.into())]));
        let Some(link) = offer.link.as_deref().and_then(web_link) else {
            let note = note?;
            let hut = hut.map(|hut| hut + " ").unwrap_or_default();
            return Some(Detail::Line(format!("{hut}({note})")));
        };
        let label = hut.unwrap_or_else(|| self.say("book", &[]));
        let brackets = note.as_deref().map(|note| format!(" ({note})")).unwrap_or_default();
        let line = self.labelled(&label, &link) + &brackets;
        Some(Detail::Link { label, link, note, line })
    }

    /// How long there had been no room, in its largest unit.
    fn full_for(self, span: TimeDelta) -> String {
        let (id, count) = match (span.num_days(), span.num_hours(), span.num_minutes()) {
            (days @ 1.., _, _) => ("full-for-days", days),
            (_, hours @ 1.., _) => ("full-for-hours", hours),
            (_, _, minutes) => ("full-for-minutes", minutes.max(1)),
        };
        self.say(id, &[("count", count.into())])
    }

    fn or(self) -> String {
        format!(" {} ", self.say("or", &[]))
    }
}

/// Moves a line of plain text to the right, below the line of its stage.
fn below(mut detail: Detail) -> Detail {
    let (Detail::Line(line) | Detail::Link { line, .. }) = &mut detail;
    line.insert_str(0, "   ");
    detail
}
