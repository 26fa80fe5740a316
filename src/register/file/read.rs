//! Reads a file of huts, CSV or JSON.

use std::io::Read;

use serde_json::Value;

use super::record::{
    Column, HutFile, HutRecord, Position, REQUIRED, RecordError, Texts, column, duplicate_errors,
};
use crate::domain::organization::Organizations;

/// Reads a whole file: JSON if it begins with `[`, else CSV.
///
/// # Errors
/// All errors of the file, in the order of their positions.
pub fn read(file: impl Read, organizations: &Organizations) -> Result<HutFile, Vec<RecordError>> {
    let text = decoded(file)?;
    let texts = if text.trim_start().starts_with('[') { json(&text) } else { csv(&text) };
    let texts = texts.map_err(|error| vec![error])?;

    let (mut huts, mut errors) = (Vec::new(), Vec::new());
    for (position, texts) in texts {
        match texts.and_then(|texts| HutRecord::parse(position, &texts, organizations)) {
            Ok(hut) => huts.push(hut),
            Err(message) => errors.push(RecordError::new(position, message)),
        }
    }
    errors.extend(duplicate_errors(&huts));
    errors.sort_by_key(|error| error.position);
    if errors.is_empty() { Ok(HutFile { huts }) } else { Err(errors) }
}

/// The text of a whole file, without the byte-order mark that spreadsheets write.
///
/// # Errors
/// If the file cannot be read, or is not UTF-8.
pub(super) fn decoded(mut file: impl Read) -> Result<String, Vec<RecordError>> {
    let mut bytes = Vec::new();
    let read = file.read_to_end(&mut bytes);
    read.map_err(|error| vec![RecordError::new(Position::Line(1), error.to_string())])?;
    let mut text = String::from_utf8(bytes).map_err(|error| {
        let before = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let line = Position::Line(1 + line_feeds(before));
        vec![RecordError::new(line, "the text is not UTF-8")]
    })?;
    if text.starts_with('\u{feff}') {
        text.drain(..'\u{feff}'.len_utf8());
    }
    Ok(text)
}

/// The huts of a file: the position of each, and its texts or its error.
type Huts = Vec<(Position, Result<Texts, String>)>;

fn csv(text: &str) -> Result<Huts, RecordError> {
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.as_bytes());
    let header = reader.headers().cloned().unwrap_or_default();
    let columns =
        columns(&header).map_err(|message| RecordError::new(Position::Line(1), message))?;
    let mut lines = Lines::new(text);
    let hut = |record: Result<csv::StringRecord, csv::Error>| match record {
        Ok(record) => {
            let texts = columns.iter().copied().zip(record.iter().map(str::to_owned)).collect();
            (Position::Line(lines.of(record.position())), Ok(texts))
        }
        Err(error) => (Position::Line(lines.of(error.position())), Err(csv_problem(&error))),
    };
    Ok(reader.records().map(hut).collect())
}

/// What is wrong with a record.
pub(super) fn csv_problem(error: &csv::Error) -> String {
    match error.kind() {
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            format!("{len} fields, but the header has {expected_len}")
        }
        _ => error.to_string(),
    }
}

/// The columns of a header, which may be in any order. Columns that are not required may be missing.
fn columns(header: &csv::StringRecord) -> Result<Vec<Column>, String> {
    let names = Column::VARIANTS_NAMES.join(",");
    let has = |column: &Column| header.iter().any(|name| name == column.to_string());
    if let Some(column) = REQUIRED.iter().find(|column| !has(column)) {
        return Err(format!(
            "the header lacks the column \"{column}\"; columns are {names} (or give JSON, an array \
             of objects)"
        ));
    }
    let columns: Vec<Column> = header.iter().map(column).collect::<Result<_, _>>()?;
    let is_repeated = |(at, column): &(usize, &Column)| columns[..*at].contains(column);
    match columns.iter().enumerate().find(is_repeated) {
        Some((_, column)) => Err(format!("the header has the column \"{column}\" twice")),
        None => Ok(columns),
    }
}

