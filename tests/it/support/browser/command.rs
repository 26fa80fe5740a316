//! Commands for which the client of WebDriver has no method.

use std::str::FromStr;

use axum::http::Method;
use fantoccini::wd::WebDriverCompatibleCommand;
use reqwest::Url;
use serde_json::Value;

use super::Browser;

impl Browser {
    /// Sends Chromium a command, and returns its answer.
    pub(super) fn send_command(&self, path: &'static str, body: Value) -> Value {
        self.wait(self.client().issue_cmd(DriverCommand { path, body }))
    }
}

/// A POST request to the driver, with a path below that of the session.
#[derive(Debug)]
struct DriverCommand {
    path: &'static str,
    body: Value,
}

impl WebDriverCompatibleCommand for DriverCommand {
    fn endpoint(
        &self,
        base_url: &Url,
        session: Option<&str>,
    ) -> Result<Url, <Url as FromStr>::Err> {
        base_url.join(&format!("session/{}/{}", session.unwrap_or_default(), self.path))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        (Method::POST, Some(self.body.to_string()))
    }
}
