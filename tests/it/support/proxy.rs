//! A TCP proxy that holds or cuts what passes through it.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::thread::spawn;

use super::running::wait_until;

/// The way of some bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    ToServer,
    ToClient,
}

/// Forwards connections to a server as long as this program runs, and returns the address to connect to. `pass` is
/// called with all bytes before they are forwarded. It may wait. If it returns false, the connection is cut.
pub fn proxy(
    server: SocketAddr,
    pass: impl Fn(Way, &[u8]) -> bool + Send + Sync + 'static,
) -> SocketAddr {
    proxy_of_connections(server, move |_, way, bytes| pass(way, bytes))
}

/// The same. `pass` is also called with the number of the connection, from 0.
pub fn proxy_of_connections(
    server: SocketAddr,
    pass: impl Fn(usize, Way, &[u8]) -> bool + Send + Sync + 'static,
) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let pass = Arc::new(pass);
    spawn(move || {
        for (number, client) in listener.incoming().enumerate() {
            let (client, server) = (client.unwrap(), TcpStream::connect(server).unwrap());
            for (way, from, to) in [
                (Way::ToServer, client.try_clone().unwrap(), server.try_clone().unwrap()),
                (Way::ToClient, server, client),
            ] {
                let pass = Arc::clone(&pass);
                spawn(move || forward(from, to, |bytes| pass(number, way, bytes)));
            }
        }
    });
    address
}

fn forward(mut from: TcpStream, mut to: TcpStream, pass: impl Fn(&[u8]) -> bool) {
    let mut part = vec![0; 1 << 16];
    while let Ok(count @ 1..) = from.read(&mut part) {
        if !pass(&part[..count]) || to.write_all(&part[..count]).is_err() {
            break;
        }
    }
    let _ = from.shutdown(Shutdown::Both);
    let _ = to.shutdown(Shutdown::Both);
}

/// The URL of a PostgreSQL database, and the address of its server behind it.
pub fn through_proxy(url: &str, proxy: impl FnOnce(SocketAddr) -> SocketAddr) -> String {
    let port = url.parse::<reqwest::Url>().unwrap().port().unwrap();
    let address = proxy(SocketAddr::from(([127, 0, 0, 1], port)));
    url.replace(&format!(":{port}/"), &format!(":{}/", address.port()))
}

/// A proxy in front of a booking site that holds the site's answers until they are released.
pub struct HeldSite {
    pub url: reqwest::Url,
    answers: Arc<Answers>,
}

#[derive(Default)]
struct Answers {
    is_released: Mutex<bool>,
    released: Condvar,
    has_held: AtomicBool,
}

impl HeldSite {
    /// A proxy that holds all answers from now on.
    pub fn start(site: &reqwest::Url) -> Self {
        let answers = Arc::new(Answers::default());
        let held = Arc::clone(&answers);
        let address = proxy(site.socket_addrs(|| None).unwrap()[0], move |way, _| {
            if way == Way::ToClient {
                held.has_held.store(true, Ordering::SeqCst);
                let is_released = held.is_released.lock().unwrap();
                drop(held.released.wait_while(is_released, |released| !*released).unwrap());
            }
            true
        });
        Self { url: format!("http://{address}").parse().unwrap(), answers }
    }

    /// Waits until the site has answered, and the answer is held.
    pub fn wait_for_answer(&self) {
        wait_until("an answer of the site", || self.answers.has_held.load(Ordering::SeqCst));
    }

    /// Delivers what is held and what comes.
    pub fn release(&self) {
        *self.answers.is_released.lock().unwrap() = true;
        self.answers.released.notify_all();
    }
}
