//! Reads and writes how clients show the types of huts: CSV or JSON with the keys `slug`, `identifier`, `color` and
//! `order`.

use std::collections::BTreeMap;
use std::io::Read;

use serde::Serialize;
use serde_json::Value;
use strum::{EnumString, VariantArray, VariantNames};

use super::read::{Lines, csv_problem, decoded, text_of};
use super::record::{Position, RecordError};
use crate::domain::field::one_of;
use crate::domain::hut::HutType;
use crate::domain::type_style::{
    TypeStyle, TypeStyles, parse_color, parse_identifier, parse_order,
};

/// A column of CSV, or a key of JSON. The slug is required, and a column that a file leaves out does not change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, EnumString, VariantNames)]
#[strum(serialize_all = "snake_case")]
enum Column {
    Slug,
    Identifier,
    Color,
    Order,
}

/// New values for a type. None: the stored value stays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StyleChange {
    pub hut_type: HutType,
    pub identifier: Option<String>,
    pub color: Option<String>,
    pub order: Option<i32>,
}

impl StyleChange {
    /// The style with the new values.
    #[must_use]
    pub fn applied(&self, style: &TypeStyle) -> TypeStyle {
        let new = self.clone();
        TypeStyle {
            identifier: new.identifier.unwrap_or_else(|| style.identifier.clone()),
            color: new.color.unwrap_or_else(|| style.color.clone()),
            order: new.order.unwrap_or(style.order),
        }
    }
}

/// Reads a whole file: JSON if it begins with `[`, else CSV with a header.
///
/// # Errors
/// All errors of the file, in the order of their positions.
pub fn read_styles(file: impl Read) -> Result<Vec<StyleChange>, Vec<RecordError>> {
    let text = decoded(file)?;
    let records = if text.trim_start().starts_with('[') { json(&text) } else { csv(&text) };
    let (mut changes, mut errors) = (Vec::new(), Vec::new());
    let mut seen: BTreeMap<&'static str, Position> = BTreeMap::new();
    for (position, texts) in records.map_err(|error| vec![error])? {
        let change = texts.and_then(|texts| change(&texts));
        let change =
            change.and_then(|change| match seen.insert(change.hut_type.into(), position) {
                Some(first) => {
                    Err(format!("the type {} is already given in {first}", change.hut_type))
                }
                None => Ok(change),
            });
        match change {
            Ok(change) => changes.push(change),
            Err(message) => errors.push(RecordError::new(position, message)),
        }
    }
    if errors.is_empty() { Ok(changes) } else { Err(errors) }
}

type Texts = BTreeMap<Column, String>;
type Records = Vec<(Position, Result<Texts, String>)>;

fn column(name: &str) -> Result<Column, String> {
    name.parse().map_err(|_| {
        format!(
            "unknown column {name:?}; columns are {}",
            <Column as VariantNames>::VARIANTS.join(",")
        )
    })
}

fn csv(text: &str) -> Result<Records, RecordError> {
    let header_error = |message: String| RecordError::new(Position::Line(1), message);
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.as_bytes());
    let header = reader.headers().cloned().unwrap_or_default();
    let columns: Vec<Column> =
        header.iter().map(column).collect::<Result<_, _>>().map_err(header_error)?;
    if !columns.contains(&Column::Slug) {
        return Err(header_error("the header lacks the column \"slug\"".into()));
    }
    let is_repeated = |at: &usize| columns[..*at].contains(&columns[*at]);
    if let Some(at) = (0..columns.len()).find(is_repeated) {
        return Err(header_error(format!("the header has the column {:?} twice", &header[at])));
    }
    let mut lines = Lines::new(text);
    let record = |record: Result<csv::StringRecord, csv::Error>| match record {
        Ok(record) => {
            let texts = columns.iter().copied().zip(record.iter().map(str::to_owned)).collect();
            (Position::Line(lines.of(record.position())), Ok(texts))
        }
        Err(error) => (Position::Line(lines.of(error.position())), Err(csv_problem(&error))),
    };
    Ok(reader.records().map(record).collect())
}

fn json(text: &str) -> Result<Records, RecordError> {
    let array: Vec<Value> = serde_json::from_str(text).map_err(|error| {
        RecordError::new(Position::Line(error.line() as u64), format!("invalid JSON: {error}"))
    })?;
    let object = |value: &Value| {
        let Value::Object(object) = value else {
            return Err(format!("must be an object, not {value}"));
        };
        object.iter().map(|(key, value)| Ok((column(key)?, text_of(key, value)?))).collect()
    };
    Ok((1..).map(Position::Record).zip(array.iter().map(object)).collect())
}

