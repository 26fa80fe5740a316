//! What the start page found, in a sentence. Pure functions.

use chrono::{Datelike, NaiveDate, Weekday, WeekdaySet};

use super::answer::Counts;
use super::question::Question;
use crate::text::dates::Style;
use crate::text::texts::Texts;
use crate::web::pages::calendar::weekdays;

/// `127 huts have room for 4 people on Saturday 18 July`
#[must_use]
pub fn headline(t: Texts, question: &Question, huts: usize, today: NaiveDate) -> String {
    let people = t.count("people", question.group.places).to_string();
    let when = when(t, question, today);
    let id = if huts == 0 { "answer-none" } else { "answer-found" };
    t.count(id, huts).and("people", people).and("when", when).to_string()
}

/// `on Saturday 18 July`, `for 2 nights from Saturday 18 July`, `arriving on Fri, Sat from 1 July to 22 July`
fn when(t: Texts, question: &Question, today: NaiveDate) -> String {
    let (first, last) = (*question.group.arrivals.start(), *question.group.arrivals.end());
    let style = |near, far| if last.year() == today.year() { near } else { far };
    let nights = t.count("night-count", question.nights).to_string();
    if question.group.weekdays != WeekdaySet::ALL {
        let names = weekdays(t);
        let chosen = question.group.weekdays.iter(Weekday::Mon);
        let chosen: Vec<&str> =
            chosen.map(|day| names[day.num_days_from_monday() as usize].0.as_str()).collect();
        let date = |date| t.date(date, style(Style::Short, Style::ShortWithYear));
        return (t.with("when-weekdays", "weekdays", chosen.join(", ")))
            .and("nights", nights)
            .and("from", date(first))
            .and("to", date(last))
            .to_string();
    }
    let date = t.date(first, style(Style::Long, Style::LongWithYear));
    match question.nights {
        1 => t.with("when-night", "date", date).to_string(),
        _ => t.with("when-nights", "date", date).and("nights", nights).to_string(),
    }
}

/// `12 to ask, 300 full, 40 closed`
#[must_use]
pub fn others(t: Texts, counts: &Counts) -> String {
    let counts = [
        ("others-ask", counts.ask),
        ("others-full", counts.full),
        ("others-closed", counts.closed),
        ("others-unknown", counts.unknown),
    ];
    let parts = counts.into_iter().filter(|(_, count)| *count > 0);
    let parts: Vec<String> = parts.map(|(id, count)| t.count(id, count).to_string()).collect();
    parts.join(", ")
}
