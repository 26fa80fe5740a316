//! `hut-availability watches test`: sends a test message to each channel of a watch.

use uuid::Uuid;

use super::channels::require_channels;
use super::watches::{find, moment};
use crate::cli::watches::TestArgs;
use crate::db::open::open_to_read;
use crate::db::reading::for_stays::huts_of;
use crate::domain::database_url::DatabaseUrl;
use crate::domain::exit_status::ExitStatus;
use crate::domain::message::{Listed, Message, MessageKind, Offer, Visit};
use crate::domain::stay::after;
use crate::domain::watch::Watch;
use crate::query::views::HutForStay;
use crate::runtime::console::print_text;
use crate::watch::matching::Moment;

/// Sends the test messages, one channel after the other, and prints what came back.
pub async fn run(url: &DatabaseUrl, args: &TestArgs) -> anyhow::Result<ExitStatus> {
    let moment = moment(&args.day);
    let channels = require_channels(&args.channels)?;
    let mut db = open_to_read(url)?;
    let watch = find(&mut db, &args.name)?.watch;
    let ids: Vec<i32> =
        watch.goal.stages().iter().flat_map(|stage| stage.huts.iter().copied()).collect();
    let huts = huts_of(&mut db, &ids)?;
    let message = message(&watch, &huts, moment);
    let mut failed = 0;
    for name in &watch.channels {
        let sent = match channels.find(name) {
            Ok(channel) => {
                channel.send(&message, moment.now).await.map_err(|error| error.to_string())
            }
            Err(error) => Err(error.to_string()),
        };
        failed += usize::from(sent.is_err());
        print_text(&match sent {
            Ok(receipt) => format!("{name}: sent; the receiver answered: {}\n", receipt.reply),
            Err(error) => format!("{name}: not sent: {error}\n"),
        })?;
    }
    Ok(match failed {
        0 => ExitStatus::Done,
        failed if failed == watch.channels.len() => ExitStatus::NothingDone,
        _ => ExitStatus::SomeFailed,
    })
}

/// A message as if the first arrival had opened.
fn message(watch: &Watch<i32>, huts: &[HutForStay], moment: Moment) -> Message {
    let first = (*watch.group.arrivals.start()).max(moment.today);
    let mut arrival = first;
    let mut stages = Vec::new();
    for stage in watch.goal.stages() {
        let departure = after(arrival, stage.nights);
        let hut = huts.iter().find(|hut| stage.huts.contains(&hut.hut.id));
        let offer = hut.map(|hut| Offer {
            hut: hut.hut.slug.clone(),
            name: hut.hut.name.clone(),
            arrival,
            departure,
            free: vec![i16::try_from(watch.group.places).unwrap_or(i16::MAX); stage.nights.into()],
            link: hut.link.clone(),
            checked_at: hut.last_success,
        });
        stages.push(offer.into_iter().collect());
        arrival = departure;
    }
    let visit = Visit { arrival: first, departure: arrival, stages, full_since: None };
    Message {
        id: Uuid::new_v4().to_string(),
        watch: watch.name.clone(),
        kind: MessageKind::Test,
        places: watch.group.places,
        at: moment.now,
        opened: Listed { first: vec![visit], count: 1 },
        closed: Listed::default(),
    }
}
