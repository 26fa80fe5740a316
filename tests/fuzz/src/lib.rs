//! Properties that must hold for each parser of foreign bytes, whatever the bytes are. `scripts/fuzz.sh`
//! searches for bytes that violate them; the ordinary tests (`tests/it/parsers.rs`) try some hundreds.

mod files;
mod sites;
mod words;

pub use files::{captured_days, coordinates, hut_facts, hut_file, hut_types};
pub use sites::{
    ffcam_nights, ffcam_structures, hrs_availability, hrs_hut_info, huetten_holiday_cabins,
    huetten_holiday_month, retry_after, token,
};
pub use words::{database_url, date, web_query};

/// Whether a text can be printed on one line of a terminal and stored in PostgreSQL.
fn is_plain(text: &str) -> bool {
    !text.contains(char::is_control)
}

/// The bytes as text, if they are valid UTF-8.
fn text(bytes: &[u8]) -> Option<&str> {
    std::str::from_utf8(bytes).ok()
}
