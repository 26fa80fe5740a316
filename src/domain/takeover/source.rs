//! The ID of a hut at an organization, from what the other database says of it.

use crate::domain::organization::Organization;

/// The ID of a source that has none. It belongs to no hut of any organization.
pub const MISSING_ID: &str = "unknown";

/// A hut as an organization knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TakenSource {
    pub source_hut_id: String,
    pub link: Option<String>,
    /// Why the hut cannot be polled by this ID. It has its history there nevertheless.
    pub problem: Option<String>,
}

/// What the other database says of a hut at an organization.
#[derive(Clone, Copy, Debug, Default)]
pub struct TheirSource<'a> {
    /// The ID and the link of the association of both, if there is one.
    pub source_id: Option<&'a str>,
    pub link: Option<&'a str>,
    /// The ID of the newest night that the organization published.
    pub id_of_night: Option<&'a str>,
    /// The ID of the hut itself. Before January 2026 it was stored as the ID of the nights.
    pub hut_id: i32,
}

impl TheirSource<'_> {
    /// The source. `organization` is None if this program cannot poll it.
    #[must_use]
    pub fn take(&self, organization: Option<Organization>) -> TakenSource {
        let own = self.hut_id.to_string();
        let of_night = self.id_of_night.and_then(filled).filter(|id| *id != own);
        let link = self.link.and_then(filled).map(str::to_owned);
        let Some(id) = self.source_id.and_then(filled).or(of_night) else {
            let problem = Some("the hut has no ID there".into());
            return TakenSource { source_hut_id: MISSING_ID.into(), link, problem };
        };
        match organization.map(|organization| (organization, organization.hut_id(id))) {
            Some((organization, Ok(id))) => {
                // Their links of `hrs` point to an older site. The link by the ID is that of the site that is polled.
                let link = (organization.booking_link)(&id).or(link);
                TakenSource { source_hut_id: id, link, problem: None }
            }
            Some((_, Err(why))) => {
                TakenSource { source_hut_id: id.to_owned(), link, problem: Some(why) }
            }
            None => TakenSource { source_hut_id: id.to_owned(), link, problem: None },
        }
    }
}

fn filled(text: &str) -> Option<&str> {
    Some(text.trim()).filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::organization::{CrawlPlan, numeric_hut_id};

    const HRS: Organization = Organization {
        slug: "hrs",
        name: "HRS",
        website: "https://example.org",
        crawl_plan: CrawlPlan::Ids,
        parse_hut_id: numeric_hut_id,
        booking_link: |id| Some(format!("https://example.org/{id}")),
    };

    #[test]
    fn the_id_is_that_of_the_association_else_that_of_a_night() {
        let id = |source_id, id_of_night| {
            let their = TheirSource { source_id, id_of_night, link: None, hut_id: 7 };
            their.take(Some(HRS))
        };
        assert_eq!(id(Some("29"), Some("30")).source_hut_id, "29");
        assert_eq!(id(Some("29.0"), None).source_hut_id, "29");
        assert_eq!(id(Some(" "), Some("30")).source_hut_id, "30");
        assert_eq!(id(None, Some("30")).problem, None);
        for missing in [id(None, None), id(Some(""), Some("")), id(None, Some("7"))] {
            assert_eq!(missing.source_hut_id, MISSING_ID);
            assert!(missing.problem.is_some(), "the hut's own ID is none of the organization");
        }
        assert!(id(Some("x"), None).problem.unwrap().contains("\"x\""));
    }

    #[test]
    fn the_link_is_that_of_the_polled_site() {
        let their = TheirSource {
            source_id: Some("29"),
            link: Some("https://old"),
            ..TheirSource::default()
        };
        assert_eq!(their.take(Some(HRS)).link.as_deref(), Some("https://example.org/29"));
        assert_eq!(their.take(None).link.as_deref(), Some("https://old"));
    }
}
