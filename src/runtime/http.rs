//! The settings that all HTTP clients of the program share.

use reqwest::{ClientBuilder, Url};

/// A builder of a client for requests to `url`.
pub fn client(url: &Url) -> ClientBuilder {
    // An error means that a provider is installed already.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut client = reqwest::Client::builder();
    if is_loopback(url) {
        // A proxy from the environment cannot reach a server on this machine.
        client = client.no_proxy();
    }
    if url.scheme() == "http" {
        // Plain HTTP needs no certificates. Without this, the client fails on a machine without a root store.
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
