//! Waits for the signal that stops a command.

use tokio::sync::watch;

use crate::domain::signal::Signal;

/// Waits until a signal arrives. If the sender is gone, no signal can arrive, and this never returns.
pub async fn stopped(mut stop: watch::Receiver<Option<Signal>>) {
    if stop.wait_for(Option::is_some).await.is_err() {
        std::future::pending::<()>().await;
    }
}