fn json(text: &str) -> Result<Huts, RecordError> {
    let array: Vec<Value> = serde_json::from_str(text).map_err(|error| {
        RecordError::new(Position::Line(error.line() as u64), format!("invalid JSON: {error}"))
    })?;
    Ok((1..).map(Position::Hut).zip(array.iter().map(object)).collect())
}

fn object(value: &Value) -> Result<Texts, String> {
    let Value::Object(object) = value else {
        return Err(format!("must be an object, not {value}"));
    };
    let text = |(key, value): (&String, &Value)| Ok((column(key)?, text_of(key, value)?));
    let texts: Texts = object.iter().map(text).collect::<Result<_, String>>()?;
    match REQUIRED.iter().find(|column| !texts.contains_key(column)) {
        Some(column) => Err(format!("the key \"{column}\" is missing")),
        None => Ok(texts),
    }
}

/// A JSON value as the text of a CSV field. An array gives its items, separated by spaces.
pub(super) fn text_of(key: &str, value: &Value) -> Result<String, String> {
    match value {
        Value::Null => Ok(String::new()),
        Value::String(text) => Ok(text.trim().to_owned()),
        Value::Bool(_) | Value::Number(_) => Ok(value.to_string()),
        Value::Array(words) => {
            let words = words.iter().map(|word| text_of(key, word));
            Ok(words.collect::<Result<Vec<_>, _>>()?.join(" "))
        }
        Value::Object(_) => Err(format!("{key} must not be an object")),
    }
}

/// Counts the lines up to each record of a file, as editors do. The CSV reader's own count ignores blank lines
/// before a record, and the line feed of a CRLF.
pub(super) struct Lines<'a> {
    /// The part of the file whose lines are not counted yet. So each part is counted once, however many records
    /// the file has.
    rest: &'a [u8],
    /// The position of `rest` in the file.
    at: usize,
    /// The number of the line with which `rest` begins.
    number: u64,
}

impl<'a> Lines<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { rest: text.as_bytes(), at: 0, number: 1 }
    }

    /// The number of the line on which the record at a position begins. The positions must ascend.
    pub(super) fn of(&mut self, position: Option<&csv::Position>) -> u64 {
        let start = position.map_or(0, |position| position.byte() as usize);
        let (before, record) =
            self.rest.split_at(start.saturating_sub(self.at).min(self.rest.len()));
        let line_ends = record.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        let (line_ends, record) = record.split_at(line_ends);
        self.number += line_feeds(before) + line_feeds(line_ends);
        self.at += self.rest.len() - record.len();
        self.rest = record;
        self.number
    }
}

