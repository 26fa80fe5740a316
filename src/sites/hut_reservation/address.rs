//! Where the site is.

pub const BASE_URL: &str = "https://www.hut-reservation.org";

/// The URL of the page where a hut is booked.
#[must_use]
pub fn booking_link(hut_id: &str) -> String {
    format!("{BASE_URL}/reservation/book-hut/{hut_id}/wizard")
}
