//! Reads a list of facts about the huts of one organization: a CSV file of any origin, whose huts are named by their
//! ID at the organization.

use std::collections::BTreeMap;
use std::io::Read;

use super::read::{Lines, csv_problem, decoded};
use super::record::{Position, RecordError};
use crate::domain::field::{Field, HutFields, required};
use crate::domain::organization::{Organization, Organizations};
use crate::text::clean::one_line;

/// The most characters of the name of another column that are kept.
const MAX_NAME_LEN: usize = 40;

/// The names of the column with the IDs.
const ID_COLUMNS: [&str; 3] = ["source_hut_id", "structure", "hut_id"];

/// A valid list.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Facts {
    pub huts: Vec<HutFacts>,
    /// The columns that say nothing of these facts. They are not read.
    pub other_columns: Vec<String>,
}

/// The facts about one hut that the list has.
#[derive(Clone, Debug, PartialEq)]
pub struct HutFacts {
    pub source_hut_id: String,
    /// Holds the values of `known`; its other fields mean nothing.
    pub fields: HutFields,
    pub known: Vec<Field>,
}

/// The fact that a column holds, by its own name or a common one. Names, slugs and whether a hut is polled are no facts
/// about a place: they belong to the register and its discoveries.
fn fact(column: &str) -> Option<Field> {
    match column {
        "elevation" | "altitude" | "altitude_m" => Some(Field::Elevation),
        "capacity_open" | "places" => Some(Field::CapacityOpen),
        "country" => Some(Field::Country),
        "latitude" => Some(Field::Latitude),
        "longitude" => Some(Field::Longitude),
        "hut_type_open" => Some(Field::HutTypeOpen),
        "hut_type_closed" => Some(Field::HutTypeClosed),
        "capacity_closed" => Some(Field::CapacityClosed),
        _ => None,
    }
}

/// Reads a whole list. An empty cell is no fact.
///
/// # Errors
/// All errors of the list, in the order of their positions.
pub fn read_facts(
    file: impl Read,
    organization: Organization,
    organizations: &Organizations,
) -> Result<Facts, Vec<RecordError>> {
    let text = decoded(file)?;
    let error = |line, message: String| RecordError::new(Position::Line(line), message);
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.as_bytes());
    let header = reader.headers().cloned().unwrap_or_default();
    let Some(id_column) = header.iter().position(|name| ID_COLUMNS.contains(&name)) else {
        let names = ID_COLUMNS.join(", ");
        return Err(vec![error(1, format!("the header has no column of IDs: one of {names}"))]);
    };
    let columns: Vec<Option<Field>> = header.iter().map(fact).collect();
    let is_other = |(at, _): &(usize, &str)| columns[*at].is_none() && *at != id_column;
    let other_columns = header.iter().enumerate().filter(is_other);
    let mut facts = Facts {
        other_columns: other_columns.map(|(_, name)| one_line(name, MAX_NAME_LEN)).collect(),
        ..Facts::default()
    };
    let (mut lines, mut errors) = (Lines::new(&text), Vec::new());
    let mut seen = BTreeMap::new();
    for record in reader.records() {
        let (line, hut) = match record {
            Ok(record) => {
                let line = lines.of(record.position());
                (line, hut_facts(&record, id_column, &columns, organization, organizations))
            }
            Err(problem) => (lines.of(problem.position()), Err(csv_problem(&problem))),
        };
        let hut = hut.and_then(|hut| match seen.insert(hut.source_hut_id.clone(), line) {
            Some(first) => {
                Err(format!("the ID {:?} is already used in line {first}", hut.source_hut_id))
            }
            None => Ok(hut),
        });
        match hut {
            Ok(hut) => facts.huts.push(hut),
            Err(message) => errors.push(error(line, message)),
        }
    }
    if errors.is_empty() { Ok(facts) } else { Err(errors) }
}

fn hut_facts(
    record: &csv::StringRecord,
    id_column: usize,
    columns: &[Option<Field>],
    organization: Organization,
    organizations: &Organizations,
) -> Result<HutFacts, String> {
    let id = required("the ID", record.get(id_column).unwrap_or_default())?;
    let (mut fields, mut known) = (HutFields::new("", ""), Vec::new());
    for (field, text) in columns.iter().zip(record).filter(|(_, text)| !text.is_empty()) {
        if let Some(field) = field {
            field.set(&mut fields, text, organizations)?;
            known.push(*field);
        }
    }
    // One half of a place, with the other half of the stored one, would be a third place.
    if known.contains(&Field::Latitude) != known.contains(&Field::Longitude) {
        return Err("a place needs both latitude and longitude".to_owned());
    }
    Ok(HutFacts { source_hut_id: organization.hut_id(id)?, fields, known })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sites::registry::Registry;

    fn read(text: &str) -> Result<Facts, Vec<String>> {
        let organizations = Registry::default().organizations();
        let ffcam = organizations.get("ffcam").unwrap();
        read_facts(text.as_bytes(), ffcam, &organizations)
            .map_err(|errors| errors.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn facts_are_read_by_the_names_of_their_columns() {
        let facts = read(
            "\u{feff}structure,name,latitude,longitude,altitude_m,places,unguarded\n\
             BK_STRUCTURE:85,\"AIGLE, (FFCAM)\",45.011304,6.324587,3440,30,2\n\
             BK_STRUCTURE:124,,42.846065,-0.329145,,28,\n",
        )
        .unwrap();
        assert_eq!(facts.other_columns, ["name", "unguarded"]);
        let [eagle, arremoulit] = &facts.huts[..] else { panic!("{facts:?}") };
        assert_eq!(
            (&*eagle.source_hut_id, eagle.fields.elevation),
            ("BK_STRUCTURE:85", Some(3440))
        );
        let known = [Field::Latitude, Field::Longitude, Field::CapacityOpen];
        assert_eq!(
            (&arremoulit.known[..], arremoulit.fields.longitude),
            (&known[..], Some(-0.329_145))
        );
    }

    #[test]
    fn each_invalid_line_gives_an_error() {
        let errors = read(
            "hut_id,latitude,longitude,places\n7,45.0,6.0,3\nBK_STRUCTURE:1,95,6.0,3\nBK_STRUCTURE:2,45.0,,3\n\
             BK_STRUCTURE:3,,,many\nBK_STRUCTURE:4,,,\nBK_STRUCTURE:4,,,\n,,,\nBK_STRUCTURE:5\n",
        )
        .unwrap_err();
        for (error, expected) in errors.iter().zip([
            "line 2: \"7\" is not a valid hut ID of ffcam: it must be a structure, such as BK_STRUCTURE:100",
            "line 3: latitude \"95\" must be a number from -90 to 90",
            "line 4: a place needs both latitude and longitude",
            "line 5: capacity_open \"many\" must be a whole number from 0 to 32767",
            "line 7: the ID \"BK_STRUCTURE:4\" is already used in line 6",
            "line 8: the ID is empty",
            "line 9: 1 fields, but the header has 4",
        ]) {
            assert!(error.starts_with(expected), "{error}");
        }
        assert_eq!(errors.len(), 7);
        let header = read("slug,name\na,A\n").unwrap_err();
        let expected =
            "line 1: the header has no column of IDs: one of source_hut_id, structure, hut_id";
        assert_eq!(header, [expected]);
    }
}
