//! The server: connections, and what bounds them. A client that is slow, silent or one of too many costs
//! a connection for a while, and never more.

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

use crate::domain::signal::Signal;

/// What bounds the connections.
#[derive(Clone, Copy, Debug)]
pub struct ServerLimits {
    /// Open connections; further clients wait to be accepted.
    pub connections: usize,
    /// The request line and the headers of a request.
    pub header_bytes: usize,
    /// How long a client may take to send them, or be idle before it does.
    pub header_time: Duration,
    /// How long a client may take no byte of an answer.
    pub write_time: Duration,
    /// After this a connection is closed with the answer that is being sent, or at once if it is idle.
    pub connection_time: Duration,
    /// How long an answer that is being sent goes on after that, or after a signal to stop.
    pub drain_time: Duration,
}

/// What holds in service.
pub const LIMITS: ServerLimits = ServerLimits {
    // Each takes some 20 KiB, so that all of them take 10 MiB.
    connections: 512,
    // Browsers send 1 or 2 KiB, and no more than 8 KiB are usual anywhere. It is also a map's longest
    // list of slugs.
    header_bytes: 16 * 1024,
    // A slow mobile network delays packets by a few seconds, not by ten.
    header_time: Duration::from_secs(10),
    write_time: Duration::from_secs(10),
    // So that clients spread anew over replicas, and one that takes a byte every nine seconds is rid of.
    connection_time: Duration::from_secs(60),
    // Less than the 30 seconds that Kubernetes grants by default before it kills.
    drain_time: Duration::from_secs(25),
};

/// How long accepting rests when the system has no file descriptors or memory left.
const REST_AFTER_ERROR: Duration = Duration::from_millis(100);

/// Serves until a signal comes, and then finishes the answers that are being made or sent.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    limits: ServerLimits,
    open_connections: Gauge,
    stop: watch::Receiver<Option<Signal>>,
) {
    let free = Arc::new(Semaphore::new(limits.connections));
    let connections = Connections { router, limits, open_connections, stop: stop.clone() };
    tokio::select! {
        () = connections.accept(listener, &free) => {}
        () = stopped(stop) => {}
    }
    // When every permit is back, every connection is closed.
    let all = u32::try_from(limits.connections).unwrap_or(u32::MAX);
    if timeout(limits.drain_time, free.acquire_many(all)).await.is_err() {
        let left = limits.connections - free.available_permits();
        tracing::warn!("{left} connections were cut, which had not ended in time");
    }
}

/// Waits for a signal.
async fn stopped(mut stop: watch::Receiver<Option<Signal>>) {
    // An error means that no signal can come any more.
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
    async fn accept(&self, listener: TcpListener, free: &Arc<Semaphore>) {
        loop {
            let permit = Arc::clone(free).acquire_owned().await.expect("it is never closed");
            match listener.accept().await {
                Ok((stream, _)) => {
                    tokio::spawn(self.clone().serve(stream, permit));
                }
                Err(error) => {
                    tracing::warn!("cannot accept a connection: {error}");
                    sleep(REST_AFTER_ERROR).await;
                }
            }
        }
    }

    /// Serves one connection to its end, which frees its permit.
    async fn serve(self, stream: TcpStream, _permit: OwnedSemaphorePermit) {
        self.open_connections.inc();
        // Answers are written whole: waiting to fill packets would only delay their ends.
        let _ = stream.set_nodelay(true);
        let mut stream = TimeoutStream::new(stream);
        stream.set_write_timeout(Some(self.limits.write_time));
        let mut stream = Box::pin(stream);
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(self.limits.header_time)
            .max_header_size(self.limits.header_bytes)
            .serve_connection(TokioIo::new(&mut stream), TowerToHyperService::new(self.router));
        let mut connection = pin!(connection);
        // An error is the client's: it has gone, is too slow, or does not speak HTTP.
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
