//! Huts as a file lists them, CSV or JSON: what an import takes and an export gives.

mod read;
mod write;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt::Display;
use std::str::FromStr;

use strum::{EnumString, IntoStaticStr, VariantArray, VariantNames};

use crate::domain::field::HutFields;
use crate::domain::field::{Field, one_of, required};
use crate::domain::organization::{Organization, Organizations};
use crate::domain::register::{Hut, Source};

pub use read::read;
pub use write::{to_csv, to_json};

/// A column of a CSV file, or a key of JSON, in the order in which they are documented.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    strum::Display,
    EnumString,
    IntoStaticStr,
    VariantArray,
    VariantNames,
)]
#[strum(serialize_all = "snake_case")]
pub enum Column {
    Slug,
    Name,
    /// The organization that is followed; empty: not bookable.
    Organization,
    SourceHutId,
    Country,
    Latitude,
    Longitude,
    Elevation,
    HutTypeOpen,
    HutTypeClosed,
    CapacityOpen,
    CapacityClosed,
    IsActive,
    /// The page where the hut is booked, where its ID does not say it.
    Link,
    /// Who else knows the hut: `ORGANIZATION:ID` or `ORGANIZATION:ID=LINK`, separated by spaces.
    OtherSources,
    /// Fields that discoveries leave as they are, separated by spaces.
    SetByHand,
}

/// The columns that must be there.
const REQUIRED: [Column; 4] =
    [Column::Slug, Column::Name, Column::Organization, Column::SourceHutId];

/// What a file says of a hut: the text of each column that it has.
type Texts = BTreeMap<Column, String>;

/// A file whose every hut is sound.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct HutFile {
    pub huts: Vec<HutRecord>,
}

impl HutFile {
    /// Makes all that the file says of its huts set by hand.
    pub fn set_by_hand(&mut self) {
        for HutRecord { hut, columns, also_by_hand, .. } in &mut self.huts {
            let said = columns.iter().filter_map(|column| column.field());
            let is_said =
                |field: &Field| field.is_discovered() && !field.text(&hut.fields).is_empty();
            also_by_hand.extend(said.filter(is_said));
        }
    }
}

/// One hut of a file, sound in itself.
#[derive(Clone, Debug, PartialEq)]
pub struct HutRecord {
    pub position: Position,
    pub hut: Hut,
    /// The columns that the file has. An import leaves the others as they are stored, where an empty
    /// field empties.
    pub columns: BTreeSet<Column>,
    /// Fields that are set by hand besides those that are so already.
    pub also_by_hand: BTreeSet<Field>,
}

/// Where in a file a hut is, from 1 on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Position {
    Line(u64),
    /// In JSON.
    Hut(u64),
}

impl Display for Position {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Line(line) => write!(f, "line {line}"),
            Self::Hut(number) => write!(f, "hut {number}"),
        }
    }
}

/// What is wrong with a hut of a file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{position}: {message}")]
pub struct RecordError {
    pub position: Position,
    pub message: String,
}

impl RecordError {
    fn new(position: Position, message: impl Display) -> Self {
        Self { position, message: message.to_string() }
    }
}

/// A column by its name.
fn column(name: &str) -> Result<Column, String> {
    name.parse().map_err(|_| {
        format!("unknown column {name:?}; columns are {}", Column::VARIANTS_NAMES.join(","))
    })
}

impl Column {
    const VARIANTS_NAMES: &'static [&'static str] = <Self as VariantNames>::VARIANTS;

    /// The field of a hut of the same name.
    #[must_use]
    pub fn field(self) -> Option<Field> {
        Field::from_str(self.into()).ok()
    }
}

impl HutRecord {
    fn parse(
        position: Position,
        texts: &Texts,
        organizations: &Organizations,
    ) -> Result<Self, String> {
        let text = |column| texts.get(&column).map(String::as_str).unwrap_or_default();
        // An empty is_active is that of a spreadsheet whose other lines have one.
        let says_nothing =
            |column: &Column| *column == Column::IsActive && text(*column).is_empty();
        let mut fields = HutFields::new("", "");
        for (column, text) in texts {
            if let Some(field) = column.field().filter(|_| !says_nothing(column)) {
                field.set(&mut fields, text, organizations)?;
            }
        }
        let mut hut = Hut::new(fields);
        let (organization, id) = (text(Column::Organization), text(Column::SourceHutId));
        if !(organization.is_empty() && id.is_empty()) {
            let organization = required("organization", organization)?;
            let organization = organizations.find("organization", organization)?;
            let id = organization.hut_id(required("source_hut_id", id)?)?;
            let link = link(text(Column::Link))?;
            hut.fields.booking_ref = Some(organization.to_string());
            hut.sources.insert(organization.to_string(), Source { link, ..source(id) });
        }
        for word in text(Column::OtherSources).split_whitespace() {
            let (organization, source) = other_source(word, organizations)?;
            if hut.sources.insert(organization.to_string(), source).is_some() {
                return Err(format!("{organization} is given twice, again as {word:?}"));
            }
        }
        for word in text(Column::SetByHand).split_whitespace() {
            hut.set_by_hand.insert(one_of("field", word)?);
        }
        let columns: BTreeSet<Column> =
            texts.keys().copied().filter(|column| !says_nothing(column)).collect();
        let mut also_by_hand = BTreeSet::new();
        if !hut.fields.is_active && !columns.contains(&Column::SetByHand) {
            // Whoever has written so does not want the next discovery to follow the hut again.
            also_by_hand.insert(Field::IsActive);
        }
        Ok(Self { position, hut, columns, also_by_hand })
    }
}

fn source(source_hut_id: String) -> Source {
    Source { source_hut_id, ..Source::default() }
}

fn link(text: &str) -> Result<Option<String>, String> {
    if text.is_empty() {
        return Ok(None);
    }
    let is_link = text.starts_with("https://") || text.starts_with("http://");
    if is_link && !text.contains(char::is_whitespace) {
        Ok(Some(text.to_owned()))
    } else {
        Err(format!("the link {text:?} must begin with https:// or http:// and have no spaces"))
    }
}

/// `ORGANIZATION:ID` or `ORGANIZATION:ID=LINK`
fn other_source(
    word: &str,
    organizations: &Organizations,
) -> Result<(Organization, Source), String> {
    let Some((organization, rest)) = word.split_once(':') else {
        return Err(format!("the other source {word:?} must be ORGANIZATION:ID, such as hrs:29"));
    };
    let (id, url) = rest.split_once('=').unwrap_or((rest, ""));
    let organization = organizations.find("organization", organization)?;
    Ok((organization, Source { link: link(url)?, ..source(organization.hut_id(id)?) }))
}

/// Huts that name what an earlier one has named already.
fn repeated(huts: &[HutRecord]) -> Vec<RecordError> {
    let (mut slugs, mut sources) = (HashMap::new(), HashMap::new());
    let mut errors = Vec::new();
    for record in huts {
        let position = record.position;
        let slug = &record.hut.fields.slug;
        if let Some(first) = slugs.insert(slug, position) {
            let message = format!("the slug {slug:?} stands on {first} already");
            errors.push(RecordError::new(position, message));
        }
        for (organization, source) in &record.hut.sources {
            let id = &source.source_hut_id;
            if let Some(first) = sources.insert((organization, id), position) {
                let message = format!("the ID {id:?} of {organization} stands on {first} already");
                errors.push(RecordError::new(position, message));
            }
        }
    }
    errors
}
