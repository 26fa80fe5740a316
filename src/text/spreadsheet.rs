//! Texts in CSV for people, who open it with a spreadsheet. Pure.

use std::borrow::Cow;

/// What a spreadsheet takes for the start of a formula, also in the wide form of East Asian scripts.
const FORMULA: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

/// A cell that no spreadsheet takes for a formula: a text that looks like one gets an apostrophe before it, which
/// spreadsheets take as the mark of a text. Numbers stay as they are.
#[must_use]
pub fn inert(cell: &str) -> Cow<'_, str> {
    if cell.starts_with(FORMULA) && !is_number(cell) {
        Cow::Owned(format!("'{cell}"))
    } else {
        Cow::Borrowed(cell)
    }
}

fn is_number(cell: &str) -> bool {
    // None of our numbers has a plus. Rust also reads the words `inf` and `nan`.
    !cell.starts_with('+')
        && cell.parse::<f64>().is_ok()
        && !cell.contains(|c: char| c.is_ascii_alphabetic() && c != 'e')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_get_an_apostrophe() {
        for cell in [
            "=1+1", "+41 33", "+5", "+4e9", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "-inf", "-", "＝1",
            "-nan",
        ] {
            assert_eq!(inert(cell), format!("'{cell}"));
        }
    }

    #[test]
    fn numbers_and_other_texts_stay() {
        for cell in ["", "-0.1", "-12", "1e-5", "-1.5e3", "Hut = home", "'=1", "2026-07-01", "a@b"]
        {
            assert_eq!(inert(cell), cell);
        }
    }
}
