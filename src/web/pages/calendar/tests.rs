use super::*;
use crate::domain::hut::HutType;
use crate::domain::schedule::Intervals;
use crate::domain::state::ReservationStatus::{self, NotPossible, Possible, Unknown};
use crate::domain::state::State;
use crate::domain::tier::Tier;
use crate::query::freshness::AgeLimits;
use chrono::TimeDelta;

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// The months of a year, without a group.
fn months(
    slug: &str,
    first: NaiveDate,
    states: &BTreeMap<NaiveDate, Night>,
    times: &Times,
) -> Vec<Month> {
    let marks = Marks { fits: &BTreeSet::new(), kept: "" };
    super::months(slug, first, states, &marks, times)
}

#[test]
fn every_day_of_a_year_is_once_in_the_column_of_its_weekday() {
    for (first, days) in [("2026-11-01", 365), ("2027-03-01", 366), ("2028-02-01", 366)] {
        let months = months("hut", date(first), &BTreeMap::new(), &times(date(first)));
        assert_eq!(months.len(), 12);
        let mut next = date(first);
        for month in &months {
            for week in &month.weeks {
                for (weekday, cell) in week.iter().enumerate() {
                    let Some(cell) = cell else { continue };
                    assert_eq!(cell.url, format!("/huts/hut/{next}"));
                    assert_eq!(weekday, next.weekday().num_days_from_monday() as usize);
                    next = next + Days::new(1);
                }
            }
        }
        assert_eq!((next - date(first)).num_days(), days);
        assert_eq!(Some(next), end(date(first)));
    }
}

#[test]
fn months_whose_dates_cannot_be_in_a_url_are_left_out() {
    let years = |first| months("hut", date(first), &BTreeMap::new(), &times(date(first))).len();
    assert_eq!((years("9999-12-01"), years("9999-01-01"), years("0000-12-01")), (1, 12, 11));
}

fn times(today: NaiveDate) -> Times {
    Times { t: Texts::default(), limits: limits(today), timezone: chrono_tz::Tz::UTC }
}

fn limits(today: NaiveDate) -> AgeLimits {
    let [high, medium, low, inactive] =
        [1, 6, 48, 336].map(|half_hours| TimeDelta::minutes(30 * half_hours));
    let now = today.and_hms_opt(12, 0, 0).unwrap().and_utc();
    AgeLimits { now, today, intervals: Intervals { watched: high, high, medium, low, inactive } }
}

/// A night that was checked some hours ago.
fn night(
    free: impl Into<Option<i16>>,
    total: impl Into<Option<i16>>,
    reservation_status: ReservationStatus,
    hours_ago: i64,
) -> Night {
    let (free, total) = (free.into(), total.into());
    Night {
        state: State { free, total, hut_type: HutType::Hut, reservation_status },
        last_checked: limits(date("2026-11-28")).now - TimeDelta::hours(hours_ago),
        tier: Some(Tier::Low),
        is_listed: true,
        is_withdrawn: false,
    }
}

#[test]
fn the_accessible_name_of_a_cell_has_the_date_and_the_state() {
    let day = date("2026-11-28");
    let nights = [(day, night(3, 40, Possible, 1))].into();
    let months = months("hut", first_of_month(day), &nights, &times(day));
    assert_eq!(months[0].title, "November 2026");
    let cell = months[0].weeks[4][5].as_ref().unwrap();
    assert_eq!(cell.name, "Sat 28 Nov 2026: 3 of 40 free, few");
    assert_eq!((cell.sign.as_str(), cell.class.as_str()), ("3", "high"));
    assert!(cell.is_today);
    let other = months[0].weeks[4][6].as_ref().unwrap();
    assert_eq!(other.name, "Sun 29 Nov 2026: no data");
    assert!(months[0].weeks[0][5].is_none(), "the first is a Sunday");
}

#[test]
fn a_cell_without_a_number_has_a_sign_of_the_legend() {
    let withdrawn = |night| Night { is_withdrawn: true, ..night };
    let day = date("2026-11-29");
    for (night, sign, class, name) in [
        (night(0, 0, NotPossible, 1), "×", "closed", "closed"),
        (night(5, 9, NotPossible, 1), "×", "closed", "closed"),
        (night(0, 0, Unknown, 1), "?", "unknown", "number of places unknown"),
        (night(None, 40, Unknown, 1), "?", "free_unknown", "free places of 40 not published"),
        (
            night(None, 40, Possible, 1),
            "ask",
            "free_unknown",
            "ask: free places of 40 not published",
        ),
        (night(3, 40, Possible, 120), "3!", "high", "3 of 40 free, few, checked 5 days ago, old"),
        (
            night(3, 40, Possible, -120),
            "3!",
            "high",
            "3 of 40 free, few, checked in the future, wrong clock",
        ),
        (
            withdrawn(night(3, 40, Possible, 24)),
            "3†",
            "withdrawn",
            "no longer listed; before: 3 of 40 free, last listed 1 day ago",
        ),
        (
            withdrawn(night(0, 0, NotPossible, 24)),
            "×†",
            "withdrawn",
            "no longer listed; before: closed, last listed 1 day ago",
        ),
    ] {
        let cell = cell("hut", day, Some(&night), &times(date("2026-11-28")));
        assert_eq!((cell.sign.as_str(), cell.class.as_str()), (sign, class));
        assert_eq!(cell.name, format!("Sun 29 Nov 2026: {name}"));
    }
}

#[test]
fn nights_with_room_for_the_group_are_marked_and_their_links_keep_it() {
    let day = date("2026-11-28");
    let nights = [(day, night(3, 40, Possible, 1))].into();
    let (fits, times) = ([day].into(), times(day));
    let marks = Marks { fits: &fits, kept: "?places=2" };
    let months = super::months("hut", first_of_month(day), &nights, &marks, &times);
    let cell = months[0].weeks[4][5].as_ref().unwrap();
    assert_eq!(cell.name, "Sat 28 Nov 2026: 3 of 40 free, few, room for your group");
    assert_eq!((cell.fits, cell.url.as_str()), (true, "/huts/hut/2026-11-28?places=2"));
    assert!(!months[0].weeks[4][6].as_ref().unwrap().fits);
}

#[test]
fn months_that_are_closed_or_without_data_are_folded() {
    let first = date("2026-11-01");
    let nights = [
        (date("2026-11-28"), night(3, 40, Possible, 1)),
        (date("2026-12-05"), night(0, 0, NotPossible, 1)),
        (date("2027-01-05"), night(0, 0, NotPossible, 1)),
        (date("2027-02-05"), night(0, 0, NotPossible, 1)),
        (date("2027-02-06"), night(0, 40, NotPossible, 1)),
        (date("2027-03-06"), night(0, 0, NotPossible, 1)),
    ];
    let year = months("hut", first, &nights.into(), &times(first));
    let titles = |months: &Months| match months {
        Months::Open(months) => months.iter().map(|month| month.title.clone()).collect(),
        Months::Folded { title, .. } => vec![format!("({title})")],
    };
    let folded: Vec<Vec<String>> = fold(Texts::default(), year).iter().map(titles).collect();
    assert_eq!(
        folded.concat(),
        [
            "November 2026",
            "(December 2026 – January 2027: closed)",
            "February 2027",
            "(March 2027 – October 2027: closed or no data)",
        ]
    );
    let empty = months("hut", first, &BTreeMap::new(), &times(first));
    let titles: Vec<String> = fold(Texts::default(), empty).iter().flat_map(titles).collect();
    assert_eq!(titles, ["(November 2026 – October 2027: no data)"]);
}
