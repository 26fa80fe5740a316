//! `hut-availability serve`: starts the read-only API and website.

use std::time::Duration;

use anyhow::Context;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::time::timeout;

use super::config;
use crate::cli::serve::ServeArgs;
use crate::db::read_only;
use crate::domain::database_url::DatabaseUrl;
use crate::domain::exit_status::ExitStatus;
use crate::domain::signal::Signal;
use crate::runtime::console::say;
use crate::web::app::{App, AppConfig, MapTiles};
use crate::web::rate_limit::RateLimits;
use crate::web::router;
use crate::web::server::{self, LIMITS};

/// Serves until a signal arrives, then finishes the requests in flight.
pub async fn run(
    args: ServeArgs,
    url: DatabaseUrl,
    stop: watch::Receiver<Option<Signal>>,
) -> anyhow::Result<ExitStatus> {
    let app_config = AppConfig {
        clock: config::clock(&args.day),
        timezone: args.day.timezone,
        schedule: config::schedule(&args.intervals, false),
        show_watches: args.show_watches,
        rate_limits: RateLimits {
            per_minute: args.rate_limit.rate_limit_per_minute,
            per_day: args.rate_limit.rate_limit_per_day,
            client_header: args.rate_limit.client_address_header,
        },
        map_tiles: args
            .map
            .map_tiles
            .zip(args.map.map_attribution)
            .map(|(server, attribution)| MapTiles { server, attribution }),
        framing: args.map.allow_embedding.unwrap_or_default(),
    };
    let app = App::new(url.clone(), app_config)?;
    prepare(url).await?;
    let listening = async {
        let listener = TcpListener::bind((args.listen.host.as_str(), args.listen.port)).await?;
        Ok::<_, std::io::Error>((listener.local_addr()?, listener))
    };
    let (address, listener) =
        listening.await.with_context(|| format!("cannot listen on {}", args.listen))?;
    say(&format!("listening on http://{address}"));
    let open_connections = app.metrics().open_connections.clone();
    server::serve(listener, router::router(app), LIMITS, open_connections, stop).await;
    // A signal is the normal end of a server, so the exit status is 0.
    Ok(ExitStatus::Done)
}

/// How long the start of the service waits for a database that does not answer.
const PREPARE_TIMEOUT: Duration = Duration::from_secs(15);

async fn prepare(url: DatabaseUrl) -> anyhow::Result<()> {
    let may_be_silent = matches!(url, DatabaseUrl::Postgres(_));
    let name = url.to_string();
    let prepared = tokio::task::spawn_blocking(move || read_only::prepare(&url));
    if !may_be_silent {
        return prepared.await?;
    }
    match timeout(PREPARE_TIMEOUT, prepared).await {
        Ok(prepared) => prepared?,
        Err(_) => {
            tracing::warn!(
                "{name} has not answered for {} s; the service will use it as soon as it answers",
                PREPARE_TIMEOUT.as_secs()
            );
            Ok(())
        }
    }
}
