//! How clients show the types of huts: a symbol, a colour, and a place in a list. Pure.

use std::collections::HashMap;

use crate::domain::hut::HutType;

/// The longest identifier, in characters. An emoji may have several.
pub const MAX_IDENTIFIER_LEN: usize = 50;

/// How clients show a type of hut.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TypeStyle {
    /// A symbol, such as an emoji, or the name of one.
    pub identifier: String,
    /// `#rrggbb`, in lower case
    pub color: String,
    /// The place in a list of types, the lowest first.
    pub order: i32,
}

/// The styles of the types that are stored.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TypeStyles(HashMap<HutType, TypeStyle>);

impl TypeStyles {
    /// The style of a type; none if none is stored.
    #[must_use]
    pub fn of(&self, hut_type: HutType) -> Option<&TypeStyle> {
        self.0.get(&hut_type)
    }
}

impl FromIterator<(HutType, TypeStyle)> for TypeStyles {
    fn from_iter<I: IntoIterator<Item = (HutType, TypeStyle)>>(styles: I) -> Self {
        Self(styles.into_iter().collect())
    }
}

/// Reads an identifier.
///
/// # Errors
/// It is empty or too long.
pub fn parse_identifier(text: &str) -> Result<String, String> {
    let tidy = text.trim();
    match tidy.chars().count() {
        1..=MAX_IDENTIFIER_LEN if !tidy.contains(char::is_control) => Ok(tidy.to_owned()),
        _ => Err(format!(
            "the identifier {text:?} must be a symbol such as an emoji, or a name of at most \
             {MAX_IDENTIFIER_LEN} characters"
        )),
    }
}

/// Reads a colour.
///
/// # Errors
/// The text is not `#` and six hexadecimal digits.
pub fn parse_color(text: &str) -> Result<String, String> {
    let digits = text.strip_prefix('#').unwrap_or_default();
    if digits.len() == 6 && digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        Ok(text.to_ascii_lowercase())
    } else {
        Err(format!("the color {text:?} must be # and six hexadecimal digits, such as #c1440e"))
    }
}

/// Reads a place in a list.
///
/// # Errors
/// The text is not a whole number of four bytes.
pub fn parse_order(text: &str) -> Result<i32, String> {
    text.parse().map_err(|_| format!("the order {text:?} must be a whole number, such as 80"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_read_as_they_are_stored() {
        assert_eq!(parse_identifier("🏔️"), Ok("🏔️".to_owned()));
        assert_eq!(parse_color("#C1440E"), Ok("#c1440e".to_owned()));
        assert_eq!(parse_order("-2147483648"), Ok(i32::MIN));
    }

    #[test]
    fn other_values_are_refused_with_the_reason() {
        for text in ["", "c1440e", "#c1440", "#c1440e0", "#c1440g", "red", "#é440e"] {
            assert!(parse_color(text).unwrap_err().contains(&format!("{text:?}")), "{text}");
        }
        for text in [String::new(), "x".repeat(51), "a\nb".into()] {
            assert!(parse_identifier(&text).is_err(), "{text}");
        }
        for text in ["", "1.5", "first", "2147483648"] {
            assert!(parse_order(text).unwrap_err().contains("whole number"), "{text}");
        }
    }
}
