//! A booking site that writes raw bytes, as no HTTP server would.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::spawn;

/// A site that answers each request as a test tells it to, and that leaves all connections open.
pub struct RawSite {
    address: SocketAddr,
    counts: Arc<Counts>,
}

#[derive(Default)]
struct Counts {
    connections: AtomicUsize,
    requests: AtomicUsize,
    has_stopped: AtomicBool,
}

/// A request as it arrived.
pub struct RawRequest {
    /// The request line and the headers.
    pub head: String,
    pub body: String,
}

impl RawRequest {
    /// Whether the request is for this path.
    pub fn is_for(&self, path: &str) -> bool {
        self.head.split(' ').nth(1).is_some_and(|target| target.starts_with(path))
    }

    /// The value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.head.lines().skip(1).filter_map(|line| line.split_once(": "));
        headers.find(|(header, _)| header.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    /// The number that follows `name`, in the request line or the body.
    pub fn number(&self, name: &str) -> Option<u32> {
        let text = format!("{}{}", self.head, self.body);
        let (_, rest) = text.split_once(name)?;
        rest.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
    }
}

impl RawSite {
    /// Starts the site. `answer` writes the answer to a request.
    pub fn start(answer: impl Fn(&RawRequest, &mut TcpStream) + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let address = listener.local_addr().unwrap();
        let (answer, counts) = (Arc::new(answer), Arc::new(Counts::default()));
        let counter = Arc::clone(&counts);
        spawn(move || {
            for stream in listener.incoming() {
                if counter.has_stopped.load(Ordering::SeqCst) {
                    return;
                }
                counter.connections.fetch_add(1, Ordering::SeqCst);
                let (answer, counter) = (Arc::clone(&answer), Arc::clone(&counter));
                spawn(move || serve(stream.unwrap(), &*answer, &counter.requests));
            }
        });
        Self { address, counts }
    }

    /// The address of the site as a URL.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// A value of `--source-url` for an organization.
    pub fn source_url(&self, organization: &str) -> String {
        format!("{organization}=http://{}", self.address)
    }

    /// The number of connections so far.
    pub fn connections(&self) -> usize {
        self.counts.connections.load(Ordering::SeqCst)
    }

    /// The number of requests so far.
    pub fn requests(&self) -> usize {
        self.counts.requests.load(Ordering::SeqCst)
    }
}

impl Drop for RawSite {
    fn drop(&mut self) {
        self.counts.has_stopped.store(true, Ordering::SeqCst);
        // Wakes the thread that accepts connections.
        let _ = TcpStream::connect(self.address);
    }
}

/// Answers the requests of one connection until the client closes it.
fn serve(
    mut stream: TcpStream,
    answer: &(impl Fn(&RawRequest, &mut TcpStream) + ?Sized),
    requests: &AtomicUsize,
) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    loop {
        let mut request = RawRequest { head: String::new(), body: String::new() };
        while !request.head.ends_with("\r\n\r\n") {
            if !matches!(reader.read_line(&mut request.head), Ok(1..)) {
                return;
            }
        }
        let length = request.header("content-length").map_or(0, |length| length.parse().unwrap());
        let mut body = vec![0; length];
        if reader.read_exact(&mut body).is_err() {
            return;
        }
        request.body = String::from_utf8(body).unwrap();
        requests.fetch_add(1, Ordering::SeqCst);
        answer(&request, &mut stream);
    }
}

/// An answer with a status line, further headers, and a body.
pub fn answer(status: &str, headers: &str, body: &[u8]) -> Vec<u8> {
    let length = body.len();
    let head = format!("HTTP/1.1 {status}\r\nContent-Length: {length}\r\n{headers}\r\n");
    [head.as_bytes(), body].concat()
}

/// Writes bytes. The client may have closed the connection.
pub fn send(stream: &mut TcpStream, bytes: &[u8]) {
    let _ = stream.write_all(bytes).and_then(|()| stream.flush());
}
