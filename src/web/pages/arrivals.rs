//! The arrivals on one page of a long range. Pure functions.

use chrono::NaiveDate;

use super::params::Params;
use crate::domain::stay::Group;

/// The most arrivals of a page: six weeks of nights are a grid that a browser shows at once.
const MAX_ARRIVALS: usize = 42;

/// A part of the arrivals of a group, and the links to the parts before and after it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Window {
    /// The group with the arrivals of this part only.
    pub group: Group,
    pub earlier: Option<String>,
    pub later: Option<String>,
}

impl Window {
    /// The part that begins at the first arrival from `show` on. None if there is no arrival from then on.
    #[must_use]
    pub fn new(group: &Group, show: Option<NaiveDate>, params: &Params) -> Option<Self> {
        let all: Vec<NaiveDate> = group.days().collect();
        let begin = show.map_or(0, |show| all.partition_point(|day| *day < show));
        let end = (begin + MAX_ARRIVALS).min(all.len());
        let (first, last) = (all.get(begin)?, all.get(end - 1)?);
        let link = |day: &NaiveDate| params.link_with(&[("show", &day.to_string())]);
        let earlier = (begin > 0).then(|| &all[begin.saturating_sub(MAX_ARRIVALS)]);
        Some(Self {
            group: Group { arrivals: *first..=*last, ..group.clone() },
            earlier: earlier.map(link),
            later: all.get(end).map(link),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::stay::parse_weekdays;

    fn window(
        last: &str,
        weekdays: &str,
        show: Option<&str>,
    ) -> Option<(String, String, bool, bool)> {
        let arrivals = ("2026-07-01".parse().unwrap(), last.parse().unwrap());
        let group = Group::new(arrivals, parse_weekdays(weekdays).unwrap(), 1).unwrap();
        let window =
            Window::new(&group, show.map(|show| show.parse().unwrap()), &Params::default())?;
        let (first, last) = (window.group.arrivals.start(), window.group.arrivals.end());
        let (earlier, later) = (window.earlier.is_some(), window.later.is_some());
        Some((first.to_string(), last.to_string(), earlier, later))
    }

    #[test]
    fn a_long_range_is_shown_in_parts() {
        let part = |first: &str, last: &str, earlier, later| {
            Some((first.into(), last.into(), earlier, later))
        };
        assert_eq!(window("2026-07-05", "", None), part("2026-07-01", "2026-07-05", false, false));
        assert_eq!(window("2026-08-31", "", None), part("2026-07-01", "2026-08-11", false, true));
        let show = Some("2026-08-12");
        assert_eq!(window("2026-08-31", "", show), part("2026-08-12", "2026-08-31", true, false));
        assert_eq!(window("2026-08-31", "", Some("2026-09-01")), None);
        assert_eq!(window("2026-07-02", "mon", None), None);
    }

    #[test]
    fn rare_weekdays_reach_further() {
        let part = window("2026-12-31", "sat", None).unwrap();
        assert_eq!(part, ("2026-07-04".into(), "2026-12-26".into(), false, false));
    }
}
