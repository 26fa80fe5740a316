//! The memory of a run whose sites send the largest answers that it reads, many at the same time. The memory that the
//! program may allocate is limited to what its Kubernetes manifest allows: beyond it the program would abort.

use std::io::Write;
use std::process::Command;
use std::sync::{Condvar, Mutex};

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::Value;

use crate::on_both_databases;
use crate::support::database::TestDatabase;
use crate::support::program::{RunOutput, hut_availability, run, update_availability};
use crate::support::random::{count, is_full, is_skipped_as_long};
use crate::support::raw_site::{RawSite, answer, send};

/// Bytes; just less than the largest answer that the program reads.
const LENGTH: usize = 8 * 1024 * 1024 - 1024;

/// The requests that the site lets arrive before it answers the first; the default of `--max-in-flight`.
const IN_FLIGHT: usize = 24;

/// The same where each answer alone would take too much.
fn few() -> usize {
    count(2, 4) as usize
}

/// The memory limit of the job, in KiB.
fn limit_kib() -> u64 {
    let manifest = include_str!("../../k8s/cronjob.yaml");
    let (_, limits) = manifest.split_once("limits:").unwrap();
    let (_, memory) = limits.split_once("memory: ").unwrap();
    memory.split_once("Mi").unwrap().0.parse::<u64>().unwrap() * 1024
}

/// The command with a limit for the memory that it allocates. Two threads, as in a small container: the stacks of
/// threads count, too.
fn limited(command: &Command) -> Command {
    let mut limited = Command::new("sh");
    limited.args(["-c", "ulimit -d \"$0\" && exec \"$@\"", &limit_kib().to_string()]);
    limited.arg(command.get_program()).args(command.get_args()).env("TOKIO_WORKER_THREADS", "2");
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => limited.env(name, value),
            None => limited.env_remove(name),
        };
    }
    limited
}

/// Starts a site that answers when `in_flight` requests have arrived, and then at once.
fn site_with_large_answers(in_flight: usize, headers: &'static str, body: Vec<u8>) -> RawSite {
    let (arrived, all_arrived) = (Mutex::new(0), Condvar::new());
    RawSite::start(move |request, stream| {
        if request.is_for("/huts") {
            let cookies = "Set-Cookie: XSRF-TOKEN=a\r\nSet-Cookie: huettenholiday_session=b\r\n";
            return send(stream, &answer("200 OK", cookies, b""));
        }
        *arrived.lock().unwrap() += 1;
        all_arrived.notify_all();
        let wait = all_arrived.wait_while(arrived.lock().unwrap(), |count| *count < in_flight);
        drop(wait.unwrap());
        send(stream, &answer("200 OK", headers, &body));
    })
}

fn update(database: &TestDatabase, organization: &str, site: &RawSite) -> RunOutput {
    let mut command = update_availability();
    command.args(["--database-url", &database.url, "--source-url", &site.source_url(organization)]);
    command.args(["--all", "--days=3", "--as-of=2026-07-01T10:00:00Z", "--request-interval=0"]);
    // The site is not slow, but 24 answers of 8 MiB take long on a busy machine.
    command.args(["--output=json", "--retries=0", "--request-timeout=300"]);
    run(&mut limited(&command))
}

/// An answer of [`LENGTH`] bytes: `begin`, then `filler` again and again, then `end`.
fn filled(begin: &str, filler: &str, end: &str) -> Vec<u8> {
    let count = (LENGTH - begin.len() - end.len()) / filler.len();
    [begin, &filler.repeat(count), end].concat().into_bytes()
}

/// The kinds of errors of all huts, and how many huts each has.
fn error_kinds(ran: &RunOutput) -> Vec<(Value, usize)> {
    let report = ran.json();
    let mut kinds: Vec<(Value, usize)> = Vec::new();
    for result in report["results"].as_array().unwrap() {
        let kind = &result["error"]["kind"];
        match kinds.iter_mut().find(|(known, _)| known == kind) {
            Some((_, count)) => *count += 1,
            None => kinds.push((kind.clone(), 1)),
        }
    }
    kinds
}

