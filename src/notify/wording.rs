//! What a message says, in the language of its reader. Pure.

mod titles;
mod visits;

use super::reader::Reader;
use crate::domain::message::{Listed, Message, MessageKind, Visit};
use crate::text::clean::one_line;
use crate::text::translate::{FluentValue, translate};
use crate::text::visible::is_visible;

/// How long a name of a hut or a watch may be, in characters. Names come from booking sites and users.
const MAX_NAME_LEN: usize = 120;

/// A message in words. [`super::render`] makes plain text or HTML of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// A short title without a line break.
    pub title: String,
    pub blocks: Vec<Block>,
    /// The last lines: the watch and the ID of the message.
    pub footer: Vec<String>,
    /// The first page where something that opened is booked.
    pub link: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    Paragraph(String),
    /// An arrival of a list.
    Item {
        line: String,
        details: Vec<Detail>,
    },
}

/// A line below an arrival.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Detail {
    Line(String),
    /// What a link is for, the link, and what follows it. `line` is all of it in plain text.
    Link {
        label: String,
        link: String,
        note: Option<String>,
        line: String,
    },
}

/// Puts a message into words.
#[must_use]
pub fn compose(message: &Message, reader: Reader) -> Text {
    let words = Words { reader };
    let mut blocks = Vec::new();
    match message.kind {
        MessageKind::News => {}
        MessageKind::Summary => blocks.push(Block::Paragraph(words.say("summary", &[]))),
        MessageKind::Test => blocks.push(Block::Paragraph(words.say("test", &[]))),
    }
    let people = ("people", message.places.into());
    words.list(&message.opened, ["opened", "opened-many"], people, &mut blocks, |visit| {
        words.opened(visit, message.at)
    });
    let people = ("people", message.places.into());
    words.list(&message.closed, ["closed", "closed-many"], people, &mut blocks, |visit| {
        words.closed(visit)
    });
    let opened = message.opened.first.iter().flat_map(|visit| visit.stages.iter().flatten());
    Text {
        title: words.title(message),
        blocks,
        footer: vec![
            words.labelled(&words.say("watch", &[]), &clean(&message.watch)),
            words.labelled(&words.say("message", &[]), &clean(&message.id)),
        ],
        link: opened.filter_map(|offer| offer.link.as_deref()).find_map(web_link),
    }
}

/// Says things in the reader's language.
#[derive(Clone, Copy)]
struct Words {
    reader: Reader,
}

impl Words {
    fn say(self, id: &str, args: &[(&str, FluentValue)]) -> String {
        translate(self.reader.language, id, args)
    }

    /// `Watch: Watzmann in July`
    fn labelled(self, label: &str, text: &str) -> String {
        self.say("label", &[("label", label.into()), ("text", text.into())])
    }

    /// Adds the introduction and the items of a list, if it has any.
    fn list(
        self,
        listed: &Listed,
        [all, many]: [&str; 2],
        people: (&'static str, FluentValue<'static>),
        blocks: &mut Vec<Block>,
        item: impl Fn(&Visit) -> Block,
    ) {
        let Some((first, last)) = listed.first.first().zip(listed.first.last()) else { return };
        let left_out = listed.count.saturating_sub(listed.first.len());
        let what = ("what", what(first));
        if left_out == 0 {
            blocks.push(Block::Paragraph(self.say(all, &[people])));
        } else {
            let mut args = vec![people, what.clone()];
            args.push(("count", listed.count.into()));
            args.push(("listed", listed.first.len().into()));
            args.extend(self.date(["from", "from-day"], first.arrival, first.arrival));
            args.extend(self.date(["to", "to-day"], last.arrival, first.arrival));
            blocks.push(Block::Paragraph(self.say(many, &args)));
        }
        blocks.extend(listed.first.iter().map(item));
        if left_out > 0 {
            let more = self.say("more", &[("count", left_out.into()), what]);
            blocks.push(Block::Paragraph(more));
        }
    }
}

/// Which noun a text uses for an arrival.
fn what(visit: &Visit) -> FluentValue<'static> {
    if is_tour(visit) { "tour".into() } else { "stay".into() }
}

fn is_tour(visit: &Visit) -> bool {
    visit.stages.len() > 1
}

/// A name on one line, without invisible characters, which could turn the text around or forge a line.
fn clean(name: &str) -> String {
    one_line(name, MAX_NAME_LEN).chars().filter(|c| is_visible(*c)).collect()
}

/// A link to a page on the web. Others, such as scripts, are left out.
fn web_link(link: &str) -> Option<String> {
    let url = reqwest::Url::parse(link).ok()?;
    matches!(url.scheme(), "http" | "https").then(|| url.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_cleaned() {
        assert_eq!(clean("Watz\u{202e}mann\r\nhaus\u{200b}\x1b[2J"), "Watzmann haus [2J");
        assert_eq!(clean("Blüemlisalphütte “SAC” – 山"), "Blüemlisalphütte “SAC” – 山");
        assert_eq!(clean(&"x".repeat(500)).chars().count(), MAX_NAME_LEN + 1);
    }

    #[test]
    fn only_links_to_the_web_are_links() {
        let link = "https://example.org/book?hut=1#now";
        assert_eq!(web_link(link).as_deref(), Some(link));
        for other in ["javascript:alert(1)", "book", "file:///etc/passwd", ""] {
            assert_eq!(web_link(other), None);
        }
        assert_eq!(web_link("https://x/a b\n\"<").as_deref(), Some("https://x/a%20b%22%3C"));
    }
}
