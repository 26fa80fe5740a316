//! One message of each sort.

use chrono::{Days, NaiveDate, TimeDelta};
use hut_availability::domain::message::{Listed, Message, MessageKind, Offer, Visit};

fn message(kind: MessageKind, opened: Listed, closed: Listed) -> Message {
    Message {
        id: "msg_2KWPBgLlAfxdpx2AI54pPJ85f4W".into(),
        watch: "Watzmann im Juli".into(),
        kind,
        places: 4,
        at: "2026-07-10T08:30:00Z".parse().unwrap(),
        opened,
        closed,
    }
}

fn listed(first: Vec<Visit>) -> Listed {
    Listed { count: first.len(), first }
}

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn offer(hut: &str, name: &str, arrival: NaiveDate, free: &[i16]) -> Offer {
    Offer {
        hut: hut.into(),
        name: name.into(),
        arrival,
        departure: arrival + Days::new(free.len() as u64),
        free: free.into(),
        link: Some(format!("https://booking.example.org/{hut}?from={arrival}&places=4")),
        checked_at: Some("2026-07-10T08:29:30Z".parse().unwrap()),
    }
}

fn visit(stages: Vec<Vec<Offer>>, full_for: Option<TimeDelta>) -> Visit {
    let at: chrono::DateTime<chrono::Utc> = "2026-07-10T08:30:00Z".parse().unwrap();
    Visit {
        arrival: stages[0][0].arrival,
        departure: stages.last().unwrap()[0].departure,
        stages,
        full_since: full_for.map(|span| at - span),
    }
}

fn watzmannhaus(arrival: &str, free: &[i16]) -> Vec<Vec<Offer>> {
    vec![vec![offer("watzmannhaus", "Watzmannhaus", date(arrival), free)]]
}

/// The same hut without places and links, as an arrival that closed has it.
fn without_room(mut visit: Visit) -> Visit {
    for offer in visit.stages.iter_mut().flatten() {
        offer.free.clear();
    }
    visit.full_since = None;
    visit
}

/// One night that had been full for days.
pub fn stay() -> Message {
    let visit = visit(watzmannhaus("2026-07-18", &[4]), Some(TimeDelta::hours(75)));
    message(MessageKind::News, listed(vec![visit]), Listed::default())
}

/// Several nights, with other places on each.
pub fn nights() -> Message {
    let visit = visit(watzmannhaus("2026-12-30", &[6, 1, 4]), Some(TimeDelta::minutes(61)));
    let mut message = message(MessageKind::News, listed(vec![visit]), Listed::default());
    message.places = 1;
    message
}

/// A tour of three stages, one of them with two huts.
pub fn tour() -> Message {
    let mut stages = watzmannhaus("2026-08-01", &[5]);
    let next = date("2026-08-02");
    stages.push(vec![
        offer("wimbachgrieshuette", "Wimbachgrieshütte", next, &[12, 12]),
        offer("ingolstaedter-haus", "Ingolstädter Haus", next, &[4, 9]),
    ]);
    let mut last = offer("kaerlingerhaus", "Kärlingerhaus", date("2026-08-04"), &[30]);
    last.link = None;
    stages.push(vec![last]);
    let visit = visit(stages, Some(TimeDelta::minutes(1)));
    message(MessageKind::News, listed(vec![visit]), Listed::default())
}

/// What was open already: a stay in each of two huts, the site of one of which was never asked.
pub fn summary() -> Message {
    let mut other = offer("blaueishuette", "Blaueishütte", date("2026-07-11"), &[8]);
    (other.checked_at, other.link) = (None, None);
    let first = visit(vec![vec![other]], None);
    let second = visit(watzmannhaus("2026-07-12", &[4]), None);
    message(MessageKind::Summary, listed(vec![first, second]), Listed::default())
}

/// Two nights of one hut and a tour are no longer possible.
pub fn closings() -> Message {
    let closed = [visit(watzmannhaus("2026-07-18", &[4, 4]), None), tour().opened.first.remove(0)];
    let closed = closed.map(without_room).into();
    message(MessageKind::News, Listed::default(), listed(closed))
}

/// One night is no longer possible.
pub fn closing() -> Message {
    let closed = without_room(stay().opened.first.remove(0));
    message(MessageKind::News, Listed::default(), listed(vec![closed]))
}

/// A whole season opened and another closed: more arrivals than a message lists.
pub fn season(listed: usize) -> Message {
    let arrivals = date("2026-07-11").iter_days().take(listed);
    let visits = arrivals.map(|arrival| visit(watzmannhaus(&arrival.to_string(), &[4]), None));
    let first: Vec<Visit> = visits.collect();
    let closed = first.iter().cloned().map(without_room).collect();
    let [opened, closed] =
        [(first, 400), (closed, listed + 1)].map(|(first, count)| Listed { first, count });
    message(MessageKind::News, opened, closed)
}

pub fn test() -> Message {
    Message { kind: MessageKind::Test, ..stay() }
}
