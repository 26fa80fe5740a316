//! A real connection pooler in front of a PostgreSQL database.

use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Child, Stdio};

use tempfile::TempDir;

use super::port::unused_port;
use super::postgres::unprivileged_command;
use super::running::wait_until;

/// pgbouncer, which stops when this is dropped.
pub struct Pooler {
    port: u16,
    database: String,
    process: Child,
    _directory: TempDir,
}

impl Pooler {
    /// Starts a pooler in a pool mode with this many connections to the database. None if pgbouncer is missing.
    pub fn start(database_url: &str, pool_mode: &str, connections: usize) -> Option<Self> {
        Self::start_with(database_url, pool_mode, connections, "")
    }

    /// The same with further lines of configuration.
    pub fn start_with(
        database_url: &str,
        pool_mode: &str,
        connections: usize,
        further: &str,
    ) -> Option<Self> {
        let program = super::tool(program())?;
        let (server, database) = database_url.rsplit_once('/').unwrap();
        let server_port = server.rsplit_once(':').unwrap().1;
        let port = unused_port();
        let directory = tempfile::tempdir().unwrap();
        let configuration = directory.path().join("pgbouncer.ini");
        let text = format!(
            "[databases]\n* = host=127.0.0.1 port={server_port} user=postgres\n[pgbouncer]\n\
             listen_addr = 127.0.0.1\nlisten_port = {port}\nunix_socket_dir =\nauth_type = any\n\
             pool_mode = {pool_mode}\ndefault_pool_size = {connections}\n{further}\n"
        );
        std::fs::write(&configuration, text).unwrap();
        // The program runs as another user.
        let readable = std::fs::Permissions::from_mode(0o755);
        std::fs::set_permissions(directory.path(), readable).unwrap();
        let process = unprivileged_command()
            .arg(program)
            .arg("-q")
            .arg(&configuration)
            .current_dir("/")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let database = database.to_owned();
        let mut pooler = Self { port, database, process, _directory: directory };
        wait_until("the pooler", || {
            assert!(pooler.process.try_wait().unwrap().is_none(), "pgbouncer has ended");
            TcpStream::connect(("127.0.0.1", port)).is_ok()
        });
        Some(pooler)
    }

    /// The URL of the database through the pooler.
    pub fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/{}", self.port, self.database)
    }
}

impl Drop for Pooler {
    fn drop(&mut self) {
        // `runuser` passes the signal on.
        let id = self.process.id().to_string();
        let _ = std::process::Command::new("kill").arg(id).status();
        let _ = self.process.wait();
    }
}

/// Debian's directory of programs for administrators is not on the PATH of users.
fn program() -> std::path::PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let directories = std::env::split_paths(&path).chain(["/usr/sbin".into()]);
    let mut programs = directories.map(|directory| directory.join("pgbouncer"));
    programs.find(|program| Path::exists(program)).unwrap_or_else(|| "pgbouncer".into())
}
