//! What a site tells of its huts.

use crate::domain::geo::Place;

/// What one step of a walk through a site's huts found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Listing {
    pub huts: Vec<SiteHut>,
    /// IDs of huts that the site has no more.
    pub gone: Vec<String>,
    /// IDs of entries that the site's makers test with. They are no huts.
    pub test_entries: Vec<String>,
    /// Of entries that are no hut, as one without an ID.
    pub unreadable: Vec<Unreadable>,
    /// The last step of the walk, where the site lists all of its huts on pages: a hut that is on
    /// none of them is gone, too. None where IDs are tried one by one.
    pub last_step: Option<u32>,
}

/// A hut as a site tells it; what it tells in no sound form is unknown.
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

/// A field of a site's hut that is unknown to us.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Unreadable {
    /// As the site calls it.
    pub field: &'static str,
    /// What it says, cut off where it is long.
    pub value: String,
    /// Why that is not it: `is a placeholder`.
    pub reason: String,
}
