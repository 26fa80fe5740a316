//! Huts as a CSV file lists them.

use std::collections::HashMap;
use std::fmt::Display;
use std::io::Read;
use std::ops::RangeInclusive;
use std::str::FromStr;

use serde::Deserialize;
use strum::VariantNames;

use crate::hut::{HutType, Organization};

/// The header of the file, in the order in which it is documented.
pub const COLUMNS: [&str; 12] = [
    "slug",
    "name",
    "organization",
    "source_hut_id",
    "country",
    "latitude",
    "longitude",
    "elevation",
    "hut_type_open",
    "hut_type_closed",
    "capacity_open",
    "capacity_closed",
];

/// The columns that must be there and filled.
const REQUIRED: &[&str] = COLUMNS.split_at(4).0;

/// A file whose every line is sound.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct HutFile {
    pub huts: Vec<HutRecord>,
    /// Columns that the header does not name. An import leaves them as they are stored, where an
    /// empty field empties.
    pub absent: Vec<&'static str>,
}

/// One hut of a file, sound in itself.
#[derive(Clone, Debug, PartialEq)]
pub struct HutRecord {
    /// The line of the file.
    pub line: u64,
    pub slug: String,
    pub name: String,
    pub organization: Organization,
    pub source_hut_id: String,
    pub country: Option<String>,
    /// Degrees, WGS84
    pub latitude: Option<f64>,
    pub longitude: Option<f64>,
    /// Metres above the sea
    pub elevation: Option<i16>,
    pub hut_type_open: Option<HutType>,
    pub hut_type_closed: Option<HutType>,
    pub capacity_open: Option<i16>,
    pub capacity_closed: Option<i16>,
}

/// What is wrong with a line.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {message}")]
pub struct LineError {
    pub line: u64,
    pub message: String,
}

impl LineError {
    fn new(line: u64, message: impl Display) -> Self {
        Self { line, message: message.to_string() }
    }
}

/// Columns as text; one that is absent reads as empty.
#[derive(Default, Deserialize)]
#[serde(default)]
struct RawHut {
    slug: String,
    name: String,
    organization: String,
    source_hut_id: String,
    country: String,
    latitude: String,
    longitude: String,
    elevation: String,
    hut_type_open: String,
    hut_type_closed: String,
    capacity_open: String,
    capacity_closed: String,
}

/// Reads a whole file.
///
/// # Errors
/// Everything that is wrong with it, in the order of its lines.
pub fn read(mut file: impl Read) -> Result<HutFile, Vec<LineError>> {
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes).map_err(|error| vec![LineError::new(1, error)])?;
    let text = std::str::from_utf8(&bytes).map_err(|error| {
        vec![LineError::new(line_at(&bytes, error.valid_up_to()), "the text is not UTF-8")]
    })?;
    // A byte-order mark, as spreadsheets write it.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.as_bytes());
    let headers = reader.headers().cloned().unwrap_or_default();
    check_header(&headers).map_err(|message| vec![LineError::new(1, message)])?;

    let (mut huts, mut errors) = (Vec::new(), Vec::new());
    for record in reader.records() {
        let read = record.map_err(|error| csv_error(text, &error)).and_then(|record| {
            let line = line_of(text, record.position());
            let raw: RawHut =
                record.deserialize(Some(&headers)).map_err(|error| LineError::new(line, error))?;
            raw.parse(line).map_err(|message| LineError::new(line, message))
        });
        match read {
            Ok(hut) => huts.push(hut),
            Err(error) => errors.push(error),
        }
    }
    errors.extend(repeated(&huts));
    errors.sort_by_key(|error| error.line);
    if !errors.is_empty() {
        return Err(errors);
    }
    let is_absent = |column: &&str| !headers.iter().any(|name| name == *column);
    Ok(HutFile { huts, absent: COLUMNS.into_iter().filter(is_absent).collect() })
}

