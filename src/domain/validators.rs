//! Pure: HTTP cache validators (ETag, Last-Modified). With them a site can answer that nothing has changed
//! since the last request.

use std::ops::RangeInclusive;

use chrono::{DateTime, NaiveDate, TimeDelta};

use crate::domain::digest::{Digest, hex_digest};
use crate::domain::hut::FollowedHut;

/// Last-Modified is used only if it is at least this much older than the answer.
const SETTLED: TimeDelta = TimeDelta::minutes(1);

/// Bytes. Longer validators are not stored.
const MAX_VALIDATOR_LEN: usize = 200;

/// The validators of an answer. The next request carries them. A site that has nothing new then says so and
/// sends no body.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Validators {
    /// The HTTP header of this name.
    pub etag: Option<String>,
    /// The HTTP header of this name.
    pub last_modified: Option<String>,
    /// What the answer belongs to: the digest of the request and of the code that read its answer, and the digest
    /// of the address that gave it. An old answer is not valid for another request, and another address may have
    /// given the same ETag to something else.
    pub asked_digest: Option<String>,
}

/// Between the two digests of `asked_digest`.
const SEPARATOR: char = '@';

impl Validators {
    /// The validators of an answer, with its `date` header. Last-Modified has whole seconds. An answer that
    /// changed just now may change again in the same second, so its Last-Modified is dropped.
    #[must_use]
    pub fn new(etag: Option<&str>, last_modified: Option<&str>, date: Option<&str>) -> Self {
        let short = |text: &str| (text.len() <= MAX_VALIDATOR_LEN).then(|| text.to_owned());
        let time = |text: &str| DateTime::parse_from_rfc2822(text).ok();
        let is_settled = |modified: &&str| {
            let times = time(modified).zip(date.and_then(time));
            times.is_some_and(|(modified, date)| date - modified >= SETTLED)
        };
        let last_modified = last_modified.filter(is_settled).and_then(short);
        Self { etag: etag.and_then(short), last_modified, asked_digest: None }
    }

    /// Adds the URL that gave the answer.
    #[must_use]
    pub fn given_by(self, url: &str) -> Self {
        Self { asked_digest: Some(format!("{SEPARATOR}{}", hex_digest(url.as_bytes()))), ..self }
    }

    /// Adds the digest of the request. The result is empty if the site sent no validators.
    #[must_use]
    pub fn with_asked_digest(self, request: &str) -> Self {
        if self.etag.is_none() && self.last_modified.is_none() {
            return Self::default();
        }
        let address = self.asked_digest.unwrap_or_default();
        Self { asked_digest: Some(format!("{request}{address}")), ..self }
    }

    /// The validators for a request with this digest. Empty if they belong to another request.
    #[must_use]
    pub fn for_request(&self, request: &str) -> Self {
        self.only_if(|asked, _| asked == request)
    }

    /// The validators for a request to a URL. Empty if another URL gave them, or if it is not known which one
    /// did, as earlier versions did not store it.
    #[must_use]
    pub fn for_address(&self, url: &str) -> Self {
        self.only_if(|_, address| address == hex_digest(url.as_bytes()))
    }

    /// The validators if their digests of request and address fulfil the condition, else none.
    fn only_if(&self, fits: impl FnOnce(&str, &str) -> bool) -> Self {
        let digests = self.asked_digest.as_deref().unwrap_or_default();
        let (request, address) = digests.split_once(SEPARATOR).unwrap_or((digests, ""));
        if fits(request, address) { self.clone() } else { Self::default() }
    }
}

/// A digest of a request: the hut, the dates, and everything that decides the states read from an answer.
#[must_use]
pub fn asked_digest(hut: &FollowedHut, dates: &RangeInclusive<NaiveDate>) -> String {
    let mut digest = Digest::default();
    digest.text(env!("CARGO_PKG_VERSION"));
    digest.text(&hut.organization);
    digest.text(&hut.source_hut_id);
    digest.text(&format!("{dates:?}"));
    digest.text(&format!("{:?}", hut.types));
    digest.text(hut.link.as_deref().unwrap_or_default());
    digest.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::hut::{HutType, HutTypes};

    fn hut() -> FollowedHut {
        FollowedHut {
            id: 1,
            slug: "a".into(),
            organization: "hrs".into(),
            source_hut_id: "7".into(),
            link: None,
            types: HutTypes::default(),
        }
    }

    fn dates(last: &str) -> RangeInclusive<NaiveDate> {
        "2026-07-01".parse().unwrap()..=last.parse().unwrap()
    }

    #[test]
    fn an_answer_is_valid_for_its_own_request_only() {
        let asked = asked_digest(&hut(), &dates("2026-07-31"));
        let known = Validators::new(Some("\"abc\""), None, None).with_asked_digest(&asked);
        assert_eq!(known.for_request(&asked), known);
        let types = HutTypes { open: Some(HutType::Hut), ..HutTypes::default() };
        for other in [
            asked_digest(&hut(), &dates("2026-08-01")),
            asked_digest(&FollowedHut { source_hut_id: "8".into(), ..hut() }, &dates("2026-07-31")),
            asked_digest(&FollowedHut { types, ..hut() }, &dates("2026-07-31")),
        ] {
            assert_eq!(known.for_request(&other), Validators::default());
        }
    }

    #[test]
    fn an_etag_is_offered_only_to_the_address_that_gave_it() {
        let url = "https://one.example/huts?id=7";
        let asked = asked_digest(&hut(), &dates("2026-07-31"));
        let given = Validators::new(Some("\"abc\""), None, None).given_by(url);
        let stored = given.with_asked_digest(&asked);
        assert_eq!(stored.for_request(&asked).for_address(url), stored);
        for other in ["https://two.example/huts?id=7", "https://one.example/huts?id=8", ""] {
            assert_eq!(stored.for_address(other), Validators::default(), "{other}");
        }
        // An earlier version stored only the digest of the request.
        let earlier = Validators { asked_digest: Some(asked.clone()), ..stored };
        assert_eq!(earlier.for_request(&asked).for_address(url), Validators::default());
    }

    #[test]
    fn missing_and_overlong_validators_are_not_stored() {
        assert_eq!(Validators::new(None, None, None).with_asked_digest("1"), Validators::default());
        let long = "x".repeat(MAX_VALIDATOR_LEN + 1);
        assert_eq!(Validators::new(Some(&long), None, None), Validators::default());
    }

    #[test]
    fn a_last_modified_within_the_last_minute_is_dropped() {
        let is_stored = |date| {
            let modified = Some("Wed, 01 Jul 2026 10:00:00 GMT");
            Validators::new(None, modified, date).last_modified.is_some()
        };
        assert!(is_stored(Some("Wed, 01 Jul 2026 10:01:00 GMT")));
        assert!(!is_stored(Some("Wed, 01 Jul 2026 10:00:59 GMT")));
        assert!(!is_stored(Some("now")) && !is_stored(None));
    }
}
