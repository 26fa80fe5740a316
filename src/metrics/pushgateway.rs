//! A Pushgateway, which keeps the figures of the last run for Prometheus to fetch.

use anyhow::{Context, bail};
use reqwest::header::CONTENT_TYPE;
use reqwest::redirect::Policy;

use crate::domain::pushgateway_url::PushgatewayUrl;
use crate::runtime::http;

/// Prometheus' text format.
const TEXT: &str = "text/plain; version=0.0.4; charset=utf-8";

/// Replaces those of the figures there that `text` has; others stay, such as when a run last succeeded.
///
/// # Errors
/// Without the URL, and without what the other side says, which may repeat it.
pub async fn push(PushgatewayUrl(url): &PushgatewayUrl, text: String) -> anyhow::Result<()> {
    let client = http::client(url).redirect(Policy::none()).build()?;
    let request = client.post(url.clone()).header(CONTENT_TYPE, TEXT).body(text);
    let response = request.send().await.map_err(reqwest::Error::without_url);
    let status = response.context("no answer")?.status();
    if !status.is_success() {
        bail!("HTTP {}: its own log may say why", status.as_u16());
    }
    Ok(())
}