fn change(texts: &Texts) -> Result<StyleChange, String> {
    // An empty cell of a spreadsheet means "no change".
    let text = |column| texts.get(&column).map(String::as_str).filter(|text| !text.is_empty());
    let slug = text(Column::Slug).ok_or("the slug is missing")?;
    Ok(StyleChange {
        hut_type: one_of("hut type", slug)?,
        identifier: text(Column::Identifier).map(parse_identifier).transpose()?,
        color: text(Column::Color).map(parse_color).transpose()?,
        order: text(Column::Order).map(parse_order).transpose()?,
    })
}

/// A type with its style, as it is written.
#[derive(Serialize)]
struct Row<'a> {
    slug: &'static str,
    identifier: &'a str,
    color: &'a str,
    order: i32,
}

fn rows(styles: &TypeStyles) -> Vec<Row<'_>> {
    let row = |hut_type: &HutType| {
        let TypeStyle { identifier, color, order } = styles.of(*hut_type)?;
        Some(Row { slug: (*hut_type).into(), identifier, color, order: *order })
    };
    let mut rows: Vec<Row<'_>> =
        <HutType as VariantArray>::VARIANTS.iter().filter_map(row).collect();
    rows.sort_by_key(|row| (row.order, row.slug));
    rows
}

/// Formats the styles as CSV with a header, by their order. [`read_styles`] reads it.
#[must_use]
pub fn styles_to_csv(styles: &TypeStyles) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    for row in rows(styles) {
        writer.serialize(row).expect("memory takes every record");
    }
    let bytes = writer.into_inner().expect("memory can be flushed");
    String::from_utf8(bytes).expect("all fields are UTF-8")
}

/// Formats the styles as JSON: an array of objects, by their order. [`read_styles`] reads it.
#[must_use]
pub fn styles_to_json(styles: &TypeStyles) -> String {
    let object = |row: &Row<'_>| serde_json::to_string(row).expect("plain values have JSON");
    let objects: Vec<String> = rows(styles).iter().map(object).collect();
    format!("[{}]\n", objects.join(",\n "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Vec<StyleChange>, Vec<String>> {
        let errors = |errors: Vec<RecordError>| errors.iter().map(ToString::to_string).collect();
        read_styles(text.as_bytes()).map_err(errors)
    }

    #[test]
    fn csv_and_json_give_the_same_changes() {
        let csv = "\u{feff}slug,color,identifier,order\nhut,#C1440E,🛖,80\r\nalp,,,\n";
        let json = r##" [{"slug": "hut", "color": "#c1440e", "identifier": "🛖", "order": 80},
            {"slug": "alp", "color": null}]"##;
        let changes = read(csv).unwrap();
        assert_eq!(read(json).unwrap(), changes);
        let style = TypeStyle { identifier: "A".into(), color: "#000000".into(), order: 1 };
        let hut = TypeStyle { identifier: "🛖".into(), color: "#c1440e".into(), order: 80 };
        assert_eq!((changes[0].applied(&style), changes[1].applied(&style)), (hut, style));
    }

    #[test]
    fn each_bad_record_gives_an_error() {
        let errors =
            read("slug,color\nhut,red\npalace,#000000\nalp,#000000\nalp,#111111\n,#000000\nhut\n");
        let errors = errors.unwrap_err();
        assert_eq!(
            errors[0],
            "line 2: the color \"red\" must be # and six hexadecimal digits, such as #c1440e"
        );
        assert!(errors[1].starts_with("line 3: unknown hut type \"palace\"; expected one of: unk"));
        assert_eq!(errors[2], "line 5: the type alp is already given in line 4");
        assert_eq!(errors[3], "line 6: the slug is missing");
        assert_eq!(errors[4], "line 7: 1 fields, but the header has 2");
        assert_eq!(read("[7, {\"slug\": \"hut\", \"size\": 1}]").unwrap_err().len(), 2);
        assert!(read("color\n#000000\n").unwrap_err()[0].contains("lacks the column \"slug\""));
        assert!(read("slug,slug\nhut,alp\n").unwrap_err()[0].ends_with("column \"slug\" twice"));
        assert!(read("[{").unwrap_err()[0].starts_with("line 1: invalid JSON"));
    }

    #[test]
    fn what_is_written_is_read() {
        let style =
            |order| TypeStyle { identifier: "a,\"b\"".into(), color: "#00ff00".into(), order };
        let styles: TypeStyles =
            [(HutType::Hut, style(2)), (HutType::Alp, style(-1))].into_iter().collect();
        let csv = styles_to_csv(&styles);
        assert!(csv.starts_with("slug,identifier,color,order\nalp,"), "{csv}");
        for text in [csv, styles_to_json(&styles)] {
            let read = read(&text).unwrap();
            let style = |change: &StyleChange| (change.hut_type, change.applied(&style(0)));
            assert_eq!(read.iter().map(style).collect::<TypeStyles>(), styles, "{text}");
        }
    }
}
