//! A real PostgreSQL server, started when the first test asks for one.

use std::env;
use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection};
use hut_availability::db::migrations;
use hut_availability::db::open::{Access, connect};

const SCRIPT: &str = include_str!("../../../scripts/postgres.sh");

/// A database that holds the migrated schema, to be copied for each test.
const TEMPLATE: &str = "template_migrated";

struct Server {
    port: u16,
    /// Its standard input stays open as long as this program runs.
    _process: Child,
}

static SERVER: OnceLock<Server> = OnceLock::new();

/// The URL of a new, migrated database of the test's own.
pub fn new_database() -> String {
    let name = unused_name();
    execute(server(), &format!("CREATE DATABASE {name} TEMPLATE {TEMPLATE}"));
    server().url(&name)
}

/// The URL of a new database without any table.
pub fn new_empty_database() -> String {
    let name = unused_name();
    execute(server(), &format!("CREATE DATABASE {name}"));
    server().url(&name)
}

fn unused_name() -> String {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    format!("test_{}", NEXT.fetch_add(1, Ordering::Relaxed))
}

fn server() -> &'static Server {
    SERVER.get_or_init(|| {
        let server = (0..5).find_map(|_| start()).expect("PostgreSQL starts: see above why not");
        execute(&server, &format!("CREATE DATABASE {TEMPLATE}"));
        let url = server.url(TEMPLATE).parse().unwrap();
        migrations::run_pending(&mut connect(&url, Access::ReadWrite).unwrap()).unwrap();
        server
    })
}

/// Starts a server on a port that was free a moment ago; none when it was taken since.
fn start() -> Option<Server> {
    let port = TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port();
    let mut command = as_ordinary_user();
    let mut process = command
        .args(["sh", "-c", SCRIPT, "postgres.sh", &port.to_string()])
        .arg(programs())
        .current_dir("/")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
    (line.trim() == "ready").then_some(Server { port, _process: process })
}

/// The server refuses to run as root.
fn as_ordinary_user() -> Command {
    let user = Command::new("id").arg("-u").output().unwrap().stdout;
    if user == b"0\n" {
        let mut command = Command::new("runuser");
        command.args(["-u", "postgres", "--"]);
        command
    } else {
        Command::new("env")
    }
}

/// Where `initdb` and `pg_ctl` are, and the client's programs of the same version: `PG_BIN`, the PATH, or Debian's place for the newest version.
pub fn programs() -> PathBuf {
    let on_path = env::split_paths(&env::var_os("PATH").unwrap_or_default()).collect::<Vec<_>>();
    let mut of_debian: Vec<(u32, PathBuf)> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .filter_map(|entry| {
            let path = entry.ok()?.path();
            Some((path.file_name()?.to_str()?.parse().ok()?, path.join("bin")))
        })
        .collect();
    of_debian.sort();
    let of_debian = of_debian.into_iter().rev().map(|(_, path)| path);
    env::var_os("PG_BIN")
        .map(PathBuf::from)
        .into_iter()
        .chain(on_path)
        .chain(of_debian)
        .find(|directory| directory.join("initdb").exists() && directory.join("pg_ctl").exists())
        .expect("PostgreSQL's server programs: `scripts/test.sh` installs them, PG_BIN names them")
}

impl Server {
    fn url(&self, database: &str) -> String {
        format!("postgres://postgres@127.0.0.1:{}/{database}", self.port)
    }
}

fn execute(server: &Server, sql: &str) {
    // One at a time: a template that another session copies cannot be copied.
    static ONE_AT_A_TIME: std::sync::Mutex<()> = std::sync::Mutex::new(());
    let _one = ONE_AT_A_TIME.lock().unwrap();
    PgConnection::establish(&server.url("postgres")).unwrap().batch_execute(sql).unwrap();
}
