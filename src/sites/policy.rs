//! Manners that no setting may make a run forget where it asks the booking sites themselves.

use std::time::Duration;

use reqwest::Url;

use super::limits::RequestLimits;

/// The least time between the starts of two requests to a booking site itself. Twenty a second are
/// more than a run ever needs, since its job comes every half hour; what asks faster is a mistake,
/// such as the settings of a test.
pub const MIN_INTERVAL: Duration = Duration::from_millis(50);

/// Whether a URL leads to one of the real booking sites, rather than to a fake one.
#[must_use]
pub fn is_real_site(url: &Url, real_sites: &[Url]) -> bool {
    let Some(host) = domain(url) else { return false };
    real_sites
        .iter()
        .filter_map(domain)
        .any(|site| host.strip_suffix(site).is_some_and(|sub| sub.is_empty() || sub.ends_with('.')))
}

/// The name of a URL's host, without what makes no other host of it.
fn domain(url: &Url) -> Option<&str> {
    let host = url.domain()?.trim_end_matches('.');
    Some(host.strip_prefix("www.").unwrap_or(host))
}

/// Refuses to ask a booking site itself in too short intervals, unless that is forced.
///
/// # Errors
/// Names the interval, the host and what to do.
pub fn check_interval(
    base_url: &Url,
    interval: Duration,
    limits: &RequestLimits,
    real_sites: &[Url],
) -> anyhow::Result<()> {
    let is_fine = limits.force_request_interval || interval >= MIN_INTERVAL;
    anyhow::ensure!(
        is_fine || !is_real_site(base_url, real_sites),
        "a request interval of {} s is too short for {}: set --request-interval to {} or more, or \
         add --force-request-interval if the site has agreed to it",
        interval.as_secs_f64(),
        base_url.host_str().unwrap_or_default(),
        MIN_INTERVAL.as_secs_f64(),
    );
    Ok(())
}

/// What we call ourselves: the program, its version, and how to reach whoever runs it.
#[must_use]
pub fn user_agent(contact: Option<&str>) -> String {
    let program = concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION"));
    contact.map_or_else(|| program.to_owned(), |contact| format!("{program} (+{contact})"))
}

/// What is to be said, once, before a run asks booking sites at `base_urls`.
#[must_use]
pub fn warning(base_urls: &[Url], limits: &RequestLimits, real_sites: &[Url]) -> Option<String> {
    let url = base_urls.iter().find(|url| is_real_site(url, real_sites))?;
    limits.contact.is_none().then(|| {
        format!(
            "{} cannot write to you before it blocks you: set AVAILABILITY_CONTACT or --contact \
             to a URL or an e-mail address, for the User-Agent",
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
    fn real_sites_are_known_by_their_domain_however_it_is_written() {
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
    fn a_real_site_is_not_asked_too_often_by_accident() {
        let real = url("https://hut-reservation.org");
        let check = |url: &Url, interval, limits: &RequestLimits| {
            check_interval(url, interval, limits, &real_sites()).map_err(|error| error.to_string())
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
        let forced = RequestLimits { force_request_interval: true, ..limits() };
        assert!(check(&real, short, &forced).is_ok());
    }

    #[test]
    fn a_run_without_a_contact_is_told_so_where_it_asks_a_real_site() {
        let (real, fake_site) = (url("https://www.huetten-holiday.com"), url("http://127.0.0.1:1"));
        let limits = limits();
        let warned = |urls: &[&Url], limits: &RequestLimits| {
            let urls: Vec<Url> = urls.iter().copied().cloned().collect();
            warning(&urls, limits, &real_sites())
        };
        let warning_of_real = warned(&[&fake_site, &real], &limits).unwrap();
        assert!(warning_of_real.starts_with("www.huetten-holiday.com cannot"), "{warning_of_real}");
        assert_eq!(warned(&[&fake_site], &limits), None);
        let with_contact = RequestLimits { contact: Some("me@example.org".into()), ..limits };
        assert_eq!(warned(&[&real], &with_contact), None);
        let agent = user_agent(with_contact.contact.as_deref());
        assert_eq!(
            agent,
            concat!("hut-availability/", env!("CARGO_PKG_VERSION"), " (+me@example.org)")
        );
    }
}
