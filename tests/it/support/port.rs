//! Ports for servers that a test starts later, restarts, or never starts.

use std::net::TcpListener;
use std::sync::atomic::{AtomicU16, Ordering};

/// Below the ports that a system gives to connections and to servers that ask for any: Linux begins at 32,768, others
/// at 49,152.
const PORTS: std::ops::Range<u16> = 20_000..32_000;

/// A port of 127.0.0.1 at which nothing listens. No other program is given it while its server is down.
pub fn unused_port() -> u16 {
    static USED: AtomicU16 = AtomicU16::new(0);
    // Tests that run at once in two checkouts begin at different ports.
    let first = std::process::id() % u32::from(PORTS.end - PORTS.start);
    let mut ports = std::iter::repeat_with(|| {
        let number = first + u32::from(USED.fetch_add(1, Ordering::Relaxed));
        PORTS.start + u16::try_from(number % u32::from(PORTS.end - PORTS.start)).unwrap()
    });
    ports.find(|port| TcpListener::bind(("127.0.0.1", *port)).is_ok()).unwrap()
}
