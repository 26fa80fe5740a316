//! Pure: by what a booking site tells whether its answer is still the one that it gave before.

use std::ops::RangeInclusive;

use chrono::{DateTime, NaiveDate, TimeDelta};

use crate::domain::digest::Digest;
use crate::domain::hut::FollowedHut;

/// How long ago an answer must have changed for the time of that to be a validator.
const SETTLED: TimeDelta = TimeDelta::minutes(1);

/// Longer ones are not kept.
const LONGEST: usize = 200;

/// What came with an answer, for the next request to come with: then a site that has nothing new says so
/// and sends no answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Validators {
    /// As of the headers of HTTP.
    pub etag: Option<String>,
    pub last_modified: Option<String>,
    /// What had been asked, and how the answer was read: an old answer is none to another question.
    pub asked_digest: Option<String>,
}

impl Validators {
    /// As a site gave them, with its `date`. A time of change is as fine as a second: what has changed just
    /// now may do so again in the same one.
    #[must_use]
    pub fn new(etag: Option<&str>, last_modified: Option<&str>, date: Option<&str>) -> Self {
        let kept = |text: &str| (text.len() <= LONGEST).then(|| text.to_owned());
        let time = |text: &str| DateTime::parse_from_rfc2822(text).ok();
        let is_settled = |modified: &&str| {
            let times = time(modified).zip(date.and_then(time));
            times.is_some_and(|(modified, date)| date - modified >= SETTLED)
        };
        let last_modified = last_modified.filter(is_settled).and_then(kept);
        Self { etag: etag.and_then(kept), last_modified, asked_digest: None }
    }

    /// Those of an answer to a question; none where the site gave none.
    #[must_use]
    pub fn of_question(self, asked_digest: String) -> Self {
        if self.etag.is_none() && self.last_modified.is_none() {
            return Self::default();
        }
        Self { asked_digest: Some(asked_digest), ..self }
    }

    /// Those that may come with a question: of the same one.
    #[must_use]
    pub fn for_question(&self, asked_digest: &str) -> Self {
        let is_same = self.asked_digest.as_deref() == Some(asked_digest);
        if is_same { self.clone() } else { Self::default() }
    }
}

/// A digest of a question: of a hut and dates, and of what makes states of an answer.
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
    fn an_answer_holds_for_its_question_alone() {
        let asked = asked_digest(&hut(), &dates("2026-07-31"));
        let known = Validators::new(Some("\"abc\""), None, None).of_question(asked.clone());
        assert_eq!(known.for_question(&asked), known);
        let types = HutTypes { open: Some(HutType::Hut), ..HutTypes::default() };
        for other in [
            asked_digest(&hut(), &dates("2026-08-01")),
            asked_digest(&FollowedHut { source_hut_id: "8".into(), ..hut() }, &dates("2026-07-31")),
            asked_digest(&FollowedHut { types, ..hut() }, &dates("2026-07-31")),
        ] {
            assert_eq!(known.for_question(&other), Validators::default());
        }
    }

    #[test]
    fn what_a_site_does_not_give_is_not_kept() {
        assert_eq!(
            Validators::new(None, None, None).of_question("1".into()),
            Validators::default()
        );
        let long = "x".repeat(LONGEST + 1);
        assert_eq!(Validators::new(Some(&long), None, None), Validators::default());
    }

    #[test]
    fn what_has_changed_just_now_may_change_again_in_the_same_second() {
        let kept = |date| {
            let modified = Some("Wed, 01 Jul 2026 10:00:00 GMT");
            Validators::new(None, modified, date).last_modified.is_some()
        };
        assert!(kept(Some("Wed, 01 Jul 2026 10:01:00 GMT")));
        assert!(!kept(Some("Wed, 01 Jul 2026 10:00:59 GMT")) && !kept(Some("now")) && !kept(None));
    }
}
