//! Huts as a site lists them.

use crate::domain::geo::Place;

/// The result of one step of a crawl.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Listing {
    pub huts: Vec<SiteHut>,
    /// IDs of huts that the site no longer has.
    pub gone: Vec<String>,
    /// IDs of test entries of the site's developers. They are not huts.
    pub test_entries: Vec<String>,
    /// The unreadable fields of entries that give no hut, such as an entry without an ID.
    pub unreadable: Vec<Unreadable>,
    /// The last step of the crawl, if the site lists all its huts on pages. A hut that is on no page is gone,
    /// too. None if IDs are tried one by one.
    pub last_step: Option<u32>,
}

/// A hut as a site lists it. A missing or unreadable field is None.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SiteHut {
    pub source_hut_id: String,
    pub name: Option<String>,
    /// Two letters, ISO 3166
    pub country: Option<String>,
    pub place: Option<Place>,
    /// Metres above the sea
    pub elevation: Option<i16>,
    /// Places with a warden, and without one
    pub capacity_open: Option<i16>,
    pub capacity_closed: Option<i16>,
    /// The page where the hut is booked.
    pub link: Option<String>,
    /// Whether the site takes bookings for it now.
    pub is_bookable: Option<bool>,
    pub unreadable: Vec<Unreadable>,
}

/// A field of a site's hut that could not be read.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Unreadable {
    /// The site's name of the field.
    pub field: &'static str,
    /// The value, shortened if it is long.
    pub value: String,
    /// Why the value is not valid: `is a placeholder`.
    pub reason: String,
}
