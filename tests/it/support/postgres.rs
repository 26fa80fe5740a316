//! A real PostgreSQL server, started when the first test needs it; and servers for single tests, which may
//! kill theirs.

use std::env;
use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, OnceLock};

use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection, QueryResult};
use hut_availability::db::migrations;
use hut_availability::db::open::{Access, connect};

use super::port::unused_port;

const SCRIPT: &str = include_str!("../../../scripts/postgres.sh");

/// A database with the migrated schema, which is copied for each test.
const TEMPLATE: &str = "template_migrated";

/// The database on the server of a single test.
const DATABASE: &str = "test";

/// A PostgreSQL server. It stops when its standard input closes, at the latest when this program ends.
pub struct Server {
    port: u16,
    directory: PathBuf,
    process: Child,
    answers: BufReader<ChildStdout>,
}

/// The server that the tests share.
struct SharedServer {
    server: Server,
    /// Only one test at a time uses it: PostgreSQL refuses to copy a database while another session copies it.
    connection: Mutex<PgConnection>,
}

static SERVER: OnceLock<SharedServer> = OnceLock::new();

/// A database on the server that the tests share. It is deleted when this is dropped.
pub struct SharedServerDatabase {
    pub url: String,
}

impl SharedServerDatabase {
    /// A new, migrated database.
    pub fn migrated() -> Self {
        Self::with(&format!("TEMPLATE {TEMPLATE}"))
    }

    /// A new database without any table.
    pub fn empty() -> Self {
        Self::with("")
    }

    /// A copy of another database, which must have no connections.
    pub fn copy_of(other: &Self) -> Self {
        Self::with(&format!("TEMPLATE {}", database_name(&other.url)))
    }

    /// A new database, made with options of `CREATE DATABASE`.
    pub fn with(options: &str) -> Self {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let name = format!("test_{}", NEXT.fetch_add(1, Ordering::Relaxed));
        create(&name, options);
        Self { url: shared_server().server.url(&name) }
    }
}

impl Drop for SharedServerDatabase {
    fn drop(&mut self) {
        let name = database_name(&self.url);
        if let Err(error) = execute(&format!("DROP DATABASE {name} WITH (FORCE)")) {
            eprintln!("cannot delete the database {name}: {error}");
        }
    }
}

/// Replaces a database with a copy of another one on the same server. Neither may have connections.
pub fn replace_with_copy(from: &str, to: &str) {
    let [from, to] = [from, to].map(database_name);
    execute(&format!("DROP DATABASE {to}")).unwrap();
    create(to, &format!("TEMPLATE {from}"));
}

/// A copy of a template's files takes 13 ms in memory and 225 ms on ext4, a copy through the log 27 and 85 ms.
fn create(name: &str, options: &str) {
    let is_in_memory = env::temp_dir().starts_with("/dev/shm");
    let strategy = if is_in_memory { "FILE_COPY" } else { "WAL_LOG" };
    execute(&format!("CREATE DATABASE {name} STRATEGY {strategy} {options}")).unwrap();
}

/// The last part of a database's URL.
fn database_name(url: &str) -> &str {
    url.rsplit('/').next().unwrap()
}

fn shared_server() -> &'static SharedServer {
    SERVER.get_or_init(|| {
        let server = Server::start_with(&[]);
        let mut connection = server.connect();
        connection.batch_execute(&format!("CREATE DATABASE {TEMPLATE}")).unwrap();
        server.migrate(TEMPLATE);
        SharedServer { server, connection: Mutex::new(connection) }
    })
}

fn execute(sql: &str) -> QueryResult<()> {
    shared_server().connection.lock().unwrap().batch_execute(sql)
}

/// Starts a server. Returns none if another program has taken its port a moment before.
fn start(settings: &[(&str, &str)]) -> Option<Server> {
    let port = unused_port();
    let mut command = unprivileged_command();
    let mut process = command
        .args(["sh", "-c", SCRIPT, "postgres.sh", &port.to_string()])
        .arg(programs())
        .current_dir("/")
        .envs(settings.iter().copied())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    let mut answers = BufReader::new(process.stdout.take().unwrap());
    answers.read_line(&mut line).unwrap();
    let directory = line.trim().strip_prefix("ready ").map(PathBuf::from);
    directory.map(|directory| Server { port, directory, process, answers })
}

