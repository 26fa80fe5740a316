//! Cleans text from other sources, such as booking sites, so that it fits on one line.

use icu_normalizer::ComposingNormalizerBorrowed;

/// Removes line breaks and control characters, which terminals and PostgreSQL do not handle well, and cuts
/// the text after `max_len` characters.
#[must_use]
pub fn one_line(text: &str, max_len: usize) -> String {
    let words = text.split(|c: char| c.is_whitespace() || c.is_control());
    let (mut line, mut len) = (String::new(), 0);
    // The text may be megabytes that a site sent. So what is cut off is not collected first.
    for word in words.filter(|word| !word.is_empty()) {
        let space = if line.is_empty() { None } else { Some(' ') };
        for c in space.into_iter().chain(word.chars()) {
            if len == max_len {
                line.push('…');
                return line;
            }
            line.push(c);
            len += 1;
        }
    }
    line
}

/// Puts a text on one line, in Unicode normalization form NFC, so that the same name compares equal whichever
/// system it was typed on.
#[must_use]
pub fn tidy(text: &str) -> String {
    let line = one_line(text, usize::MAX);
    ComposingNormalizerBorrowed::new_nfc().normalize(&line).into_owned()
}
