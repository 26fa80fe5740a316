//! Where the site is, and how it names its structures.

pub const BASE_URL: &str = "https://centrale.ffcam.fr";

/// The prefix of all IDs.
const PREFIX: &str = "BK_STRUCTURE:";

/// Characters. Real IDs have at most 25: `BK_STRUCTURE:5iknhd0888ws`.
const MAX_ID_LEN: usize = 60;

/// The URL of the page where a structure is booked.
#[must_use]
pub fn booking_link(structure: &str) -> String {
    format!("{BASE_URL}/index.php?structure={structure}")
}

/// Parses the ID of a structure.
///
/// # Errors
/// If it is not `BK_STRUCTURE:` and plain letters or digits.
pub fn structure_id(text: &str) -> Result<String, &'static str> {
    let id = text.trim();
    let key = id.strip_prefix(PREFIX).filter(|key| !key.is_empty() && id.len() <= MAX_ID_LEN);
    key.filter(|key| key.bytes().all(|byte| byte.is_ascii_alphanumeric()))
        .map(|_| id.to_owned())
        .ok_or("must be a structure, such as BK_STRUCTURE:100")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_the_site_s_own_text() {
        for id in ["BK_STRUCTURE:100", "BK_STRUCTURE:5iknhd0888ws"] {
            assert_eq!(structure_id(&format!(" {id} ")).as_deref(), Ok(id));
        }
        for other in
            ["", "100", "BK_STRUCTURE:", "BK_STRUCTURE:1&x=2", "BK_STRUCTURE:é", "bk_structure:1"]
        {
            assert!(structure_id(other).is_err(), "{other:?}");
        }
        assert!(structure_id(&format!("{PREFIX}{}", "1".repeat(60))).is_err());
    }
}
