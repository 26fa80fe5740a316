//! Pure: a short summary of a check. An unchanged check is recognized by it, without reading its dates.

use chrono::NaiveDate;

use crate::domain::availability::Check;
use crate::domain::digest::Digest;
use crate::domain::state::State;

/// What a digest holds in place of an unpublished number. No number of places is negative.
const UNPUBLISHED: i16 = -1;

/// A short summary of what a check lists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fingerprint {
    /// Digest of the source and of the state of each date. Two checks of a hut with the same digest list
    /// the same dates in the same states, from the same source.
    pub digest: String,
    pub dates: usize,
    /// Number of dates on which places can be booked.
    pub bookable: usize,
}

impl Fingerprint {
    /// The fingerprint of dates, in their order, from a source.
    pub fn new<'a>(
        organization: &str,
        source_hut_id: &str,
        days: impl Iterator<Item = (&'a NaiveDate, &'a State)>,
    ) -> Self {
        let mut digest = Digest::default();
        digest.text(organization);
        digest.text(source_hut_id);
        let (mut dates, mut bookable) = (0, 0);
        for (date, state) in days {
            digest.day(*date);
            digest.number(state.free.unwrap_or(UNPUBLISHED));
            digest.number(state.total.unwrap_or(UNPUBLISHED));
            digest.text(state.hut_type.into());
            digest.text(state.reservation_status.into());
            dates += 1;
            bookable += usize::from(state.is_bookable());
        }
        Self { digest: digest.finish(), dates, bookable }
    }

    /// The fingerprint of a check.
    #[must_use]
    pub fn of(check: &Check) -> Self {
        Self::new(&check.organization, &check.source_hut_id, check.days.iter())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::hut::HutType;
    use crate::domain::state::ReservationStatus;
    use std::collections::BTreeMap;

    fn fingerprint(organization: &str, id: &str, days: &[(&str, i16)]) -> Fingerprint {
        let state = |free| State {
            free: Some(free),
            total: Some(9),
            hut_type: HutType::Hut,
            reservation_status: if free > 0 {
                ReservationStatus::Possible
            } else {
                ReservationStatus::NotPossible
            },
        };
        let days: BTreeMap<NaiveDate, State> =
            days.iter().map(|(date, free)| (date.parse().unwrap(), state(*free))).collect();
        Fingerprint::new(organization, id, days.iter())
    }

    #[test]
    fn every_difference_changes_the_digest() {
        let days = [("2026-07-01", 3), ("2026-07-02", 0)];
        let this = fingerprint("hrs", "12", &days);
        assert_eq!(this, fingerprint("hrs", "12", &days));
        assert_eq!((this.dates, this.bookable), (2, 1));
        for other in [
            fingerprint("hr", "s12", &days),
            fingerprint("hrs", "1", &days),
            fingerprint("hrs", "12", &days[1..]),
            fingerprint("hrs", "12", &[("2026-07-01", 3), ("2026-07-02", 1)]),
            fingerprint("hrs", "12", &[("2026-07-01", 3), ("2026-07-03", 0)]),
        ] {
            assert_ne!(this.digest, other.digest);
        }
    }

    /// Digests are stored. Later versions must compute the same ones on every machine.
    #[test]
    fn a_digest_is_the_same_for_ever() {
        let Fingerprint { digest, .. } = fingerprint("hrs", "12", &[("2026-07-01", 3)]);
        assert_eq!(digest, "674a81ae62b334c0d7c8250d59b50c7f");
    }
}
