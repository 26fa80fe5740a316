//! The organizations whose booking sites the program supports.

use std::fmt;

use serde::{Serialize, Serializer};

/// An organization, as its booking site in `sites/` describes it. The database may have further organizations,
/// which this version of the program does not support. So rows hold the slug, and code that sends requests to
/// sites uses this type.
#[derive(Clone, Copy, Debug)]
pub struct Organization {
    /// Its name in flags, files and the database, such as `hrs`.
    pub slug: &'static str,
    pub name: &'static str,
    pub website: &'static str,
    pub crawl_plan: CrawlPlan,
    /// Parses a hut's ID, and returns it as the organization writes it. The error says what the ID must be, such
    /// as `must be a whole number from 1 on`.
    pub parse_hut_id: fn(&str) -> Result<String, &'static str>,
    /// The URL of the page where the hut with this ID is booked. None if the URL does not follow from the ID.
    pub booking_link: fn(&str) -> Option<String>,
}

/// How a crawl finds all huts of a site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CrawlPlan {
    /// The site numbers its huts, so IDs are tried one by one.
    Ids,
    /// The site lists its huts on pages.
    Pages,
}

impl CrawlPlan {
    /// What one step of the crawl is called.
    #[must_use]
    pub fn step_name(self) -> &'static str {
        match self {
            Self::Ids => "ID",
            Self::Pages => "page",
        }
    }
}

impl Organization {
    /// Parses a hut's ID, and returns it as the organization writes it.
    ///
    /// # Errors
    /// The error quotes the ID, and says what it must be.
    pub fn hut_id(&self, text: &str) -> Result<String, String> {
        (self.parse_hut_id)(text)
            .map_err(|why| format!("{text:?} is not a valid hut ID of {self}: it {why}"))
    }
}

impl PartialEq for Organization {
    fn eq(&self, other: &Self) -> bool {
        self.slug == other.slug
    }
}

impl Eq for Organization {}

impl PartialOrd for Organization {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Organization {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.slug.cmp(other.slug)
    }
}

impl fmt::Display for Organization {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.slug)
    }
}

impl Serialize for Organization {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.slug)
    }
}

/// The organizations that this version of the program supports, sorted by slug.
#[derive(Clone, Debug, Default)]
pub struct Organizations(Vec<Organization>);

impl FromIterator<Organization> for Organizations {
    fn from_iter<I: IntoIterator<Item = Organization>>(organizations: I) -> Self {
        let mut organizations: Vec<_> = organizations.into_iter().collect();
        organizations.sort();
        Self(organizations)
    }
}

impl Organizations {
    pub fn iter(&self) -> impl Iterator<Item = Organization> {
        self.0.iter().copied()
    }

    /// The organization with a slug, if this version supports it.
    #[must_use]
    pub fn get(&self, slug: &str) -> Option<Organization> {
        self.iter().find(|organization| organization.slug == slug)
    }

    /// The organization with a slug from a flag or a file. `field` is the name of the flag or the column.
    ///
    /// # Errors
    /// If the slug is unknown. The error quotes it, and lists the known slugs.
    pub fn find(&self, field: &str, slug: &str) -> Result<Organization, String> {
        self.get(slug).ok_or_else(|| {
            let known: Vec<&str> = self.iter().map(|organization| organization.slug).collect();
            format!("unknown {field} {slug:?}; expected one of: {}", known.join(", "))
        })
    }

    /// The URL of the page where a hut is booked. None if the organization is unknown, or if the URL does not
    /// follow from the ID.
    #[must_use]
    pub fn booking_link(&self, organization: &str, hut_id: &str) -> Option<String> {
        (self.get(organization)?.booking_link)(hut_id)
    }
}

/// Parses the ID of a hut at a site that numbers its huts.
///
/// # Errors
/// If it is not a whole number from 1 on.
pub fn numeric_hut_id(text: &str) -> Result<String, &'static str> {
    // Spreadsheets and JSON write whole numbers as `29.0`.
    let digits = text.trim().trim_end_matches(".0");
    let has_only_digits = digits.bytes().all(|byte| byte.is_ascii_digit());
    let number = digits.parse().ok().filter(|number: &u32| *number > 0 && has_only_digits);
    number.map(|number| number.to_string()).ok_or("must be a whole number from 1 on")
}
