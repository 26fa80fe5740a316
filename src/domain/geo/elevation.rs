//! Pure: elevations as wardens type them.

use std::ops::RangeInclusive;

use thiserror::Error;

use super::place::{MAX_SPELLING_LEN, is_placeholder};

/// Metres above sea level. Mont Blanc has 4808.
const ELEVATIONS: RangeInclusive<f64> = 1.0..=4810.0;

/// Units for metres and for metres above sea level in the languages of the Alps, without points, spaces
/// and capitals. `hm` is Höhenmeter, `müa` is above the Adriatic.
const UNITS: [&str; 15] = [
    "", "m", "mt", "hm", "meter", "müm", "mum", "hüm", "müa", "munn", "münn", "mnhn", "mslm",
    "msm", "masl",
];

/// Why a text is not an elevation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum NoElevation {
    #[error("is empty")]
    Empty,
    #[error("is a placeholder")]
    Placeholder,
    #[error("cannot be read as an altitude in metres")]
    Unreadable,
    #[error("is not between 1 and 4810 m")]
    OutOfRange,
}

/// Reads an elevation in whole metres, 1 to 4810, from one number and at most a unit after it. A point or
/// comma before three digits separates thousands (`1.377 m`), otherwise decimals.
///
/// # Errors
/// See [`NoElevation`].
pub fn read_elevation(text: &str) -> Result<i16, NoElevation> {
    let text = text.trim();
    if text.is_empty() {
        return Err(NoElevation::Empty);
    }
    if text.len() > MAX_SPELLING_LEN {
        return Err(NoElevation::Unreadable);
    }
    if is_placeholder(text.trim_end_matches(['m', 'M'])) {
        return Err(NoElevation::Placeholder);
    }
    let (sign, unsigned) = text.split_at(text.len() - text.trim_start_matches(['-', '+']).len());
    let end = unsigned.rfind(|c: char| c.is_ascii_digit()).ok_or(NoElevation::Unreadable)? + 1;
    let (number, unit) = unsigned.split_at(end);
    if !is_unit(unit) {
        return Err(NoElevation::Unreadable);
    }
    let metres = metres(number).ok_or(NoElevation::Unreadable)?.round();
    if sign.contains('-') || !ELEVATIONS.contains(&metres) {
        return Err(NoElevation::OutOfRange);
    }
    Ok(metres as i16)
}

fn is_unit(text: &str) -> bool {
    let letters: String = text.chars().filter(|c| !c.is_whitespace() && *c != '.').collect();
    UNITS.contains(&letters.to_lowercase().as_str())
}

