//! The pages of the fake centrale.ffcam.fr, modelled on a captured one. They share no code with the client, so that
//! each tests the other.

use std::collections::BTreeMap;
use std::fmt::Write;

use chrono::{Datelike, Months, NaiveDate};
use serde::Serialize;
use serde_json::json;

/// A page of the site: the nights of one structure, and the list of all structures.
#[derive(Clone, Debug, Default)]
pub struct StructurePage {
    /// None if the site does not know the requested structure.
    pub structure: Option<String>,
    pub structures: Vec<Structure>,
    /// The month with which the nights begin.
    pub begins: Option<NaiveDate>,
    pub free: BTreeMap<NaiveDate, i32>,
    /// None if the structure publishes no totals.
    pub stock: Option<BTreeMap<NaiveDate, i32>>,
    /// The nights on which it is open.
    pub open: Vec<NaiveDate>,
}

/// A structure in the list.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Structure {
    structure: String,
    name: String,
    short_name: String,
    min_date: NaiveDate,
    max_date: NaiveDate,
    booking_delay: &'static str,
    unguarded: &'static str,
    max_days: u8,
    max_pax: u8,
    show_available: &'static str,
    structure_type: &'static str,
    groupement: &'static str,
    email: &'static str,
}

impl Structure {
    /// A structure that sells the nights from `first` to `last`.
    #[must_use]
    pub fn new(
        structure: String,
        name: &str,
        (first, last): (NaiveDate, NaiveDate),
        shows_numbers: bool,
    ) -> Self {
        Self {
            structure,
            // The site has most of its names in capitals.
            name: format!("{} (FFCAM)", name.to_uppercase()),
            short_name: name.to_owned(),
            min_date: first,
            max_date: last,
            booking_delay: "500",
            unguarded: "2",
            max_days: 2,
            max_pax: 12,
            show_available: if shows_numbers { "1" } else { "2" },
            structure_type: "BK_STRUCTURECATEGORY:REFUGE",
            groupement: "BK_GROUP:CAF",
            email: "",
        }
    }

    fn shows_numbers(&self) -> bool {
        self.show_available == "1"
    }
}

/// The two months of an answer that begins with the month of `date`: the first night, and the first one after them.
#[must_use]
pub fn two_months(date: NaiveDate) -> (NaiveDate, NaiveDate) {
    let first = date.with_day(1).expect("each month has a first day");
    (first, first + Months::new(2))
}

impl StructurePage {
    /// The page as HTML: one assignment a line, in the order of the captured page.
    #[must_use]
    pub fn html(&self) -> String {
        let list = self.structures.iter().map(|entry| (entry.structure.clone(), json!(entry)));
        let answered = self.structures.iter();
        let mut answered =
            answered.filter(|entry| Some(&entry.structure) == self.structure.as_ref());
        let shows_numbers = answered.next().is_none_or(Structure::shows_numbers);
        let calendar: BTreeMap<_, _> = self.open.iter().map(|night| (night, "OPEN")).collect();
        let mut lines = String::new();
        let mut line = |name: &str, value: &serde_json::Value| {
            writeln!(lines, "BK.{name} = {};", in_php(value)).expect("a text can be written to");
        };
        line("arrivalDate", &json!(self.begins));
        line("openingCalendar", &json!(calendar));
        line("structuresList", &serde_json::Value::Object(list.collect()));
        line("globalAvailability", &json!(self.free));
        line("totalAvailability", &json!(self.free));
        if let Some(stock) = &self.stock {
            line("globalStock", &json!(stock));
        }
        line("arrivalDateIndex", &json!(1));
        line("availability", &json!(self.free));
        line("pax", &json!(1));
        line("structure", &json!(self.structure));
        line("showAvailable", &json!(shows_numbers));
        line("_action", &json!("availability"));
        format!(
            "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<title>Refuge réservation</title>\n\
             <script type=\"text/javascript\">\n\n{lines}</script>\n</head>\n<body>\n</body>\n</html>\n"
        )
    }
}

/// JSON as PHP writes it: an empty object is `[]`, slashes and other characters than ASCII are escaped.
fn in_php(value: &serde_json::Value) -> String {
    if value.as_object().is_some_and(serde_json::Map::is_empty) {
        return "[]".to_owned();
    }
    let mut text = String::new();
    for c in value.to_string().chars() {
        match c {
            '/' => text.push_str("\\/"),
            c if c.is_ascii() => text.push(c),
            c => {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    write!(text, "\\u{unit:04x}").expect("a text can be written to");
                }
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_has_its_json_as_php_writes_it() {
        let night: NaiveDate = "2026-07-01".parse().unwrap();
        let structure =
            Structure::new("BK_STRUCTURE:30".into(), "Refuge du Goûter", (night, night), true);
        let mut page = StructurePage { structures: vec![structure], ..StructurePage::default() };
        assert!(page.html().contains("BK.structure = null;\nBK.showAvailable = true;\n"));
        assert!(
            page.html().contains("BK.globalAvailability = [];\n") && !page.html().contains("Stock")
        );
        page.free.insert(night, 3);
        assert!(page.html().contains("BK.globalAvailability = {\"2026-07-01\":3};\n"));
        assert!(page.html().contains("\"name\":\"REFUGE DU GO\\u00dbTER (FFCAM)\""));
        assert!(page.html().contains("\"minDate\":\"2026-07-01\""));
    }
}
