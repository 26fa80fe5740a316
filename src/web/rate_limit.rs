//! Limits of each client: how many requests of the API it may send in a minute and in a day. There are none unless the
//! operator sets them.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::num::NonZeroU32;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderName, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use governor::clock::{Clock, DefaultClock};
use governor::state::keyed::HashMapStateStore;
use governor::{Quota, RateLimiter};

use super::problem::Problem;
use crate::text::humanize::pluralize;

/// The most clients that are remembered for each limit: about 10 MB. Beyond it all are forgotten, so that nobody fills
/// the memory with requests from many addresses.
const MAX_CLIENTS: usize = 100_000;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// What an operator sets. The default is no limit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RateLimits {
    /// Requests of a client in a minute.
    pub per_minute: Option<NonZeroU32>,
    /// Requests of a client in a day.
    pub per_day: Option<NonZeroU32>,
    /// The header in which a proxy gives the address of the client; the last address in it counts. None: the client is
    /// who has opened the connection.
    pub client_header: Option<HeaderName>,
}

/// The address of the other end of a connection. It is an extension of the request.
#[derive(Clone, Copy, Debug)]
pub struct PeerAddress(pub IpAddr);

/// Counts the requests of each client. Cloning it is cheap.
#[derive(Clone)]
pub struct ClientLimiter(Arc<Inner>);

struct Inner {
    windows: Vec<Window>,
    client_header: Option<HeaderName>,
}

type KeyedLimiter = RateLimiter<IpAddr, HashMapStateStore<IpAddr>, DefaultClock>;

/// One limit. A client may send as many requests at once as the limit has, and then one whenever its share of the time
/// has passed.
struct Window {
    quota: Quota,
    limiter: RwLock<KeyedLimiter>,
    /// `120 requests a minute`
    name: String,
}

impl ClientLimiter {
    #[must_use]
    pub fn new(limits: RateLimits) -> Self {
        let minute = limits
            .per_minute
            .map(|count| Window::new(Quota::per_minute(count), name(count, "minute")));
        let day = limits.per_day.and_then(|count| {
            let quota = Quota::with_period(DAY / count.get())?.allow_burst(count);
            Some(Window::new(quota, name(count, "day")))
        });
        let windows = minute.into_iter().chain(day).collect();
        Self(Arc::new(Inner { windows, client_header: limits.client_header }))
    }

    /// Counts a request of a client.
    ///
    /// # Errors
    /// The client has sent too many: the limit, and how long to wait.
    fn count(&self, client: IpAddr) -> Result<(), (&str, Duration)> {
        self.0.windows.iter().try_for_each(|window| {
            window.count(client).map_err(|wait| (window.name.as_str(), wait))
        })
    }

    fn client(&self, request: &Request) -> IpAddr {
        let peer = request.extensions().get::<PeerAddress>();
        let peer = peer.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.0);
        let named = self.0.client_header.as_ref().and_then(|name| {
            let last = request.headers().get_all(name).iter().next_back()?;
            last.to_str().ok()?.rsplit(',').next()?.trim().parse().ok()
        });
        network(named.unwrap_or(peer))
    }
}

impl Window {
    fn new(quota: Quota, name: String) -> Self {
        Self { quota, limiter: RwLock::new(RateLimiter::hashmap(quota)), name }
    }

    /// Counts a request, or returns how long the client must wait.
    fn count(&self, client: IpAddr) -> Result<(), Duration> {
        let (counted, clients) = {
            let limiter = self.limiter.read().unwrap_or_else(PoisonError::into_inner);
            let counted = limiter
                .check_key(&client)
                .map_err(|not_until| not_until.wait_time_from(limiter.clock().now()));
            (counted, limiter.len())
        };
        if clients > MAX_CLIENTS {
            let mut limiter = self.limiter.write().unwrap_or_else(PoisonError::into_inner);
            limiter.retain_recent();
            if limiter.len() > MAX_CLIENTS {
                *limiter = RateLimiter::hashmap(self.quota);
            }
        }
        counted
    }
}

/// `120 requests a minute`
fn name(count: NonZeroU32, time: &str) -> String {
    let count = usize::try_from(count.get()).unwrap_or(usize::MAX);
    format!("{} a {time}", pluralize(count, "request"))
}

