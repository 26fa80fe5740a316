//! `hut-availability serve`

use anyhow::Context;
use tokio::net::TcpListener;
use tokio::sync::watch;

use super::config;
use crate::cli::serve::ServeArgs;
use crate::db::read_only;
use crate::domain::database_url::DatabaseUrl;
use crate::domain::exit_status::ExitStatus;
use crate::domain::signal::Signal;
use crate::runtime::console::say;
use crate::web::app::App;
use crate::web::router;
use crate::web::server::{self, LIMITS};

/// Serves until a signal comes, and then finishes what is under way.
pub async fn run(
    args: ServeArgs,
    url: DatabaseUrl,
    stop: watch::Receiver<Option<Signal>>,
) -> anyhow::Result<ExitStatus> {
    let app = App::new(url.clone(), config::clock(&args.day), args.day.timezone)?;
    tokio::task::spawn_blocking(move || read_only::prepare(&url)).await??;
    // Nobody waits for it, unless they are very quick.
    tokio::task::spawn_blocking(crate::web::pages::draw_borders);
    let listening = async {
        let listener = TcpListener::bind(args.listen).await?;
        Ok::<_, std::io::Error>((listener.local_addr()?, listener))
    };
    let (address, listener) =
        listening.await.with_context(|| format!("cannot listen on {}", args.listen))?;
    say(&format!("listening on http://{address}"));
    let open_connections = app.metrics().open_connections.clone();
    server::serve(listener, router::router(app), LIMITS, open_connections, stop).await;
    // To be stopped is how it ends.
    Ok(ExitStatus::Done)
}
