//! The titles of messages. Pure.

use chrono::{Datelike, NaiveDate};

use super::{Words, clean, is_tour, what};
use crate::domain::message::{Listed, Message, MessageKind, Visit};
use crate::text::dates::short_date;
use crate::text::translate::FluentValue;

impl Words {
    /// One line, such as `Watzmannhaus: 4 places free on 18 July`.
    pub(super) fn title(self, message: &Message) -> String {
        let watch = ("watch", clean(&message.watch).into());
        let opened = &message.opened;
        match message.kind {
            MessageKind::Test => self.say("title-test", &[watch]),
            MessageKind::Summary => {
                let what = opened.first.first().map_or("stay".into(), what);
                self.say("title-summary", &[watch, ("what", what), ("count", opened.count.into())])
            }
            MessageKind::News if opened.count > 0 => {
                self.news(message, opened, ["title-stay", "title-tour", "title-several"])
            }
            MessageKind::News => {
                let ids = ["title-closed-stay", "title-closed-tour", "title-closed-several"];
                self.news(message, &message.closed, ids)
            }
        }
    }

    fn news(self, message: &Message, listed: &Listed, [stay, tour, several]: [&str; 3]) -> String {
        let watch: FluentValue = clean(&message.watch).into();
        let Some(first) = listed.first.first() else { return clean(&message.watch) };
        let mut args = Vec::from(self.date(["date", "day"], first.arrival, near(message)));
        if listed.count > 1 {
            let name = only_hut(listed).map_or(watch, |hut| clean(hut).into());
            args.extend([("name", name), ("what", what(first)), ("count", listed.count.into())]);
            return self.say(several, &args);
        }
        let Some(offer) = first.stages.first().and_then(|stage| stage.first()) else {
            return clean(&message.watch);
        };
        if is_tour(first) {
            args.push(("watch", watch));
            return self.say(tour, &args);
        }
        args.push(("hut", clean(&offer.name).into()));
        args.push(("nights", (first.departure - first.arrival).num_days().into()));
        args.push(("places", offer.places().unwrap_or_default().into()));
        self.say(stay, &args)
    }

    /// The arguments of a date: its text, and its day for articles that depend on it. The year is left out in the
    /// year of `near`.
    pub(super) fn date(
        self,
        [name, day]: [&'static str; 2],
        date: NaiveDate,
        near: NaiveDate,
    ) -> [(&'static str, FluentValue<'static>); 2] {
        let text = short_date(self.reader.language, date, near);
        [(name, text.into()), (day, date.day().into())]
    }
}

/// The date of the news.
fn near(message: &Message) -> NaiveDate {
    message.at.date_naive()
}

/// The name of the hut, if all arrivals are stays there.
fn only_hut(listed: &Listed) -> Option<&str> {
    let hut = |visit: &Visit| match visit.stages.as_slice() {
        [stage] => stage.first().map(|offer| offer.hut.clone()),
        _ => None,
    };
    let first = hut(listed.first.first()?)?;
    let is_same = |visit| hut(visit).as_ref() == Some(&first);
    // Those that are not listed may be elsewhere.
    let is_whole = listed.count == listed.first.len();
    let offer = listed.first.first()?.stages.first()?.first()?;
    (is_whole && listed.first.iter().all(is_same)).then_some(offer.name.as_str())
}