/// The network of a client: an IPv6 client has all addresses with the same first 64 bits.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => Ipv6Addr::from_bits(v6.to_bits() >> 64 << 64).into(),
        v4 @ IpAddr::V4(_) => v4,
    }
}

/// Limits the requests of each client to a router.
pub fn limit<S>(router: Router<S>, limiter: ClientLimiter) -> Router<S>
where
    S: Clone + Send + Sync + 'static,
{
    if limiter.0.windows.is_empty() {
        return router;
    }
    router.layer(from_fn_with_state(limiter, check))
}

async fn check(State(limiter): State<ClientLimiter>, request: Request, next: Next) -> Response {
    match limiter.count(limiter.client(&request)) {
        Ok(()) => next.run(request).await,
        Err((limit, wait)) => {
            let seconds = wait.as_secs() + 1;
            let detail =
                format!("this client has sent more than {limit}: try again in {seconds} s");
            let problem = Problem::new(StatusCode::TOO_MANY_REQUESTS, detail);
            ([(header::RETRY_AFTER, seconds.to_string())], problem).into_response()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;

    fn limiter(per_minute: u32, per_day: u32, header: Option<&'static str>) -> ClientLimiter {
        ClientLimiter::new(RateLimits {
            per_minute: NonZeroU32::new(per_minute),
            per_day: NonZeroU32::new(per_day),
            client_header: header.map(HeaderName::from_static),
        })
    }

    fn address(text: &str) -> IpAddr {
        network(text.parse().unwrap())
    }

    #[test]
    fn each_client_has_its_own_count() {
        let limiter = limiter(2, 0, None);
        let (first, second) = (address("192.0.2.1"), address("192.0.2.2"));
        assert!(limiter.count(first).is_ok() && limiter.count(first).is_ok());
        let (limit, wait) = limiter.count(first).unwrap_err();
        assert_eq!(limit, "2 requests a minute");
        assert!(wait <= Duration::from_secs(30), "{wait:?}");
        assert!(limiter.count(second).is_ok());
    }

    #[test]
    fn the_day_is_limited_too() {
        let limiter = limiter(0, 1, None);
        assert!(limiter.count(address("192.0.2.1")).is_ok());
        let (limit, wait) = limiter.count(address("192.0.2.1")).unwrap_err();
        assert!(limit == "1 request a day" && wait > DAY / 2, "{limit} {wait:?}");
    }

    #[test]
    fn addresses_of_one_network_are_one_client() {
        assert_eq!(address("2001:db8:1:2:3::4"), address("2001:db8:1:2::"));
        assert_ne!(address("2001:db8:1:2:3::4"), address("2001:db8:1:3::"));
        assert_eq!(address("::ffff:192.0.2.1"), address("192.0.2.1"));
        assert_ne!(address("192.0.2.1"), address("192.0.2.2"));
    }

    #[test]
    fn the_header_of_the_proxy_names_the_client() {
        let client = |header: Option<&'static str>, values: &[&str]| {
            let mut request = Request::get("/");
            for value in values {
                request = request.header("x-forwarded-for", *value);
            }
            let mut request = request.body(Body::empty()).unwrap();
            request.extensions_mut().insert(PeerAddress(address("192.0.2.9")));
            limiter(1, 0, header).client(&request)
        };
        let header = Some("x-forwarded-for");
        assert_eq!(client(header, &["198.51.100.1, 203.0.113.7"]), address("203.0.113.7"));
        assert_eq!(client(header, &["198.51.100.1", "203.0.113.8"]), address("203.0.113.8"));
        for unusable in [&[][..], &["unknown"], &["203.0.113.7, "]] {
            assert_eq!(client(header, unusable), address("192.0.2.9"), "{unusable:?}");
        }
        assert_eq!(client(None, &["203.0.113.7"]), address("192.0.2.9"), "a client may lie");
    }

    #[test]
    fn the_memory_of_clients_is_limited() {
        let limiter = limiter(1, 0, None);
        let count = |number: usize| {
            limiter.count(Ipv4Addr::from_bits(u32::try_from(number).unwrap()).into())
        };
        assert!((0..=MAX_CLIENTS).all(|number| count(number).is_ok()));
        let clients = limiter.0.windows[0].limiter.read().unwrap().len();
        assert!(clients <= MAX_CLIENTS, "{clients}");
        assert!(count(0).is_ok(), "all clients are forgotten");
    }
}
