//! Rules of politeness towards the real booking sites: a minimum interval, a User-Agent, and a contact.

use std::time::Duration;

use reqwest::Url;

use super::limits::RequestLimits;

/// The minimum time between the starts of two requests to a real booking site that has no longer one of its own. The
/// job starts every half hour, so a run never needs more than 20 requests a second. A shorter interval is a mistake,
/// such as the settings of a test.
pub const MIN_INTERVAL: Duration = Duration::from_millis(50);

/// Whether a URL belongs to a real booking site, not to a fake one.
#[must_use]
pub fn is_real_site(url: &Url, real_sites: &[Url]) -> bool {
    let Some(host) = domain(url) else { return false };
    real_sites
        .iter()
        .filter_map(domain)
        .any(|site| host.strip_suffix(site).is_some_and(|sub| sub.is_empty() || sub.ends_with('.')))
}

/// The domain of a URL, without `www.` and without a dot at its end.
fn domain(url: &Url) -> Option<&str> {
    let host = url.domain()?.trim_end_matches('.');
    Some(host.strip_prefix("www.").unwrap_or(host))
}

/// Checks that the interval of the requests to a real booking site is at least `min_interval`.
///
/// # Errors
/// If it is too short and not forced. The error names the interval, the host and what to do.
pub fn check_interval(
    base_url: &Url,
    interval: Duration,
    min_interval: Duration,
    limits: &RequestLimits,
    real_sites: &[Url],
) -> anyhow::Result<()> {
    let is_allowed = limits.force_request_interval || interval >= min_interval;
    anyhow::ensure!(
        is_allowed || !is_real_site(base_url, real_sites),
        "a request interval of {} s is too short for {}: set --request-interval to {} or more, or \
         add --force-request-interval if the site has agreed to it",
        interval.as_secs_f64(),
        base_url.host_str().unwrap_or_default(),
        min_interval.as_secs_f64(),
    );
    Ok(())
}

/// The User-Agent header: the program, its version, and the operator's contact.
#[must_use]
pub fn user_agent(contact: Option<&str>) -> String {
    let program = concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION"));
    contact.map_or_else(|| program.to_owned(), |contact| format!("{program} (+{contact})"))
}

/// A warning for a run that sends requests to `base_urls`, if one of them is a real booking site and the
/// operator has set no contact.
#[must_use]
pub fn warning(base_urls: &[Url], limits: &RequestLimits, real_sites: &[Url]) -> Option<String> {
    let url = base_urls.iter().find(|url| is_real_site(url, real_sites))?;
    limits.contact.is_none().then(|| {
        format!(
            "{} cannot contact you before it blocks you: set AVAILABILITY_CONTACT or --contact to a \
             URL or an e-mail address for the User-Agent",
            url.host_str().unwrap_or_default()
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(url: &str) -> Url {
        url.parse().unwrap()
    }

    fn real_sites() -> Vec<Url> {
        vec![url("https://www.hut-reservation.org"), url("https://www.huetten-holiday.com")]
    }

    fn limits() -> RequestLimits {
        RequestLimits {
            request_interval: None,
            force_request_interval: false,
            max_in_flight: 4,
            request_timeout: Duration::from_secs(30),
            retries: 3,
            contact: None,
        }
    }

    #[test]
    fn real_sites_are_recognised_by_their_domain() {
        for real in [
            "https://www.hut-reservation.org",
            "https://hut-reservation.org",
            "http://WWW.Hut-Reservation.ORG./mirror/",
            "https://hut-reservation.org:8443",
            "https://api.hut-reservation.org",
            "https://www.huetten-holiday.com",
            "http://huetten-holiday.com",
        ] {
            assert!(is_real_site(&url(real), &real_sites()), "{real}");
        }
        for other in [
            "http://127.0.0.1:8080",
            "http://[::1]:8080",
            "http://localhost",
            "https://hut-reservation.org.example.net",
            "https://not-hut-reservation.org",
            "https://example.org/hut-reservation.org",
        ] {
            assert!(!is_real_site(&url(other), &real_sites()), "{other}");
        }
    }

    #[test]
    fn a_short_interval_for_a_real_site_must_be_forced() {
        let real = url("https://hut-reservation.org");
        let check = |url: &Url, interval, limits: &RequestLimits| {
            check_interval(url, interval, MIN_INTERVAL, limits, &real_sites())
                .map_err(|error| error.to_string())
        };
        let short = MIN_INTERVAL - Duration::from_millis(1);
        assert_eq!(
            check(&real, short, &limits()).unwrap_err(),
            "a request interval of 0.049 s is too short for hut-reservation.org: set \
             --request-interval to 0.05 or more, or add --force-request-interval if the site has \
             agreed to it"
        );
        assert!(check(&real, MIN_INTERVAL, &limits()).is_ok());
        assert!(check(&url("http://127.0.0.1:8080"), Duration::ZERO, &limits()).is_ok());
        let longer = Duration::from_millis(300);
        let message = check_interval(&real, longer / 2, longer, &limits(), &real_sites());
        let message = message.unwrap_err().to_string();
        assert!(message.contains("0.15 s is too short") && message.contains("to 0.3 or more"));
        let forced = RequestLimits { force_request_interval: true, ..limits() };
        assert!(check(&real, short, &forced).is_ok());
    }

    #[test]
    fn a_run_without_a_contact_warns_if_it_sends_requests_to_a_real_site() {
        let (real, fake_site) = (url("https://www.huetten-holiday.com"), url("http://127.0.0.1:1"));
        let limits = limits();
        let warning_for = |urls: &[&Url], limits: &RequestLimits| {
            let urls: Vec<Url> = urls.iter().copied().cloned().collect();
            warning(&urls, limits, &real_sites())
        };
        let message = warning_for(&[&fake_site, &real], &limits).unwrap();
        assert!(message.starts_with("www.huetten-holiday.com cannot contact you"), "{message}");
        assert_eq!(warning_for(&[&fake_site], &limits), None);
        let with_contact = RequestLimits { contact: Some("me@example.org".into()), ..limits };
        assert_eq!(warning_for(&[&real], &with_contact), None);
        let agent = user_agent(with_contact.contact.as_deref());
        assert_eq!(
            agent,
            concat!("hut-availability/", env!("CARGO_PKG_VERSION"), " (+me@example.org)")
        );
    }
}
