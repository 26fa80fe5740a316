//! `hut-availability serve`

use std::net::SocketAddr;

use anyhow::Context;
use clap::Args;
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::cli::reading::DayArgs;
use crate::db::serving;
use crate::db::url::DatabaseUrl;
use crate::exit::ExitStatus;
use crate::report::say;
use crate::signal::Signal;
use crate::web;
use crate::web::app::App;
use crate::web::server::{self, LIMITS};

/// Where the service listens.
#[derive(Debug, Args)]
pub struct ServeArgs {
    /// IP address and port; port 0 is any free one
    #[arg(long, env = "AVAILABILITY_LISTEN", value_name = "ADDRESS", default_value = "127.0.0.1:8080", value_parser = parse_address)]
    pub listen: SocketAddr,

    #[command(flatten)]
    pub day: DayArgs,
}

fn parse_address(text: &str) -> Result<SocketAddr, String> {
    text.parse().map_err(|_| "must be an IP address and a port, such as 127.0.0.1:8080".into())
}

/// Serves until a signal comes, and then finishes what is under way.
pub async fn run(
    args: ServeArgs,
    url: DatabaseUrl,
    stop: watch::Receiver<Option<Signal>>,
) -> anyhow::Result<ExitStatus> {
    let app = App::new(url.clone(), args.day.clock(), args.day.timezone)?;
    tokio::task::spawn_blocking(move || serving::prepare(&url)).await??;
    // Nobody waits for it, unless they are very quick.
    tokio::task::spawn_blocking(web::pages::draw_borders);
    let listening = async {
        let listener = TcpListener::bind(args.listen).await?;
        Ok::<_, std::io::Error>((listener.local_addr()?, listener))
    };
    let (address, listener) =
        listening.await.with_context(|| format!("cannot listen on {}", args.listen))?;
    say(&format!("listening on http://{address}"));
    let open_connections = app.metrics().open_connections.clone();
    server::serve(listener, web::router(app), LIMITS, open_connections, stop).await;
    // To be stopped is how it ends.
    Ok(ExitStatus::Done)
}
