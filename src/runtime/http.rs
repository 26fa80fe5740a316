//! What all requests of the program have in common.

use reqwest::{ClientBuilder, Url};

/// The beginning of a client for requests to `url`.
pub fn client(url: &Url) -> ClientBuilder {
    // An error means that a provider is installed already, which is what we want.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut client = reqwest::Client::builder();
    if is_loopback(url) {
        // What is on this machine a proxy of the environment cannot reach.
        client = client.no_proxy();
    }
    if url.scheme() == "http" {
        // No certificates to check, so none to be missed on a machine that has no list of them.
        client = client.tls_certs_only([]);
    }
    client
}

fn is_loopback(url: &Url) -> bool {
    match url.host_str() {
        Some("localhost") => true,
        Some(host) => {
            let host = host.trim_matches(['[', ']']);
            host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
        }
        None => false,
    }
}
