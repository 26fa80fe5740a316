//! The records of a file of huts.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt::Display;
use std::str::FromStr;

use strum::{EnumString, IntoStaticStr, VariantArray, VariantNames};

use crate::domain::field::{Field, HutFields, one_of, required};
use crate::domain::organization::{Organization, Organizations};
use crate::domain::register::{Hut, Source};

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
    /// The organization whose bookings we follow. Empty: the hut is not bookable.
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
    /// False: readers do not see the hut.
    IsPublic,
    /// The page where the hut is booked, if the link does not follow from its ID.
    Link,
    /// The other organizations that list the hut: `ORGANIZATION:ID` or `ORGANIZATION:ID=LINK`, separated by
    /// spaces.
    OtherSources,
    /// The pinned fields, separated by spaces. Discoveries do not change them.
    SetByHand,
}

/// The columns that each file must have.
pub(super) const REQUIRED: [Column; 4] =
    [Column::Slug, Column::Name, Column::Organization, Column::SourceHutId];

/// The fields of a hut in a file: the text of each column.
pub(super) type Texts = BTreeMap<Column, String>;

/// A file in which each hut is valid.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct HutFile {
    pub huts: Vec<HutRecord>,
}

impl HutFile {
    /// Pins all fields that have a value in the file, and that discoveries could change.
    pub fn pin_fields(&mut self) {
        for HutRecord { hut, columns, also_pinned, .. } in &mut self.huts {
            let fields = columns.iter().filter_map(|column| column.field());
            let has_value =
                |field: &Field| field.is_discovered() && !field.text(&hut.fields).is_empty();
            also_pinned.extend(fields.filter(has_value));
        }
    }
}

/// One valid hut of a file.
#[derive(Clone, Debug, PartialEq)]
pub struct HutRecord {
    pub position: Position,
    pub hut: Hut,
    /// The columns of the file. An import does not change the fields of other columns. An empty field
    /// deletes the stored value.
    pub columns: BTreeSet<Column>,
    /// Fields that an import pins, in addition to those that are already pinned.
    pub also_pinned: BTreeSet<Field>,
}

/// The position of a hut in a file, from 1 on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Position {
    Line(u64),
    /// The number of the hut, in JSON.
    Hut(u64),
    /// The number of another record, in JSON.
    Record(u64),
}

impl Display for Position {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Line(line) => write!(f, "line {line}"),
            Self::Hut(number) => write!(f, "hut {number}"),
            Self::Record(number) => write!(f, "record {number}"),
        }
    }
}

/// An error of one hut of a file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{position}: {message}")]
pub struct RecordError {
    pub position: Position,
    pub message: String,
}

impl RecordError {
    pub(super) fn new(position: Position, message: impl Display) -> Self {
        Self { position, message: message.to_string() }
    }
}

/// A column by its name.
pub(super) fn column(name: &str) -> Result<Column, String> {
    name.parse().map_err(|_| {
        format!("unknown column {name:?}; columns are {}", Column::VARIANTS_NAMES.join(","))
    })
}

impl Column {
    pub(super) const VARIANTS_NAMES: &'static [&'static str] = <Self as VariantNames>::VARIANTS;

    /// The field of a hut that has the same name as the column.
    #[must_use]
    pub fn field(self) -> Option<Field> {
        Field::from_str(self.into()).ok()
    }
}

impl HutRecord {
    pub(super) fn parse(
        position: Position,
        texts: &Texts,
        organizations: &Organizations,
    ) -> Result<Self, String> {
        let text = |column| texts.get(&column).map(String::as_str).unwrap_or_default();
        // A spreadsheet may have `is_active` or `is_public` for only some of its huts. Then the empty cells mean
        // "no change".
        let is_ignored = |column: &Column| {
            matches!(column, Column::IsActive | Column::IsPublic) && text(*column).is_empty()
        };
        let mut fields = HutFields::new("", "");
        for (column, text) in texts {
            if let Some(field) = column.field().filter(|_| !is_ignored(column)) {
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
                return Err(format!("{organization} is given twice; the second time as {word:?}"));
            }
        }
        for word in text(Column::SetByHand).split_whitespace() {
            hut.set_by_hand.insert(one_of("field", word)?);
        }
        let columns: BTreeSet<Column> =
            texts.keys().copied().filter(|column| !is_ignored(column)).collect();
        let mut also_pinned = BTreeSet::new();
        if !hut.fields.is_active && !columns.contains(&Column::SetByHand) {
            // Otherwise the next discovery could activate the hut again.
            also_pinned.insert(Field::IsActive);
        }
        Ok(Self { position, hut, columns, also_pinned })
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
    if is_link && !text.contains(|c: char| c.is_whitespace() || c.is_control()) {
        Ok(Some(text.to_owned()))
    } else {
        Err(format!(
            "the link {text:?} must begin with https:// or http://, and have no spaces and no control characters"
        ))
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

/// The errors of huts whose slug or ID an earlier hut of the file has.
pub(super) fn duplicate_errors(huts: &[HutRecord]) -> Vec<RecordError> {
    let (mut slugs, mut sources) = (HashMap::new(), HashMap::new());
    let mut errors = Vec::new();
    for record in huts {
        let position = record.position;
        let slug = &record.hut.fields.slug;
        if let Some(first) = slugs.insert(slug, position) {
            let message = format!("the slug {slug:?} is already used in {first}");
            errors.push(RecordError::new(position, message));
        }
        for (organization, source) in &record.hut.sources {
            let id = &source.source_hut_id;
            if let Some(first) = sources.insert((organization, id), position) {
                let message = format!("the ID {id:?} of {organization} is already used in {first}");
                errors.push(RecordError::new(position, message));
            }
        }
    }
    errors
}
