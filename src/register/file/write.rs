//! Huts as a file that [`super::read`] takes: what it reads back writes the same bytes.

use std::str::FromStr;

use serde::{Serialize, Serializer};
use serde_json::Value;
use strum::VariantArray;

use super::Column;
use super::read::text_of;
use crate::domain::hut::Organization;
use crate::domain::register::{Hut, Source};

/// Formats huts as CSV, with a header.
#[must_use]
pub fn to_csv(huts: &[&Hut]) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let header = Column::VARIANTS.iter().map(|column| <&str>::from(*column));
    let text = |name, value: &Value| text_of(name, value).expect("no column has objects");
    let mut write = |record: Vec<String>| {
        writer.write_record(record).expect("memory takes every record of the header's length");
    };
    write(header.map(str::to_owned).collect());
    huts.iter().for_each(|hut| write(row(hut).map(|(name, value)| text(name, &value)).collect()));
    let bytes = writer.into_inner().expect("memory can be flushed");
    String::from_utf8(bytes).expect("texts make a text")
}

/// Formats huts as JSON: an array of objects, a hut a line.
#[must_use]
pub fn to_json(huts: &[&Hut]) -> String {
    let object =
        |hut: &&Hut| serde_json::to_string(&HutObject(hut)).expect("plain values have JSON");
    let objects: Vec<String> = huts.iter().map(object).collect();
    format!("[{}]\n", objects.join(",\n "))
}

/// An object whose keys have the order of the columns.
struct HutObject<'a>(&'a Hut);

impl Serialize for HutObject<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(row(self.0))
    }
}

fn row(hut: &Hut) -> impl Iterator<Item = (&'static str, Value)> {
    Column::VARIANTS.iter().map(|column| ((*column).into(), value(hut, *column)))
}

fn value(hut: &Hut, column: Column) -> Value {
    let fields = &hut.fields;
    let followed = hut.followed();
    match column {
        Column::Organization => fields.booking_ref.clone().into(),
        Column::SourceHutId => followed.map(|(_, source)| source.source_hut_id.clone()).into(),
        Column::Link => {
            followed.and_then(|(organization, source)| link(organization, source)).into()
        }
        Column::OtherSources => {
            let is_other = |organization: &str| Some(organization) != fields.booking_ref.as_deref();
            let others = hut.own_sources().filter(|(organization, _)| is_other(organization));
            others.map(|(organization, source)| in_a_word(organization, source)).collect()
        }
        Column::SetByHand => hut.set_by_hand.iter().map(ToString::to_string).collect(),
        Column::Latitude => fields.latitude.into(),
        Column::Longitude => fields.longitude.into(),
        Column::Elevation => fields.elevation.into(),
        Column::CapacityOpen => fields.capacity_open.into(),
        Column::CapacityClosed => fields.capacity_closed.into(),
        Column::IsActive => fields.is_active.into(),
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

/// The link, where the ID does not say it.
fn link(organization: &str, source: &Source) -> Option<String> {
    let said = Organization::from_str(organization).ok();
    let said = said.and_then(|organization| organization.booking_link(&source.source_hut_id));
    source.link.clone().filter(|link| Some(link) != said.as_ref())
}

fn in_a_word(organization: &str, source: &Source) -> String {
    let link = link(organization, source).map(|link| format!("={link}")).unwrap_or_default();
    format!("{organization}:{}{link}", source.source_hut_id)
}
