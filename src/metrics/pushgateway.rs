//! Pushes metrics to a Pushgateway, which keeps those of the last run until Prometheus fetches them.

use anyhow::{Context, bail};
use reqwest::header::CONTENT_TYPE;
use reqwest::redirect::Policy;

use crate::domain::pushgateway_url::PushgatewayUrl;
use crate::runtime::http;

/// Prometheus' text format.
const TEXT: &str = "text/plain; version=0.0.4; charset=utf-8";

/// Replaces the metrics that `text` contains. Others stay, such as the time when a run last succeeded.
///
/// # Errors
/// The request failed. The error contains neither the URL nor the body of the answer, which may repeat the
/// URL, because the URL may contain a password.
pub async fn push(PushgatewayUrl(url): &PushgatewayUrl, text: String) -> anyhow::Result<()> {
    let client = http::client(url).redirect(Policy::none()).build()?;
    let request = client.post(url.clone()).header(CONTENT_TYPE, TEXT).body(text);
    let response = request.send().await.map_err(reqwest::Error::without_url);
    let status = response.context("no answer")?.status();
    if !status.is_success() {
        bail!("HTTP {}: see the log of the Pushgateway", status.as_u16());
    }
    Ok(())
}
