//! Waiting for a signal that stops a command.

use tokio::sync::watch;

use crate::domain::signal::Signal;

/// Waits until a signal says stop, or for ever where nobody can any more.
pub async fn stopped(mut stop: watch::Receiver<Option<Signal>>) {
    if stop.wait_for(Option::is_some).await.is_err() {
        std::future::pending::<()>().await;
    }
}
