//! Targets for pushed metrics: a fake Pushgateway that keeps the requests, a server that never answers, and
//! the real Pushgateway.

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::http::{HeaderMap, StatusCode, Uri, header};

use super::{tool, tools};

/// A request that the fake received.
#[derive(Clone, Debug)]
pub struct PushedRequest {
    pub path: String,
    pub content_type: String,
    pub authorization: Option<String>,
    pub body: String,
}

/// A fake Pushgateway that answers every request with one status.
pub struct FakePushgateway {
    pub url: String,
    pub pushed: Arc<Mutex<Vec<PushedRequest>>>,
    _runtime: tokio::runtime::Runtime,
}

impl FakePushgateway {
    pub fn answering(status: StatusCode) -> Self {
        let mut runtime = tokio::runtime::Builder::new_multi_thread();
        let runtime = runtime.worker_threads(1).enable_all().build().unwrap();
        let pushed: Arc<Mutex<Vec<PushedRequest>>> = Arc::default();
        let received = Arc::clone(&pushed);
        let router =
            Router::new().fallback(async move |uri: Uri, headers: HeaderMap, body: String| {
                let text = |name| Some(headers.get(name)?.to_str().unwrap().to_owned());
                let path = uri.to_string();
                let content_type = text(header::CONTENT_TYPE).unwrap();
                let authorization = text(header::AUTHORIZATION);
                // Like many error pages, it repeats the request.
                let reply = format!("cannot POST {path} as {authorization:?}");
                received.lock().unwrap().push(PushedRequest {
                    path,
                    content_type,
                    authorization,
                    body,
                });
                (status, reply)
            });
        let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        runtime.spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { url, pushed, _runtime: runtime }
    }

    pub fn pushed(&self) -> Vec<PushedRequest> {
        self.pushed.lock().unwrap().clone()
    }
}

/// A server that accepts connections and never answers, and its URL.
pub fn silent_server() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    (listener, url)
}

/// The real Pushgateway, where it is installed.
pub struct Pushgateway {
    pub url: String,
    process: Child,
}

impl Pushgateway {
    pub fn start() -> Option<Self> {
        let program = tool(tools().with_file_name("tools/bin/prometheus-pushgateway"))?;
        let mut process = Command::new(program)
            .arg("--web.listen-address=127.0.0.1:0")
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut log = BufReader::new(process.stderr.take().unwrap());
        let mut line = String::new();
        let address = loop {
            line.clear();
            assert_ne!(log.read_line(&mut line).unwrap(), 0, "the Pushgateway has ended");
            let address = line.split_whitespace().find_map(|word| word.strip_prefix("address="));
            if let Some(address) = address.filter(|address| address.starts_with("127.0.0.1:")) {
                break address.to_owned();
            }
        };
        std::thread::spawn(move || std::io::copy(&mut log, &mut std::io::sink()));
        Some(Self { url: format!("http://{address}"), process })
    }
}

impl Drop for Pushgateway {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