/// The columns may come in any order, and those that are not required may be left out.
fn check_header(header: &csv::StringRecord) -> Result<(), String> {
    let columns = COLUMNS.join(",");
    if let Some(column) = REQUIRED.iter().find(|column| !header.iter().any(|name| name == **column))
    {
        return Err(format!("the header lacks the column {column:?}; columns are {columns}"));
    }
    match header.iter().find(|name| !COLUMNS.contains(name)) {
        Some(column) => Err(format!("unknown column {column:?}; columns are {columns}")),
        None => Ok(()),
    }
}

fn csv_error(text: &str, error: &csv::Error) -> LineError {
    let message = match error.kind() {
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            format!("{len} fields where the header has {expected_len}")
        }
        _ => error.to_string(),
    };
    LineError::new(line_of(text, error.position()), message)
}

/// The line on which a record begins, counted as editors do. The reader's own count takes no notice
/// of blank lines before a record, nor of the second half of a CRLF.
fn line_of(text: &str, position: Option<&csv::Position>) -> u64 {
    let start = position.map_or(0, |position| position.byte() as usize);
    let rest = text.get(start..).unwrap_or_default();
    line_at(text.as_bytes(), start + rest.len() - rest.trim_start_matches(['\r', '\n']).len())
}

fn line_at(bytes: &[u8], offset: usize) -> u64 {
    1 + bytes[..offset].iter().filter(|byte| **byte == b'\n').count() as u64
}

/// Lines that name what an earlier line has named already.
fn repeated(huts: &[HutRecord]) -> Vec<LineError> {
    let (mut slugs, mut sources) = (HashMap::new(), HashMap::new());
    let mut errors = Vec::new();
    for hut in huts {
        if let Some(first) = slugs.insert(&hut.slug, hut.line) {
            let message = format!("the slug {:?} stands on line {first} already", hut.slug);
            errors.push(LineError::new(hut.line, message));
        }
        if let Some(first) = sources.insert((hut.organization, &hut.source_hut_id), hut.line) {
            let (organization, id) = (hut.organization, &hut.source_hut_id);
            let message = format!("the ID {id:?} of {organization} stands on line {first} already");
            errors.push(LineError::new(hut.line, message));
        }
    }
    errors
}

impl RawHut {
    fn parse(&self, line: u64) -> Result<HutRecord, String> {
        Ok(HutRecord {
            line,
            slug: slug(&self.slug)?,
            name: required("name", &self.name)?,
            organization: one_of("organization", &required("organization", &self.organization)?)?,
            source_hut_id: required("source_hut_id", &self.source_hut_id)?,
            country: country(&self.country)?,
            latitude: number("latitude", &self.latitude, -90.0..=90.0)?,
            longitude: number("longitude", &self.longitude, -180.0..=180.0)?,
            elevation: number("elevation", &self.elevation, -500..=9000)?,
            hut_type_open: optional(&self.hut_type_open, |text| one_of("hut_type_open", text))?,
            hut_type_closed: optional(&self.hut_type_closed, |text| {
                one_of("hut_type_closed", text)
            })?,
            capacity_open: number("capacity_open", &self.capacity_open, 0..=i16::MAX)?,
            capacity_closed: number("capacity_closed", &self.capacity_closed, 0..=i16::MAX)?,
        })
    }
}

fn required(column: &str, text: &str) -> Result<String, String> {
    if text.is_empty() { Err(format!("{column} is empty")) } else { Ok(text.to_owned()) }
}

fn optional<T>(text: &str, parse: impl Fn(&str) -> Result<T, String>) -> Result<Option<T>, String> {
    if text.is_empty() { Ok(None) } else { parse(text).map(Some) }
}

/// Slugs are parts of URLs and file names.
fn slug(text: &str) -> Result<String, String> {
    let text = required("slug", text)?;
    let is_fine = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if text.chars().all(is_fine) && !text.starts_with('-') && !text.ends_with('-') {
        Ok(text)
    } else {
        Err(format!("the slug {text:?} must be of lower-case letters a-z, digits and hyphens"))
    }
}

