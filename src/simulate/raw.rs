//! Writes raw bytes in place of an HTTP answer, and then closes the connection.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};

use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};

/// The bytes that replace the next answer on a connection, if any.
#[derive(Clone, Debug, Default)]
pub struct RawAnswer(Arc<Mutex<Option<Vec<u8>>>>);

impl RawAnswer {
    /// Replaces the next answer by these bytes. No bytes mean a reset of the connection.
    pub fn set(&self, bytes: Vec<u8>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(bytes);
    }

    fn take(&self) -> Option<Vec<u8>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

/// Listens for connections whose answers can be replaced. Handlers get the [`RawAnswer`] of their
/// connection from `ConnectInfo`.
pub struct RawListener(pub TcpListener);

impl Listener for RawListener {
    type Io = RawStream;
    type Addr = RawAnswer;

    async fn accept(&mut self) -> (RawStream, RawAnswer) {
        let (stream, _) = Listener::accept(&mut self.0).await;
        let answer = RawAnswer::default();
        (RawStream { stream, answer: answer.clone(), rest: None }, answer)
    }

    fn local_addr(&self) -> io::Result<RawAnswer> {
        Ok(RawAnswer::default())
    }
}

impl Connected<IncomingStream<'_, RawListener>> for RawAnswer {
    fn connect_info(stream: IncomingStream<'_, RawListener>) -> Self {
        stream.remote_addr().clone()
    }
}

/// A connection whose answers can be replaced.
pub struct RawStream {
    stream: TcpStream,
    answer: RawAnswer,
    /// The bytes of the raw answer that are not written yet.
    rest: Option<Vec<u8>>,
}

impl AsyncWrite for RawStream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let this = &mut *self;
        if let Some(answer) = this.answer.take() {
            if answer.is_empty() {
                this.stream.set_zero_linger()?;
            }
            this.rest = Some(answer);
        }
        let Some(rest) = &mut this.rest else {
            return Pin::new(&mut this.stream).poll_write(context, bytes);
        };
        while !rest.is_empty() {
            let written = ready!(Pin::new(&mut this.stream).poll_write(context, rest))?;
            rest.drain(..written);
        }
        // The server drops a connection on which it cannot write.
        Poll::Ready(Err(io::ErrorKind::ConnectionAborted.into()))
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

impl AsyncRead for RawStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}
