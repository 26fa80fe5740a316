//! Writes huts as a file, CSV or JSON. If [`super::read`] reads the file, writing the huts again gives the
//! same bytes.

use serde::{Serialize, Serializer};
use serde_json::Value;
use strum::VariantArray;

use super::read::text_of;
use super::record::Column;
use crate::domain::organization::Organizations;
use crate::domain::register::{Hut, Source};

/// Formats huts as CSV, with a header.
#[must_use]
pub fn to_csv(huts: &[&Hut], organizations: &Organizations) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let header = Column::VARIANTS.iter().map(|column| <&str>::from(*column));
    let text = |name, value: &Value| text_of(name, value).expect("no column has objects");
    let mut write = |record: Vec<String>| {
        writer.write_record(record).expect("memory takes every record of the header's length");
    };
    write(header.map(str::to_owned).collect());
    huts.iter().for_each(|hut| {
        write(row(hut, organizations).map(|(name, value)| text(name, &value)).collect());
    });
    let bytes = writer.into_inner().expect("memory can be flushed");
    String::from_utf8(bytes).expect("all fields are UTF-8")
}

/// Formats huts as JSON: an array of objects, one hut on each line.
#[must_use]
pub fn to_json(huts: &[&Hut], organizations: &Organizations) -> String {
    let object = |hut: &&Hut| {
        serde_json::to_string(&HutObject(hut, organizations)).expect("plain values have JSON")
    };
    let objects: Vec<String> = huts.iter().map(object).collect();
    format!("[{}]\n", objects.join(",\n "))
}

/// A hut as a JSON object, with its keys in the order of the columns.
struct HutObject<'a>(&'a Hut, &'a Organizations);

impl Serialize for HutObject<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(row(self.0, self.1))
    }
}

fn row(hut: &Hut, organizations: &Organizations) -> impl Iterator<Item = (&'static str, Value)> {
    Column::VARIANTS.iter().map(|column| ((*column).into(), value(hut, *column, organizations)))
}

fn value(hut: &Hut, column: Column, organizations: &Organizations) -> Value {
    let fields = &hut.fields;
    let followed = hut.followed();
    match column {
        Column::Organization => fields.booking_ref.clone().into(),
        Column::SourceHutId => followed.map(|(_, source)| source.source_hut_id.clone()).into(),
        Column::Link => followed
            .and_then(|(organization, source)| link(organization, source, organizations))
            .into(),
        Column::OtherSources => {
            let is_other = |organization: &str| Some(organization) != fields.booking_ref.as_deref();
            let others = hut.own_sources().filter(|(organization, _)| is_other(organization));
            others
                .map(|(organization, source)| source_word(organization, source, organizations))
                .collect()
        }
        Column::SetByHand => hut.set_by_hand.iter().map(ToString::to_string).collect(),
        Column::Latitude => fields.latitude.into(),
        Column::Longitude => fields.longitude.into(),
        Column::Elevation => fields.elevation.into(),
        Column::CapacityOpen => fields.capacity_open.into(),
        Column::CapacityClosed => fields.capacity_closed.into(),
        Column::IsActive => fields.is_active.into(),
        Column::IsPublic => fields.is_public.into(),
        Column::Slug
        | Column::Name
        | Column::Country
        | Column::HutTypeOpen
        | Column::HutTypeClosed => {
            let field = column.field().expect("these are fields");
            Some(field.text(fields)).filter(|text| !text.is_empty()).into()
        }
    }
}

/// The link of a source. None if the link follows from the ID.
fn link(organization: &str, source: &Source, organizations: &Organizations) -> Option<String> {
    let by_id = organizations.booking_link(organization, &source.source_hut_id);
    source.link.clone().filter(|link| Some(link) != by_id.as_ref())
}

/// A source as one word: `ORGANIZATION:ID` or `ORGANIZATION:ID=LINK`.
fn source_word(organization: &str, source: &Source, organizations: &Organizations) -> String {
    let link = link(organization, source, organizations);
    let link = link.map(|link| format!("={link}")).unwrap_or_default();
    format!("{organization}:{}{link}", source.source_hut_id)
}