/// `2840`, `1.377`, `2'501`, `2 501`, `1863.2`.
fn metres(text: &str) -> Option<f64> {
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let is_thousands = |text: &str| is_digits(text) && text.len() <= 3 && !text.starts_with('0');
    let parts: Vec<&str> = text.split(|c: char| !c.is_ascii_digit()).collect();
    match (parts.as_slice(), text.chars().find(|c| !c.is_ascii_digit())) {
        ([whole], None) => whole.parse().ok(),
        ([thousands, rest], Some('.' | ',' | '\'' | '’' | ' ' | '\u{a0}' | '\u{202f}'))
            if is_thousands(thousands) && rest.len() == 3 =>
        {
            format!("{thousands}{rest}").parse().ok()
        }
        ([whole, decimals], Some('.' | ',')) if is_digits(whole) && is_digits(decimals) => {
            format!("{whole}.{decimals}").parse().ok()
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_number_is_read_with_and_without_its_unit() {
        for text in [
            "2840",
            " 2840 ",
            "2840m",
            "2840 m",
            "2840 M",
            "2840m.",
            "2840 hm",
            "2840hm",
            "2840 Mt",
            "2840 m.ü.M.",
            "2840 m. ü. M.",
            "2840 m ü M",
            "2840 müM",
            "2840 m.u.M.",
            "2840 H.ü.M",
            "2840müA",
            "2840 m ü.A.",
            "2840 m ü. NN",
            "2840 m NHN",
            "2840 m s.l.m.",
            "+2840 m",
        ] {
            let expected =
                if text.contains("NN") { read_elevation("2840 münn") } else { Ok(2840) };
            assert_eq!(read_elevation(text), expected, "{text}");
            assert_eq!(read_elevation(text), Ok(2840), "{text}");
        }
    }

    #[test]
    fn points_commas_quotes_and_spaces_separate_thousands() {
        for text in ["2.501 m", "2,501 m", "2'501 m", "2’501 m", "2 501 m", "2\u{a0}501m", "2.501"]
        {
            assert_eq!(read_elevation(text), Ok(2501), "{text}");
        }
    }

    #[test]
    fn a_point_not_before_three_digits_separates_decimals() {
        assert_eq!(read_elevation("1863.2"), Ok(1863));
        assert_eq!(read_elevation("1863,5 m"), Ok(1864));
        assert_eq!(read_elevation("1863.125 m"), Ok(1863));
        assert_eq!(read_elevation("2.5 m"), Ok(3));
    }

    #[test]
    fn a_form_that_was_never_filled_in_is_a_placeholder() {
        for text in ["XXX m", "xxx", "-", "--- m", "0", "000 m", "m", "?"] {
            assert_eq!(read_elevation(text), Err(NoElevation::Placeholder), "{text}");
        }
        assert_eq!(read_elevation(" \t"), Err(NoElevation::Empty));
    }

    #[test]
    fn more_than_one_number_and_its_unit_is_rejected() {
        for text in [
            "- Gipfelwege bis max. 2368 m",
            "2000-2100 m",
            "2000 - 2100 m",
            "2000/2100",
            "ca. 2000 m",
            "2000 ft",
            "2 km",
            "2000 m 2",
            "1.2.3",
            "1.234.567",
            "2''501",
            "2'50",
            "12 34",
            ".5",
            "zweitausend",
            "２０００ m",
            "1e3",
            "2501 XXX",
        ] {
            let result = read_elevation(text);
            assert_eq!(result, Err(NoElevation::Unreadable), "{text}");
        }
        let long = format!("2000 {}m", " ".repeat(MAX_SPELLING_LEN));
        assert_eq!(read_elevation(&long), Err(NoElevation::Unreadable));
    }

    #[test]
    fn no_hut_stands_below_1_m_or_above_mont_blanc() {
        assert_eq!((read_elevation("1 m"), read_elevation("4810 m")), (Ok(1), Ok(4810)));
        let enormous = "9".repeat(MAX_SPELLING_LEN);
        for text in ["4811 m", "5060 m", "-1 m", "0.2 m", "0.250 m", "285.000 m", &enormous] {
            assert_eq!(read_elevation(text), Err(NoElevation::OutOfRange), "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_is_read_as_an_elevation_out_of_range(text in ".{0,300}") {
            prop_assert!(read_elevation(&text).is_ok_and(|m| (1..=4810).contains(&m))
                || read_elevation(&text).is_err());
        }

        #[test]
        fn no_usual_characters_are_read_as_an_elevation_out_of_range(text in "[-0-9 .,'’mMXhüÜAat/]{0,12}") {
            if let Ok(metres) = read_elevation(&text) {
                prop_assert!((1..=4810).contains(&metres));
            }
        }

        #[test]
        fn every_elevation_can_be_read(metres in 1000i16..=4810, unit in r"m|hm| m| m ü\.M\.| müA|") {
            let (thousands, rest) = (metres / 1000, metres % 1000);
            for separator in ["", ".", "'", "’", " ", ","] {
                let text = format!("{thousands}{separator}{rest:03}{unit}");
                prop_assert_eq!(read_elevation(&text), Ok(metres), "{}", text);
            }
        }
    }
}