fn line_feeds(bytes: &[u8]) -> u64 {
    bytes.iter().filter(|byte| **byte == b'\n').count() as u64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::hut::HutType;
    use crate::sites::registry::Registry;

    const HEADER: &str = "slug,name,organization,source_hut_id,country,latitude,longitude,elevation,hut_type_open,hut_type_closed,capacity_open,capacity_closed";

    fn organizations() -> Organizations {
        Registry::default().organizations()
    }

    fn read_lines(lines: &str) -> Result<Vec<HutRecord>, Vec<String>> {
        read(format!("{HEADER}\n{lines}").as_bytes(), &organizations())
            .map(|file| file.huts)
            .map_err(|errors| errors.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn a_line_with_all_fields_and_one_with_required_fields_are_read() {
        let huts = read_lines(
            "tallihuette,\"Tällihütte, Gadmen\",hrs,29,ch,46.74,8.3,1726,hut,selfhut,70,12\r\nbare,Bare,hrs,30,,,,,,,,\n",
        )
        .unwrap();
        let fields = |index: usize| &huts[index].hut.fields;
        assert_eq!(fields(0).name, "Tällihütte, Gadmen");
        assert_eq!((fields(0).country.as_deref(), fields(0).elevation), (Some("CH"), Some(1726)));
        assert_eq!(fields(0).hut_type_closed, Some(HutType::Selfhut));
        assert_eq!((fields(1).latitude, fields(1).capacity_open), (None, None));
    }

    #[test]
    fn each_invalid_line_gives_an_error() {
        let errors = read_lines(
            "a,A,hrs,1,,,,,,,,\n\
             Über,A,hrs,2,,,,,,,,\n\
             c,,hrs,3,,,,,,,,\n\
             d,D,dav,4,,,,,,,,\n\
             e,E,hrs,5,,95,,,,,,\n\
             f,F,hrs,6,,,,,palace,,,\n\
             g,G,hrs\n\
             a,A,hrs,1,,,,,,,,\n",
        )
        .unwrap_err();
        assert_eq!(
            errors[0],
            "line 3: the slug \"Über\" must have only letters a-z and A-Z, digits, hyphens and underscores"
        );
        assert_eq!(errors[1], "line 4: name is empty");
        assert_eq!(
            errors[2],
            "line 5: unknown organization \"dav\"; expected one of: ffcam, hrs, huetten-holiday"
        );
        assert_eq!(errors[3], "line 6: latitude \"95\" must be a number from -90 to 90");
        assert!(
            errors[4]
                .starts_with("line 7: unknown hut_type_open \"palace\"; expected one of: unknown,")
        );
        assert_eq!(errors[5], "line 8: 3 fields, but the header has 12");
        assert_eq!(errors[6], "line 9: the slug \"a\" is already used in line 2");
        assert_eq!(errors[7], "line 9: the ID \"1\" of hrs is already used in line 2");
    }

    #[test]
    fn the_header_may_omit_columns_that_are_not_required() {
        let required_and_elevation =
            "\u{feff}name,slug,organization,source_hut_id,elevation\nA,a,hrs,1,1200\n";
        let record =
            read(required_and_elevation.as_bytes(), &organizations()).unwrap().huts.remove(0);
        let fields = record.hut.fields;
        assert_eq!((fields.slug.as_str(), fields.elevation), ("a", Some(1200)));
        assert_eq!(record.columns.len(), 5);
        assert!(record.columns.contains(&Column::Elevation));
        let error =
            |text: &str| read(text.as_bytes(), &organizations()).unwrap_err()[0].to_string();
        assert!(
            error("slug,name\n")
                .starts_with("line 1: the header lacks the column \"organization\"")
        );
        assert!(error(&format!("{HEADER},beds\n")).contains("unknown column \"beds\""));
        assert!(error("").contains("the header lacks"));
    }

    #[test]
    fn lines_are_counted_as_editors_do() {
        let error = |lines: &str| read_lines(lines).unwrap_err().remove(0);
        assert!(error("a,A,hrs,1,,,,,,,,\r\nb,,hrs,2,,,,,,,,\r\n").starts_with("line 3: "));
        assert!(error("a,A,hrs,1,,,,,,,,\n\n\nb,,hrs,2,,,,,,,,\n").starts_with("line 5: "));
        assert!(error("a,\"A\nB\",hrs,1,,,,,,,,\nb,B,hrs\n").starts_with("line 4: 3 fields"));
        let latin = [HEADER.as_bytes(), b"\na,H\xfctte,hrs,1,,,,,,,,\n"].concat();
        assert_eq!(
            read(&latin[..], &organizations()).unwrap_err()[0].to_string(),
            "line 2: the text is not UTF-8"
        );
    }

    /// The time must not grow with the square of the length of a file.
    #[test]
    fn each_part_of_a_file_is_counted_once() {
        let text = "slug\n\r\na\nb\n\nc\n";
        let mut lines = Lines::new(text);
        let mut position = csv::Position::new();
        let mut rests = Vec::new();
        for (byte, expected) in [(5, 3), (9, 4), (11, 6)] {
            position.set_byte(byte);
            assert_eq!(lines.of(Some(&position)), expected);
            rests.push(str::from_utf8(lines.rest).unwrap());
        }
        assert_eq!(rests, ["a\nb\n\nc\n", "b\n\nc\n", "c\n"]);
    }

    #[test]
    fn nan_infinite_and_out_of_range_numbers_are_errors() {
        assert!(read_lines("a,A,hrs,1,,NaN,,,,,,").is_err());
        assert!(read_lines("a,A,hrs,1,,inf,,,,,,").is_err());
        assert!(read_lines("a,A,hrs,1,,,,40000,,,,").is_err());
    }
}
