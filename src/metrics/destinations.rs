//! Exports the metrics of a run to a file, which node_exporter reads, and to a Pushgateway. An error here
//! never fails the run.

use std::path::PathBuf;
use std::time::Duration;

use futures_util::FutureExt;
use tokio::sync::watch;
use tokio::time::sleep;

use super::ended::{EndedRun, Figures};
use super::{file, pushgateway, text};
use crate::domain::pushgateway_url::PushgatewayUrl;
use crate::domain::signal::Signal;
use crate::runtime::shutdown::stopped;

/// The export may delay the end of a run by at most this long.
const EXPORT_TIMEOUT: Duration = Duration::from_secs(3);

/// The same after a signal, when the run has only a few seconds for everything that it must finish.
const EXPORT_TIMEOUT_AFTER_SIGNAL: Duration = Duration::from_millis(500);

/// Where the metrics go.
#[derive(Clone, Debug, Default)]
pub struct Destinations {
    pub file: Option<PathBuf>,
    pub pushgateway: Option<PushgatewayUrl>,
}

impl Destinations {
    /// Whether no destination is configured.
    #[must_use]
    pub fn is_none(&self) -> bool {
        self.file.is_none() && self.pushgateway.is_none()
    }

    /// Exports the metrics of a run to all destinations. `figures` reads what the database says, and may
    /// block. Whatever takes too long is skipped with a warning.
    pub async fn export(
        &self,
        ended: &EndedRun<'_>,
        figures: impl FnOnce() -> anyhow::Result<Figures> + Send + 'static,
        stop: watch::Receiver<Option<Signal>>,
    ) {
        let timeout = async {
            let after_signal = stopped(stop).then(|()| sleep(EXPORT_TIMEOUT_AFTER_SIGNAL));
            tokio::select! {
                () = sleep(EXPORT_TIMEOUT) => {}
                () = after_signal => {}
            }
        };
        let timeout = timeout.shared();

        let figures = match in_time(timeout.clone(), figures).await {
            Some(Ok(figures)) => Some(figures),
            Some(Err(error)) => {
                tracing::warn!("the age of the stalest hut is missing from the metrics: {error:#}");
                None
            }
            None => {
                tracing::warn!(
                    "the age of the stalest hut is missing from the metrics: the database took too long"
                );
                None
            }
        };
        let last_success = match &self.file {
            Some(path) => {
                let path = path.clone();
                in_time(timeout.clone(), move || file::last_success(&path)).await.flatten()
            }
            None => None,
        };
        let text = text::format(ended, figures.as_ref(), last_success);
        if let Some(path) = &self.file {
            let (destination, text) = (path.clone(), text.clone());
            match in_time(timeout.clone(), move || file::write(&destination, &text)).await {
                Some(Ok(())) => {}
                Some(Err(error)) => {
                    tracing::warn!("cannot write the metrics file {path:?}: {error}");
                }
                None => tracing::warn!("cannot write the metrics file {path:?}: it took too long"),
            }
        }
        if let Some(url) = &self.pushgateway {
            tokio::select! {
                pushed = pushgateway::push(url, text) => if let Err(error) = pushed {
                    tracing::warn!("cannot push the metrics to {url}: {error:#}");
                },
                () = timeout => tracing::warn!("cannot push the metrics to {url}: it took too long"),
            }
        }
    }
}

/// Runs blocking `work`, such as a query or a write to a network disk. Returns none if `timeout` ends first;
/// the work then continues in the background, and its result is dropped.
async fn in_time<T: Send + 'static>(
    timeout: impl Future<Output = ()>,
    work: impl FnOnce() -> T + Send + 'static,
) -> Option<T> {
    tokio::select! {
        result = tokio::task::spawn_blocking(work) => result.ok(),
        () = timeout => None,
    }
}