fn country(text: &str) -> Result<Option<String>, String> {
    optional(text, |text| match text.to_ascii_uppercase() {
        code if code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_uppercase()) => Ok(code),
        _ => Err(format!("the country {text:?} must be of two letters, such as CH")),
    })
}

fn one_of<T: FromStr + VariantNames>(column: &str, text: &str) -> Result<T, String> {
    let known = || T::VARIANTS.join(", ");
    text.parse().map_err(|_| format!("unknown {column} {text:?}; known are: {}", known()))
}

fn number<T>(column: &str, text: &str, range: RangeInclusive<T>) -> Result<Option<T>, String>
where
    T: FromStr + PartialOrd + Display,
{
    optional(text, |text| {
        let (min, max) = (range.start(), range.end());
        let number = text.parse().ok().filter(|number| range.contains(number));
        number.ok_or_else(|| format!("{column} {text:?} must be a number from {min} to {max}"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str = "slug,name,organization,source_hut_id,country,latitude,longitude,elevation,hut_type_open,hut_type_closed,capacity_open,capacity_closed";

    fn read_lines(lines: &str) -> Result<Vec<HutRecord>, Vec<String>> {
        read(format!("{HEADER}\n{lines}").as_bytes())
            .map(|file| file.huts)
            .map_err(|errors| errors.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn a_full_line_and_a_bare_one_are_read() {
        let huts = read_lines(
            "tallihuette,\"Tällihütte, Gadmen\",hrs,29,ch,46.74,8.3,1726,hut,selfhut,70,12\r\nbare,Bare,hrs,30,,,,,,,,\n",
        )
        .unwrap();
        assert_eq!(huts[0].name, "Tällihütte, Gadmen");
        assert_eq!((huts[0].country.as_deref(), huts[0].elevation), (Some("CH"), Some(1726)));
        assert_eq!(huts[0].hut_type_closed, Some(HutType::Selfhut));
        assert_eq!((huts[1].latitude, huts[1].capacity_open), (None, None));
    }

    #[test]
    fn every_bad_line_is_named() {
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
            "line 3: the slug \"Über\" must be of lower-case letters a-z, digits and hyphens"
        );
        assert_eq!(errors[1], "line 4: name is empty");
        assert_eq!(
            errors[2],
            "line 5: unknown organization \"dav\"; known are: hrs, huetten-holiday"
        );
        assert_eq!(errors[3], "line 6: latitude \"95\" must be a number from -90 to 90");
        assert!(
            errors[4].starts_with("line 7: unknown hut_type_open \"palace\"; known are: unknown,")
        );
        assert_eq!(errors[5], "line 8: 3 fields where the header has 12");
        assert_eq!(errors[6], "line 9: the slug \"a\" stands on line 2 already");
        assert_eq!(errors[7], "line 9: the ID \"1\" of hrs stands on line 2 already");
    }

    #[test]
    fn the_header_may_leave_out_what_is_not_required() {
        let few = "\u{feff}name,slug,organization,source_hut_id,elevation\nA,a,hrs,1,1200\n";
        let file = read(few.as_bytes()).unwrap();
        assert_eq!((file.huts[0].slug.as_str(), file.huts[0].elevation), ("a", Some(1200)));
        assert_eq!(file.absent.len(), 7);
        assert!(file.absent.contains(&"capacity_closed") && !file.absent.contains(&"elevation"));
        let error = |text: &str| read(text.as_bytes()).unwrap_err()[0].to_string();
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
        assert_eq!(read(&latin[..]).unwrap_err()[0].to_string(), "line 2: the text is not UTF-8");
    }

    #[test]
    fn not_a_number_is_no_latitude() {
        assert!(read_lines("a,A,hrs,1,,NaN,,,,,,").is_err());
        assert!(read_lines("a,A,hrs,1,,inf,,,,,,").is_err());
        assert!(read_lines("a,A,hrs,1,,,,40000,,,,").is_err());
    }
}
