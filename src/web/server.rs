//! The HTTP server: accepts connections and limits them. A slow or silent client costs at most one
//! connection, and only for a limited time.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use prometheus_client::metrics::gauge::Gauge;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::time::{sleep, timeout};
use tokio_io_timeout::TimeoutStream;
use tower_http::add_extension::AddExtension;

use super::rate_limit::PeerAddress;
use crate::domain::signal::Signal;

/// The limits of connections.
#[derive(Clone, Copy, Debug)]
pub struct ServerLimits {
    /// The most open connections. Further clients wait until one is closed.
    pub connections: usize,
    /// The most bytes of the request line and the headers of a request.
    pub header_bytes: usize,
    /// How long a client may take to send the headers of a request, including the time that it is idle
    /// before.
    pub header_time: Duration,
    /// How long a client may go without reading a byte of the response.
    pub write_time: Duration,
    /// After this time a connection is closed: at once if it is idle, else after the current response.
    pub connection_time: Duration,
    /// How long a response may go on after `connection_time`, or after a signal to stop.
    pub drain_time: Duration,
}

/// The limits in production.
pub const LIMITS: ServerLimits = ServerLimits {
    // A connection takes about 20 KiB, so all of them together take 10 MiB.
    connections: 512,
    // Browsers send 1 or 2 KiB, and other clients usually at most 8 KiB. The list of slugs in the URL of a
    // map has to fit too.
    header_bytes: 16 * 1024,
    // A slow mobile network delays packets by a few seconds, but not by ten.
    header_time: Duration::from_secs(10),
    write_time: Duration::from_secs(10),
    // Clients reconnect, and so spread over the replicas. A client that reads one byte every nine seconds is
    // cut off.
    connection_time: Duration::from_secs(60),
    // Less than the 30 seconds that Kubernetes waits by default before it kills a pod.
    drain_time: Duration::from_secs(25),
};

/// How long to wait after an error in accepting a connection, such as running out of file descriptors or
/// memory.
const ACCEPT_ERROR_DELAY: Duration = Duration::from_millis(100);

/// Serves until a signal arrives, then finishes the requests in flight.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    limits: ServerLimits,
    open_connections: Gauge,
    stop: watch::Receiver<Option<Signal>>,
) {
    let permits = Arc::new(Semaphore::new(limits.connections));
    let connections = Connections { router, limits, open_connections, stop: stop.clone() };
    tokio::select! {
        () = connections.accept(listener, &permits) => {}
        () = stopped(stop) => {}
    }
    // All permits are available again as soon as every connection is closed.
    let all = u32::try_from(limits.connections).unwrap_or(u32::MAX);
    if timeout(limits.drain_time, permits.acquire_many(all)).await.is_err() {
        let open = limits.connections - permits.available_permits();
        tracing::warn!("closed {open} connections before their responses were complete");
    }
}

/// Waits for a signal.
async fn stopped(mut stop: watch::Receiver<Option<Signal>>) {
    // An error means that the sender is gone, so no signal can arrive any more.
    if stop.wait_for(Option::is_some).await.is_err() {
        std::future::pending::<()>().await;
    }
}

#[derive(Clone)]
struct Connections {
    router: Router,
    limits: ServerLimits,
    open_connections: Gauge,
    stop: watch::Receiver<Option<Signal>>,
}

impl Connections {
    async fn accept(&self, listener: TcpListener, permits: &Arc<Semaphore>) {
        loop {
            let permit =
                Arc::clone(permits).acquire_owned().await.expect("the semaphore is never closed");
            match listener.accept().await {
                Ok((stream, peer)) => {
                    let peer = PeerAddress(peer.ip());
                    tokio::spawn(self.clone().serve(stream, peer, permit));
                }
                Err(error) => {
                    tracing::warn!("cannot accept a connection: {error}");
                    sleep(ACCEPT_ERROR_DELAY).await;
                }
            }
        }
    }

    /// Serves one connection until it is closed. Its permit is released then.
    async fn serve(self, stream: TcpStream, peer: PeerAddress, _permit: OwnedSemaphorePermit) {
        self.open_connections.inc();
        // Responses are written in large pieces: waiting to fill packets would only delay the last one.
        let _ = stream.set_nodelay(true);
        let mut stream = TimeoutStream::new(stream);
        stream.set_write_timeout(Some(self.limits.write_time));
        let mut stream = Box::pin(stream);
        let service = AddExtension::new(self.router, peer);
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(self.limits.header_time)
            .max_header_size(self.limits.header_bytes)
            .serve_connection(TokioIo::new(&mut stream), TowerToHyperService::new(service));
        let mut connection = pin!(connection);
        // Errors are ignored: the client has disconnected, is too slow, or does not speak HTTP.
        tokio::select! {
            _ = connection.as_mut() => {}
            () = async { tokio::select! {
                () = stopped(self.stop) => {}
                () = sleep(self.limits.connection_time) => {}
            } } => {
                connection.as_mut().graceful_shutdown();
                let _ = timeout(self.limits.drain_time, connection).await;
            }
        }
        self.open_connections.dec();
    }
}