on_both_databases! {
    fn large_answers_of_many_huts_are_all_read_within_the_memory_limit(database) {
        if !database.is_sqlite() && is_skipped_as_long("large answers, on PostgreSQL") {
            return;
        }
        drop(database.with_huts(IN_FLIGHT));
        let body = filled(r#"[{"date":"2026-07-01","freeBeds":1}"#, "          ", "]");
        let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
        gzip.write_all(&body).unwrap();
        let compressed = ("Content-Encoding: gzip\r\n", gzip.finish().unwrap());
        // A compressed answer needs more memory than a plain one: its own besides.
        let plain = is_full().then_some(("", body));
        for (headers, body) in [compressed].into_iter().chain(plain) {
            let site = site_with_large_answers(IN_FLIGHT, headers, body);
            let ran = update(database, "hrs", &site);
            assert_eq!(ran.status, 0, "{ran:?}");
            assert_eq!(error_kinds(&ran), [(Value::Null, IN_FLIGHT)]);
        }
    }
}

/// Answers whose parts would take many times their memory.
#[test]
fn answers_that_expand_are_refused_within_the_memory_limit() {
    for (begin, filler, end) in [
        // An error quotes the text of a wrong type, six bytes for each of these characters.
        (r#"[{"freeBeds":""#, "\u{80}", r#""}]"#),
        (r#"[{"date":""#, r"\u0080", r#""}]"#),
        (r#"[{"date":"2026-07-01","hutStatus":""#, "a ", r#""},{"date":{}}]"#),
        ("[", r#"{"date":"x"},"#, "1]"),
        ("[", "0,", "0]"),
    ] {
        let database = TestDatabase::sqlite();
        drop(database.with_huts(few()));
        let site = site_with_large_answers(few(), "", filled(begin, filler, end));
        let ran = update(&database, "hrs", &site);
        assert_eq!(ran.status, 2, "{begin}: {ran:?}");
        assert_eq!(error_kinds(&ran), [("malformed".into(), few())], "{begin}");
    }
    let database = TestDatabase::sqlite();
    drop(database.with_huts_of("huetten-holiday", "cabin", few()));
    let rooms = filled(r#"[{"date":"2026-07-01","rooms":["#, "null,", r#"null]},{"rooms":1}]"#);
    let ran = update(&database, "huetten-holiday", &site_with_large_answers(few(), "", rooms));
    assert_eq!((ran.status, error_kinds(&ran)), (2, vec![("malformed".into(), few())]));
}

/// Answers that decompress to much more than the program reads.
#[test]
fn compressed_answers_are_cut_off_within_the_memory_limit() {
    let database = TestDatabase::sqlite();
    drop(database.with_huts(IN_FLIGHT));
    let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
    (0..32).for_each(|_| gzip.write_all(&[b' '; 1024 * 1024]).unwrap());
    let site =
        site_with_large_answers(IN_FLIGHT, "Content-Encoding: gzip\r\n", gzip.finish().unwrap());
    let ran = update(&database, "hrs", &site);
    assert_eq!((ran.status, error_kinds(&ran)), (2, vec![("too_large".into(), IN_FLIGHT)]));
}

#[test]
fn a_discovery_with_large_answers_stays_within_the_memory_limit() {
    let database = TestDatabase::sqlite();
    drop(database.with_huts(1));
    for (begin, filler, end) in [
        (r#"{"hutId":1,"x":["#, r#"{"":0},"#, "0]}"),
        (r#"{"hutName":""#, "a ", r#""}"#),
        (r#"{"hutName":{"":""#, "\u{80}", r#""}}"#),
    ] {
        let site = site_with_large_answers(few(), "", filled(begin, filler, end));
        let mut command = hut_availability();
        command.args(["huts", "discover", "--organization=hrs", "--fresh", "--max-id=4"]);
        command.args(["--database-url", &database.url, "--request-interval=0", "--retries=0"]);
        command.args(["--request-timeout=300", "--source-url", &site.source_url("hrs")]);
        let ran = run(&mut limited(&command));
        assert!([0, 1, 2].contains(&ran.status), "{begin}: {ran:?}");
        assert!(site.requests() >= few(), "{begin}: {ran:?}");
    }
}
