//! The figures of a run for Prometheus: written to a file, which node_exporter reads, and pushed to a
//! Pushgateway. Neither can fail the run.

use std::path::PathBuf;
use std::time::Duration;

use chrono::TimeDelta;
use futures_util::FutureExt;
use tokio::sync::watch;
use tokio::time::sleep;

use super::ended::Ended;
use super::{file, pushgateway, text};
use crate::domain::pushgateway_url::PushgatewayUrl;
use crate::domain::signal::Signal;
use crate::runtime::shutdown::stopped;

/// How long the figures may hold up the end of a run.
const LONGEST: Duration = Duration::from_secs(3);

/// Likewise after a signal, which leaves a run few seconds for all that it has to finish.
const MAX_TIME_AFTER_SIGNAL: Duration = Duration::from_millis(500);

/// Where figures go.
#[derive(Clone, Debug, Default)]
pub struct Destinations {
    pub file: Option<PathBuf>,
    pub pushgateway: Option<PushgatewayUrl>,
}

impl Destinations {
    /// Whether anybody wants to know.
    #[must_use]
    pub fn is_none(&self) -> bool {
        self.file.is_none() && self.pushgateway.is_none()
    }

    /// Tells of a run everywhere. `stalest` finds out how old the last check of the stalest hut of the high
    /// tier is, which may block; it, the file and the Pushgateway are given up on where they take too long.
    pub async fn tell(
        &self,
        ended: &Ended<'_>,
        stalest: impl FnOnce() -> anyhow::Result<TimeDelta> + Send + 'static,
        stop: watch::Receiver<Option<Signal>>,
    ) {
        let is_over = async {
            let after_signal = stopped(stop).then(|()| sleep(MAX_TIME_AFTER_SIGNAL));
            tokio::select! {
                () = sleep(LONGEST) => {}
                () = after_signal => {}
            }
        };
        let is_over = is_over.shared();

        let stalest = match in_time(is_over.clone(), stalest).await {
            Some(Ok(age)) => Some(age),
            Some(Err(error)) => {
                tracing::warn!("the metrics lack the age of the stalest hut: {error:#}");
                None
            }
            None => {
                tracing::warn!(
                    "the metrics lack the age of the stalest hut: the database takes too long"
                );
                None
            }
        };
        let before = match &self.file {
            Some(path) => {
                let path = path.clone();
                in_time(is_over.clone(), move || file::last_success(&path)).await.flatten()
            }
            None => None,
        };
        let text = text::format(ended, stalest, before);
        if let Some(path) = &self.file {
            let (to, text) = (path.clone(), text.clone());
            match in_time(is_over.clone(), move || file::write(&to, &text)).await {
                Some(Ok(())) => {}
                Some(Err(error)) => {
                    tracing::warn!("cannot write the metrics file {path:?}: {error}");
                }
                None => tracing::warn!("cannot write the metrics file {path:?}: it takes too long"),
            }
        }
        if let Some(url) = &self.pushgateway {
            tokio::select! {
                pushed = pushgateway::push(url, text) => if let Err(error) = pushed {
                    tracing::warn!("cannot push the metrics to {url}: {error:#}");
                },
                () = is_over => tracing::warn!("cannot push the metrics to {url}: it takes too long"),
            }
        }
    }
}

/// What `work` returns, which may block: a database, a disk of another machine. None where it is not done
/// in time; it is left to itself then.
async fn in_time<T: Send + 'static>(
    is_over: impl Future<Output = ()>,
    work: impl FnOnce() -> T + Send + 'static,
) -> Option<T> {
    tokio::select! {
        done = tokio::task::spawn_blocking(work) => done.ok(),
        () = is_over => None,
    }
}