/// A command that runs as a user other than root, because the server refuses to run as root.
pub fn unprivileged_command() -> Command {
    let user = Command::new("id").arg("-u").output().unwrap().stdout;
    if user == b"0\n" {
        let mut command = Command::new("runuser");
        command.args(["-u", "postgres", "--"]);
        command
    } else {
        Command::new("env")
    }
}

/// The directory of `initdb`, `pg_ctl` and the client programs of the same version: `PG_BIN`, the PATH, or
/// else Debian's directory of the newest version.
pub fn programs() -> PathBuf {
    let on_path = env::split_paths(&env::var_os("PATH").unwrap_or_default()).collect::<Vec<_>>();
    let mut debian_directories: Vec<(u32, PathBuf)> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .filter_map(|entry| {
            let path = entry.ok()?.path();
            Some((path.file_name()?.to_str()?.parse().ok()?, path.join("bin")))
        })
        .collect();
    debian_directories.sort();
    let debian_directories = debian_directories.into_iter().rev().map(|(_, path)| path);
    env::var_os("PG_BIN")
        .map(PathBuf::from)
        .into_iter()
        .chain(on_path)
        .chain(debian_directories)
        .find(|directory| directory.join("initdb").exists() && directory.join("pg_ctl").exists())
        .expect("PostgreSQL's server programs are missing: run `scripts/test.sh`, or set PG_BIN to their directory")
}

impl Server {
    /// Starts a server for one test.
    pub fn start() -> Self {
        Self::start_from_new_data(&[])
    }

    /// Starts a server with TLS and a self-signed certificate.
    #[cfg(feature = "tls")]
    pub fn start_with_tls() -> Self {
        Self::start_from_new_data(&[("TLS", "on")])
    }

    /// Starts a replica of this server, which only reads.
    pub fn start_replica(&self) -> Self {
        Self::start_with(&[("REPLICA_OF", &self.port.to_string())])
    }

    /// Copies the data that a new server begins with from the shared server.
    fn start_from_new_data(settings: &[(&str, &str)]) -> Self {
        let data = shared_server().server.directory.join("pristine");
        Self::start_with(&[settings, &[("PRISTINE", data.to_str().unwrap())]].concat())
    }

    fn start_with(settings: &[(&str, &str)]) -> Self {
        let mut servers = (0..5).map(|_| start(settings));
        servers.find_map(|server| server).expect("PostgreSQL did not start: see its output above")
    }

    /// The URL of a database of another server on this one.
    pub fn url_of(&self, other_url: &str) -> String {
        self.url(database_name(other_url))
    }

    /// The URL of the only database that a test creates on a server of its own. It is migrated.
    pub fn new_database(&self) -> String {
        self.connect().batch_execute(&format!("CREATE DATABASE {DATABASE}")).unwrap();
        self.migrate(DATABASE)
    }

    /// Migrates a database, and returns its URL.
    fn migrate(&self, name: &str) -> String {
        let url = self.url(name);
        let mut db = connect(&url.parse().unwrap(), Access::ReadWrite).unwrap();
        migrations::run_pending(&mut db).unwrap();
        url
    }

    /// A connection for commands that create and delete databases.
    fn connect(&self) -> PgConnection {
        PgConnection::establish(&self.url("postgres")).unwrap()
    }

    /// Sends a command to `scripts/postgres.sh`: kill, stop, pause, resume or start.
    pub fn command(&mut self, command: &str) {
        writeln!(self.process.stdin.as_mut().unwrap(), "{command}").unwrap();
        let mut line = String::new();
        self.answers.read_line(&mut line).unwrap();
        assert_eq!(line, "done\n", "{command}");
    }

    fn url(&self, database: &str) -> String {
        format!("postgres://postgres@127.0.0.1:{}/{database}", self.port)
    }
}
