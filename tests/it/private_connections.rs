//! Sites and proxies that send an answer too many. The answers for nights do not name their hut, so none may be taken
//! for the answer to another request.

use std::net::TcpStream;
use std::sync::Mutex;

use serde_json::{Value, json};

use crate::on_both_databases;
use crate::support::database::{TestDatabase, lines, number};
use crate::support::program::{RunOutput, hut_availability, run, update_availability};
use crate::support::raw_site::{RawRequest, RawSite, answer, send};

const HUTS: u32 = 40;

/// The free places of an answer that belongs to no hut.
const FOREIGN: u32 = 99;

/// When the site sends the answer too many.
#[derive(Clone, Copy, Debug)]
enum Extra {
    InTheSameWrite,
    InTheNextWrite,
    /// When the next request has arrived, before its answer: the client has sent that request already, so it can
    /// no longer see that the connection has an answer too many.
    BeforeTheNextAnswer,
    /// As the body of an answer that has none.
    AsBodyOfUnmodified,
}

const ALL: [Extra; 4] = [
    Extra::InTheSameWrite,
    Extra::InTheNextWrite,
    Extra::BeforeTheNextAnswer,
    Extra::AsBodyOfUnmodified,
];

/// Starts a site. For each request, `body` gives the body of the right answer and of the one too many.
fn site_with(
    extra: Extra,
    body: impl Fn(&RawRequest) -> [Vec<u8>; 2] + Send + Sync + 'static,
) -> RawSite {
    let previous = Mutex::new(None::<(TcpStream, Vec<u8>)>);
    RawSite::start(move |request, stream| {
        if let Some((mut stream, extra)) = previous.lock().unwrap().take() {
            send(&mut stream, &extra);
        }
        let [right, wrong] = body(request);
        match extra {
            Extra::InTheSameWrite => send(stream, &[right, wrong].concat()),
            Extra::InTheNextWrite => {
                send(stream, &right);
                send(stream, &wrong);
            }
            Extra::BeforeTheNextAnswer => {
                let later = (stream.try_clone().unwrap(), wrong);
                *previous.lock().unwrap() = Some(later);
                send(stream, &right);
            }
            Extra::AsBodyOfUnmodified => {
                send(stream, &right);
                send(stream, &answer("304 Not Modified", "", &wrong));
            }
        }
    })
}

/// The days of hut-reservation.org, all with the same number of free places.
fn nights(free: u32) -> Vec<u8> {
    let night = |day: u32| json!({"date": format!("2026-07-0{day}T00:00:00Z"), "freeBeds": free, "totalSleepingPlaces": FOREIGN});
    answer("200 OK", "", Value::from_iter((1..4).map(night)).to_string().as_bytes())
}

/// The same of huetten-holiday.com.
fn month(free: u32) -> Vec<u8> {
    let night = |day: u32| json!({"date": format!("2026-07-0{day}T00:00:00.000000Z"), "totalPlaces": FOREIGN, "rooms": [{"places": free}]});
    answer("200 OK", "", Value::from_iter((1..4).map(night)).to_string().as_bytes())
}

/// Runs the job at a minute of its own, because a check at the instant of an earlier one would be dropped.
fn update(
    database: &TestDatabase,
    minute: usize,
    organization: &str,
    site: &RawSite,
    max_in_flight: &str,
) -> RunOutput {
    let mut command = update_availability();
    command.args(["--database-url", &database.url, "--source-url", &site.source_url(organization)]);
    command.args(["--all", "--days=3", "--as-of", &format!("2026-07-01T10:{minute:02}:00Z")]);
    command.args(["--output=json", "--retries=0", "--request-interval=0"]);
    run(command.args(["--max-in-flight", max_in_flight]))
}

/// The nights whose free places are not the ID of their hut.
const FOREIGN_NIGHTS: &str = "SELECT count(*) AS number FROM hut_availability
    WHERE CAST(free AS varchar(9)) <> source_hut_id";

on_both_databases! {
    fn no_hut_of_hut_reservation_gets_the_numbers_of_another(database) {
        let mut db = database.with_huts(HUTS as usize);
        let cases = ALL.iter().flat_map(|extra| [(*extra, "1"), (*extra, "4")]);
        for (minute, (extra, in_flight)) in cases.enumerate() {
            let site = site_with(extra, |request| [nights(request.number("hutId=").unwrap()), nights(FOREIGN)]);
            let ran = update(database, minute, "hrs", &site, in_flight);
            assert_eq!(ran.status, 0, "{extra:?}: {ran:?}");
            assert_eq!(number(&mut db, FOREIGN_NIGHTS), 0, "{extra:?}, {in_flight} in flight");
            assert_eq!((site.requests(), site.connections()), (HUTS as usize, HUTS as usize), "{extra:?}");
            let nights = number(&mut db, "SELECT count(*) AS number FROM hut_availability");
            assert_eq!(nights, 3 * i64::from(HUTS));
        }
    }

    fn no_hut_of_huetten_holiday_gets_the_numbers_of_another(database) {
        let mut db = database.with_huts_of("huetten-holiday", "cabin", HUTS as usize);
        for (minute, extra) in ALL.into_iter().enumerate() {
            let site = site_with(extra, |request| match request.number("\"cabinId\":") {
                Some(cabin) => [month(cabin), month(FOREIGN)],
                None => {
                    let cookies = "Set-Cookie: XSRF-TOKEN=a; Path=/\r\nSet-Cookie: huettenholiday_session=b\r\n";
                    [answer("200 OK", cookies, b"<!DOCTYPE html>"), month(FOREIGN)]
                }
            });
            let ran = update(database, minute, "huetten-holiday", &site, "1");
            assert_eq!(ran.status, 0, "{extra:?}: {ran:?}");
            assert_eq!(number(&mut db, FOREIGN_NIGHTS), 0, "{extra:?}");
            assert_eq!(site.requests(), site.connections(), "{extra:?}");
        }
    }

    /// The answer for an ID without a hut does not name it either.
    fn no_hut_is_gone_by_the_answer_for_another(database) {
        let mut db = database.with_huts(HUTS as usize);
        for extra in ALL {
            let site = site_with(extra, |request| {
                let gone = answer("400 Bad Request", "", b"Hut Id not found");
                let id = request.number("/hutInfo/").unwrap();
                let info = json!({"hutId": id, "hutName": format!("Hut {id}"), "hutUnlocked": true}).to_string();
                let right = if id <= HUTS { answer("200 OK", "", info.as_bytes()) } else { gone.clone() };
                [right, gone]
            });
            let mut command = hut_availability();
            command.args(["huts", "discover", "--organization=hrs", "--request-interval=0", "--retries=0"]);
            command.args(["--fresh", "--max-id=50", "--max-in-flight=1", "--database-url", &database.url]);
            let ran = run(command.args(["--source-url", &site.source_url("hrs")]));
            assert_eq!(ran.status, 0, "{extra:?}: {ran:?}");
            let inactive = "SELECT slug AS line FROM hut WHERE NOT is_active";
            assert_eq!(lines(&mut db, inactive), [""; 0], "{extra:?}");
            assert_eq!(site.requests(), site.connections(), "{extra:?}");
        }
    }
}
