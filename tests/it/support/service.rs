//! The service: the real program on a free port, or its server with limits set by a test; and a client that
//! sends exactly the bytes of the test.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use axum::Router;
use hut_availability::domain::signal::Signal;
use hut_availability::web::server::{ServerLimits, serve};
use prometheus_client::metrics::gauge::Gauge;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::program::hut_availability;

/// How long a test waits for bytes before it gives up.
const WAIT_TIMEOUT: Duration = Duration::from_secs(180);

/// `hut-availability serve`, which is killed when this is dropped.
pub struct Service {
    pub address: SocketAddr,
    process: Child,
}

impl Service {
    /// Starts the program on a database, and waits until it listens.
    pub fn start(database_url: &str) -> Self {
        Self::spawn(&mut serve_command(database_url))
    }

    /// Starts a command, and waits until it listens.
    pub fn spawn(command: &mut Command) -> Self {
        let mut process =
            command.current_dir(std::env::temp_dir()).stderr(Stdio::piped()).spawn().unwrap();
        let mut stderr = BufReader::new(process.stderr.take().unwrap());
        let mut output = String::new();
        let address = loop {
            let begin = output.len();
            assert_ne!(
                stderr.read_line(&mut output).unwrap(),
                0,
                "the service has ended: {output}"
            );
            if let Some(address) = output[begin..].trim().strip_prefix("listening on http://") {
                break address.parse().unwrap();
            }
        };
        // Read the rest of its output, since a full pipe would block the service.
        std::thread::spawn(move || std::io::copy(&mut stderr, &mut std::io::sink()));
        Self { address, process }
    }

    pub fn get(&self, path: &str) -> Answer {
        get(self.address, path)
    }

    /// Sends SIGTERM.
    pub fn terminate(&self) {
        let id = self.process.id().to_string();
        assert!(Command::new("kill").arg(id).status().unwrap().success());
    }

    /// Waits for its end. Returns its exit status, or none if a signal ended it.
    pub fn wait(mut self) -> Option<i32> {
        self.process.wait().unwrap().code()
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// A command that serves a database on a free port.
pub fn serve_command(database_url: &str) -> Command {
    let mut command = hut_availability();
    command.args(["serve", "--listen", "127.0.0.1:0", "--database-url", database_url]);
    command
}

/// The service's server, with limits and handlers set by a test.
pub struct TestServer {
    pub address: SocketAddr,
    pub open_connections: Gauge,
    stop: watch::Sender<Option<Signal>>,
    server: JoinHandle<()>,
    runtime: Runtime,
}

impl TestServer {
    pub fn start(router: Router, limits: ServerLimits) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .unwrap();
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = watch::channel(None);
        let open_connections = Gauge::default();
        let server =
            runtime.spawn(serve(listener, router, limits, open_connections.clone(), stopped));
        Self { address, open_connections, stop, server, runtime }
    }

    pub fn get(&self, path: &str) -> Answer {
        get(self.address, path)
    }

    /// Tells the server that SIGTERM has arrived.
    pub fn stop(&self) {
        self.stop.send_replace(Some(Signal::Terminate));
    }

    /// Waits until the server has ended.
    pub fn join(self) {
        self.runtime.block_on(self.server).unwrap();
    }
}

/// An HTTP response as it came over the connection.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    /// The status line and the headers, in lower case.
    pub head: String,
    pub body: Vec<u8>,
}

impl Answer {
    /// Parses the bytes of a connection that has ended. Returns none if they hold no complete head.
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        let end = bytes.windows(4).position(|window| window == b"\r\n\r\n")?;
        let head = String::from_utf8(bytes[..end].to_vec()).unwrap().to_lowercase();
        let status = head.split(' ').nth(1)?.parse().unwrap();
        Some(Self { status, head, body: bytes[end + 4..].to_vec() })
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
    }

    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}

pub fn connect(address: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(WAIT_TIMEOUT)).unwrap();
    stream
}

/// Reads until the connection ends, in whatever way.
pub fn read_to_end(mut stream: TcpStream) -> Vec<u8> {
    let mut bytes = Vec::new();
    match stream.read_to_end(&mut bytes) {
        Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => {
            panic!("the connection stays open")
        }
        _ => bytes,
    }
}

/// Sends a request exactly as given, and returns the response.
pub fn request(address: SocketAddr, request: &str) -> Answer {
    let mut stream = connect(address);
    stream.write_all(request.as_bytes()).unwrap();
    let bytes = read_to_end(stream);
    Answer::parse(&bytes).unwrap_or_else(|| panic!("no answer to {request:?}: {bytes:?}"))
}

/// Sends a request with a method, a path and further header lines, and returns the response.
pub fn request_with(address: SocketAddr, method_and_path: &str, headers: &str) -> Answer {
    let head = format!("{method_and_path} HTTP/1.1\r\nhost: test\r\nconnection: close\r\n");
    request(address, &format!("{head}{headers}\r\n"))
}

pub fn get(address: SocketAddr, path: &str) -> Answer {
    request_with(address, &format!("GET {path}"), "")
}
