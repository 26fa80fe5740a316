//! The URL of a Prometheus Pushgateway.

use std::fmt;
use std::str::FromStr;

use reqwest::Url;

/// The group of the pushed metrics, unless the URL names another one.
const GROUP: [&str; 3] = ["metrics", "job", "update-availability"];

/// The URL that metrics are pushed to. It is displayed without the parts that may be secret: log-in, path,
/// query.
#[derive(Clone)]
pub struct PushgatewayUrl(pub Url);

impl FromStr for PushgatewayUrl {
    type Err = String;

    /// Error messages do not quote the URL, because it may hold a secret.
    fn from_str(text: &str) -> Result<Self, String> {
        let mut url: Url = text
            .parse()
            .map_err(|error| format!("expected a URL such as http://pushgateway:9091: {error}"))?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err("must begin with http:// or https://".into());
        }
        if !url.path().contains("/metrics/job") {
            let mut path = url.path_segments_mut().map_err(|()| "must have a host".to_owned())?;
            path.pop_if_empty().extend(GROUP);
        }
        Ok(Self(url))
    }
}

impl fmt::Display for PushgatewayUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.origin().ascii_serialization())
    }
}

impl fmt::Debug for PushgatewayUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_url_may_name_a_group() {
        let path = |text: &str| text.parse::<PushgatewayUrl>().unwrap().0.path().to_owned();
        assert_eq!(path("http://push:9091"), "/metrics/job/update-availability");
        assert_eq!(path("http://push:9091/"), "/metrics/job/update-availability");
        assert_eq!(path("https://push/behind/"), "/behind/metrics/job/update-availability");
        let group = "/metrics/job/huts/instance/3";
        assert_eq!(path(&format!("http://push:9091{group}")), group);
    }

    #[test]
    fn secrets_are_not_displayed() {
        let secret = "https://me:hunter2@push.example.org:9091/hunter2/?token=hunter2";
        let url: PushgatewayUrl = secret.parse().unwrap();
        assert_eq!(
            format!("{url} {url:?}"),
            "https://push.example.org:9091 https://push.example.org:9091"
        );
        for bad in
            ["hunter2", "ftp://me:hunter2@push", "http://me:hunter2@:x", "mailto:hunter2@push"]
        {
            let error = bad.parse::<PushgatewayUrl>().unwrap_err();
            assert!(!error.contains("hunter2"), "{error}");
        }
    }
}
