//! The JSON that a webhook receives.
//!
//! ```json
//! {
//!   "id": "msg_2KWPBgLlAfxdpx2AI54pPJ85f4W",
//!   "type": "availability.news",
//!   "timestamp": "2026-07-10T08:30:00Z",
//!   "data": {
//!     "watch": "watzmann-in-july",
//!     "places": 4,
//!     "opened": [{
//!       "arrival": "2026-07-18",
//!       "departure": "2026-07-20",
//!       "stages": [[{
//!         "hut": "watzmannhaus",
//!         "name": "Watzmannhaus",
//!         "arrival": "2026-07-18",
//!         "departure": "2026-07-20",
//!         "free": [6, 4],
//!         "link": "https://www.hut-reservation.org/reservation/book-hut/24/wizard",
//!         "checked_at": "2026-07-10T08:29:30Z"
//!       }]],
//!       "full_since": "2026-07-07T06:00:00Z"
//!     }],
//!     "opened_count": 1,
//!     "closed": [],
//!     "closed_count": 0,
//!     "title": "Watzmannhaus: 4 places free for 2 nights from 18 July",
//!     "text": "…"
//!   }
//! }
//! ```
//!
//! | key | value |
//! | --- | --- |
//! | `id` | the same for each repetition of a message, and in the header `webhook-id` |
//! | `type` | `availability.news`: arrivals opened or closed; `availability.summary`: what was open already when the watch was made or resumed; `availability.test`: a test, with an arrival that is made up |
//! | `timestamp` | when the news was found, RFC 3339 in UTC; the time of the attempt is in the header `webhook-timestamp` |
//! | `watch` | the watch's name |
//! | `places` | the number of people |
//! | `opened`, `closed` | the first arrivals that have room now, and that no longer have, by date; at most 20 of each |
//! | `opened_count`, `closed_count` | how many there are in all |
//! | `arrival`, `departure` | the first night, and the morning after the last one |
//! | `stages` | for each stage of a tour its alternative huts: those with room, or all of them where the arrival closed. A stay has one stage with one hut. |
//! | `free` | the free places of each night; empty where the arrival closed |
//! | `link` | the page where the hut is booked, or null |
//! | `checked_at` | when the hut was last checked successfully, or null |
//! | `full_since` | since when there had been no room, or null if that is not known |
//! | `title`, `text` | the message in words, in the language of the channel |
//!
//! Later versions may add keys and types.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::reader::Reader;
use super::render::plain;
use super::wording::compose;
use crate::domain::message::{Message, MessageKind, Visit};

#[derive(Serialize)]
pub struct Payload<'a> {
    id: &'a str,
    r#type: &'static str,
    timestamp: DateTime<Utc>,
    data: Data<'a>,
}

#[derive(Serialize)]
struct Data<'a> {
    watch: &'a str,
    places: u16,
    opened: &'a [Visit],
    opened_count: usize,
    closed: &'a [Visit],
    closed_count: usize,
    title: String,
    text: String,
}

impl<'a> Payload<'a> {
    #[must_use]
    pub fn of(message: &'a Message, reader: Reader) -> Self {
        let text = compose(message, reader);
        let data = Data {
            watch: &message.watch,
            places: message.places,
            opened: &message.opened.first,
            opened_count: message.opened.count,
            closed: &message.closed.first,
            closed_count: message.closed.count,
            text: plain(&text),
            title: text.title,
        };
        Self { id: &message.id, r#type: type_of(message.kind), timestamp: message.at, data }
    }
}

fn type_of(kind: MessageKind) -> &'static str {
    match kind {
        MessageKind::News => "availability.news",
        MessageKind::Summary => "availability.summary",
        MessageKind::Test => "availability.test",
    }
}
