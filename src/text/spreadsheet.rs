//! Texts in CSV for people, who open it with a spreadsheet. Pure.

use std::borrow::Cow;

use serde::Serialize;

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

/// Writes a header of column names and the rows, as CSV for people. The `csv` crate cannot derive a header from nested values.
#[must_use]
pub fn to_csv(columns: &[&str], rows: impl Iterator<Item = impl Serialize>) -> String {
    let mut writer = csv::WriterBuilder::new().has_headers(false).from_writer(Vec::new());
    writer.write_record(columns).expect("memory takes every record");
    rows.for_each(|row| writer.serialize(row).expect("rows are as long as their header"));
    let bytes = writer.into_inner().expect("memory can be flushed");
    for_people(&bytes)
}

/// The same CSV for people: no spreadsheet takes a text of it, such as a name that a site has sent, for a formula.
#[must_use]
pub fn for_people(csv: &[u8]) -> String {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(csv);
    let mut writer = csv::Writer::from_writer(Vec::new());
    for record in reader.records() {
        let record = record.expect("a writer's records are as long as its header");
        let cells = record.iter().map(|cell| inert(cell).into_owned());
        writer.write_record(cells).expect("memory takes every record");
    }
    let bytes = writer.into_inner().expect("memory can be flushed");
    String::from_utf8(bytes).expect("texts make a text")
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
