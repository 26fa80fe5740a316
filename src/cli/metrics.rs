//! The flags that say where the metrics of a run go.

use std::path::PathBuf;

use clap::Args;

use super::secret::Secret;
use crate::domain::pushgateway_url::PushgatewayUrl;

/// Where the metrics of a run go. A dry run writes none.
#[derive(Debug, Args)]
#[command(next_help_heading = "Metrics")]
pub struct MetricsArgs {
    /// Write the run's metrics to a file for node_exporter, such as /var/lib/node_exporter/huts.prom
    #[arg(long, env = "AVAILABILITY_METRICS_FILE", value_name = "PATH")]
    pub metrics_file: Option<PathBuf>,

    /// Push the run's metrics to this Pushgateway, such as http://pushgateway:9091
    ///
    /// The job label is update-availability, unless the path names another group, as in
    /// http://pushgateway:9091/metrics/job/huts/instance/3.
    #[arg(
        long,
        env = "AVAILABILITY_PUSHGATEWAY_URL",
        hide_env_values = true,
        value_name = "URL",
        value_parser = Secret::<PushgatewayUrl>::default()
    )]
    pub pushgateway_url: Option<PushgatewayUrl>,
}
