//! The memory of the service with slow clients and large answers.

use std::io::Write;
use std::net::TcpStream;
use std::process::Command;
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;
use hut_availability::db::connection::Db;
use hut_availability::register::file;
use hut_availability::register::import;

use crate::on_both_databases;
use crate::support::database::TestDatabase;
use crate::support::handlers::get_from;
use crate::support::program::hut_availability;
use crate::support::random::{count, is_full, is_skipped_as_long};
use crate::support::running::wait_until;
use crate::support::say;
use crate::support::service::{Service, connect, request_with};

/// The memory in normal operation, in KiB, as k8s/serve.yaml says.
const MAX_KIB: u64 = 100 * 1024;

/// The maximum memory, in KiB: the limit in k8s/serve.yaml, above which the container is killed.
const LIMIT_KIB: u64 = 192 * 1024;

/// The number of huts with a year of dates each. With more huts the answers are larger, and the test takes
/// longer.
fn huts() -> u32 {
    count(100, 700)
}

/// The number of clients that connect at the same time.
fn clients() -> u32 {
    count(40, 120)
}

/// Stores a year of dates of each hut.
fn store_year(database: &TestDatabase, huts: u32) {
    database.allow_violations("rows are inserted without a history, because many are needed");
    let mut csv = String::from("slug,name,organization,source_hut_id,latitude,longitude\n");
    for id in 1..=huts {
        csv += &format!("hut-{id},Hut {id},hrs,{id},47.5,{}\n", 6.0 + f64::from(id) / 100.0);
    }
    let mut db = database.open();
    import::import(
        &mut db,
        &file::read(csv.as_bytes(), &crate::support::organizations()).unwrap(),
        &crate::support::organizations(),
    )
    .unwrap();
    let (date, at, yes) = match db {
        Db::Postgres(_) => ("date '2026-01-01' + n", "timestamptz '2026-01-01Z'", "true"),
        Db::Sqlite(_) => {
            ("date('2026-01-01', '+' || n || ' days')", "'2026-01-01T00:00:00.000000Z'", "1")
        }
    };
    db.batch_execute(&format!(
        "INSERT INTO hut_check (hut_id, last_checked, last_checked_run, last_success, last_success_run, has_data)
            SELECT id, {at}, {at}, {at}, {at}, {yes} FROM hut;
        INSERT INTO availability (hut_id, availability_date, source_organization, source_hut_id, free, total, hut_type, reservation_status, first_checked)
            WITH RECURSIVE days (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM days WHERE n < 364)
            SELECT hut.id, {date}, 'hrs', '1', (hut.id * 7 + n * 13) % 41, 40, 'hut', 'possible', {at} FROM hut, days;
        ANALYZE",
    ))
    .unwrap();
}

/// Starts the service, and returns it with its process ID.
fn start(database: &TestDatabase) -> (Service, String) {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("id");
    let mut command = Command::new("sh");
    command.args(["-c", "echo $$ >\"$0\"; exec \"$@\""]).arg(&file);
    command.arg(hut_availability().get_program());
    command.args(["serve", "--listen", "127.0.0.1:0", "--database-url", &database.url]);
    let service = Service::spawn(&mut command);
    (service, std::fs::read_to_string(file).unwrap().trim().to_owned())
}

/// The peak memory of a process.
fn peak_kib(process: &str) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    peak.trim().trim_end_matches(" kB").parse().unwrap()
}

/// Clients that each request a different large answer, and do not read it.
fn slow_clients(service: &Service, days: u16, headers: &str) -> Vec<TcpStream> {
    let send_request = |client: u32| {
        let mut stream = connect(service.address);
        let path = format!("/v1/huts/availability/2026-01-01.geojson?days={days}&x={client}");
        let head = format!("GET {path} HTTP/1.1\r\nhost: test\r\n{headers}\r\n");
        stream.write_all(head.as_bytes()).unwrap();
        stream
    };
    (0..clients()).map(send_request).collect()
}

on_both_databases! {
    fn slow_clients_of_large_answers_need_little_memory_and_delay_no_other(database) {
        if database.is_sqlite() && is_skipped_as_long("slow clients of large answers, on SQLite") {
            return;
        }
        store_year(database, huts());
        let (service, process) = start(database);
        let all = [(365, ""), (365, "accept-encoding: br\r\n"), (31, ""), (7, "")];
        for &(days, headers) in if is_full() { &all[..] } else { &all[..2] } {
            let clients = slow_clients(&service, days, headers);
            // When many clients arrive at once, some are refused and told to retry after a second.
            std::thread::sleep(Duration::from_secs(1));
            let (start, mut sent, mut answered) = (Instant::now(), 0, 0);
            wait_until("answers to other clients", || {
                let path = format!("GET /v1/huts/hut-1/availability/2026-01-01?days=7&x={days}-{sent}");
                let small = request_with(service.address, &path, headers);
                // While the answers of the slow clients are computed, this request may be refused, but it
                // must get an answer.
                assert!(small.status == 200 || small.status == 503, "{days}: {small:?}");
                sent += 1;
                answered += usize::from(small.status == 200);
                answered > 10 && start.elapsed() > Duration::from_secs(count(1, 4).into())
            });
            eprintln!("{days} days {headers:?}: {} KiB", peak_kib(&process));
            drop(clients);
        }
        assert!(peak_kib(&process) < LIMIT_KIB, "{} KiB", peak_kib(&process));
    }

    fn a_year_of_all_huts_needs_little_memory(database) {
        store_year(database, huts());
        let (service, process) = start(database);
        let path = "GET /v1/huts/availability/2026-01-01.geojson?days=365";
        for (headers, min_bytes_per_hut) in [("", 57_000), ("accept-encoding: gzip\r\n", 140)] {
            let answer = request_with(service.address, path, headers);
            if answer.status == 503 {
                // The answer exceeded the time limit. The next test has no time limit.
                say("a year of all huts: this machine is too busy to answer in time");
                continue;
            }
            assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
            assert!(answer.body.len() > min_bytes_per_hut * huts() as usize, "{headers}: {}", answer.body.len());
            eprintln!("{headers:?}: {} bytes, {} KiB", answer.body.len(), peak_kib(&process));
        }
        assert!(peak_kib(&process) < MAX_KIB, "{} KiB", peak_kib(&process));
    }

    /// Calls the handler without a socket, and so without its time limit. The server still cancels a statement
    /// that takes longer than 6 seconds, as it may on a busy machine. Then the request is sent again. Few huts
    /// show completeness as well as many, and keep the statement far from that limit.
    fn a_year_of_all_huts_is_complete(database) {
        const HUTS: u32 = 60;
        store_year(database, HUTS);
        let path = "/v1/huts/availability/2026-01-01.geojson?days=365";
        let mut answer = None;
        wait_until("a year of all huts", || {
            let sent = get_from(hut_availability::web::api::router, database, "2026-01-01T10:00:00Z", path);
            assert!(sent.status == 200 || sent.status == 503, "{}", sent.text);
            answer = Some(sent).filter(|sent| sent.status == 200);
            answer.is_some()
        });
        let answer = answer.unwrap().json();
        assert_eq!(answer["features"].as_array().unwrap().len(), HUTS as usize);
    }
}
