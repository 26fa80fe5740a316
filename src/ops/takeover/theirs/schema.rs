//! The tables of the Wodore backend. Its versions are recognized by their columns.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::bail;
use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::Text;
use serde::Serialize;

pub const HUT: &str = "huts_hut";
pub const ASSOCIATION: &str = "huts_hutorganizationassociation";
pub const ORGANIZATION: &str = "organizations_organization";
pub const CATEGORY: &str = "categories_category";
pub const AVAILABILITY: &str = "availability_hutavailability";
pub const HISTORY: &str = "availability_hutavailabilityhistory";
pub const STATUS: &str = "availability_availabilitystatus";

/// The columns that are read of each table.
const REQUIRED: [(&str, &[&str]); 7] = [
    (
        HUT,
        &[
            "id",
            "slug",
            "name",
            "country_field",
            "location",
            "elevation",
            "capacity_open",
            "capacity_closed",
            "hut_type_open_id",
            "hut_type_closed_id",
            "is_active",
            "is_public",
        ],
    ),
    (ASSOCIATION, &["hut_id", "organization_id", "source_id", "link"]),
    (ORGANIZATION, &["id", "slug"]),
    (CATEGORY, &["id", "slug", "parent_id"]),
    (
        AVAILABILITY,
        &[
            "hut_id",
            "source_organization_id",
            "source_id",
            "availability_date",
            "free",
            "total",
            "occupancy_status",
            "reservation_status",
            "link",
            "hut_type_id",
            "first_checked",
            "last_checked",
        ],
    ),
    (
        HISTORY,
        &[
            "id",
            "hut_id",
            "availability_date",
            "free",
            "total",
            "occupancy_status",
            "reservation_status",
            "hut_type_id",
            "first_checked",
            "last_checked",
        ],
    ),
    (STATUS, &["hut_id", "last_checked", "has_data", "consecutive_failures"]),
];

/// The names that the column of the followed organization has had.
const SOURCE_REF: [&str; 3] = ["availability_source_ref_id", "booking_ref_id", "booking_ref"];

/// A version of the backend.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, strum::Display)]
pub enum Version {
    #[serde(rename = "april-2026")]
    #[strum(serialize = "April 2026")]
    April,
    /// Places may be null.
    #[serde(rename = "october-2026")]
    #[strum(serialize = "October 2026")]
    October,
}

/// The columns of the tables.
#[derive(Clone, Debug)]
pub struct Schema {
    columns: BTreeMap<String, BTreeSet<String>>,
    /// The column of a hut that names the followed organization.
    pub source_ref: &'static str,
}

#[derive(QueryableByName)]
struct Column {
    #[diesel(sql_type = Text)]
    of: String,
    #[diesel(sql_type = Text)]
    name: String,
}

impl Schema {
    /// Reads the columns.
    ///
    /// # Errors
    /// A table or a column is missing.
    pub fn read(connection: &mut PgConnection) -> anyhow::Result<Self> {
        let tables = REQUIRED.map(|(table, _)| format!("'{table}'")).join(", ");
        let columns: Vec<Column> = sql_query(format!(
            "SELECT name AS of, attname::text AS name FROM unnest(ARRAY[{tables}]) AS name \
             JOIN pg_attribute ON attrelid = to_regclass(name) AND attnum > 0 AND NOT attisdropped"
        ))
        .load(connection)?;
        let mut found = BTreeMap::<_, BTreeSet<_>>::new();
        for Column { of, name } in columns {
            found.entry(of).or_default().insert(name);
        }
        Self::new(found)
    }

    fn new(columns: BTreeMap<String, BTreeSet<String>>) -> anyhow::Result<Self> {
        for (table, required) in REQUIRED {
            let Some(found) = columns.get(table) else {
                bail!(
                    "there is no table {table:?}: --from must be the database of the Wodore backend, and its user \
                     must find the table by the search_path"
                );
            };
            if let Some(missing) = required.iter().find(|column| !found.contains(**column)) {
                bail!(
                    "the table {table:?} has no column {missing:?}: this program knows the tables of the Wodore \
                     backend of April and of October 2026"
                );
            }
        }
        let source_ref = SOURCE_REF.into_iter().find(|name| columns[HUT].contains(*name));
        let Some(source_ref) = source_ref else {
            bail!("the table {HUT:?} has none of the columns {}", SOURCE_REF.join(", "));
        };
        Ok(Self { columns, source_ref })
    }

    fn has(&self, table: &str, column: &str) -> bool {
        self.columns.get(table).is_some_and(|columns| columns.contains(column))
    }

    /// The first of these columns that a table has, as a text in SQL; `NULL` if it has none.
    #[must_use]
    pub fn first_of(&self, table: &str, columns: &[&str]) -> String {
        let column = columns.iter().find(|column| self.has(table, column));
        column.map_or_else(|| "NULL".into(), |column| format!("{table}.\"{column}\""))
    }

    /// The version, found out by its columns.
    #[must_use]
    pub fn version(&self) -> Version {
        match self.has(AVAILABILITY, "free_tolerance") {
            true => Version::October,
            false => Version::April,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns() -> BTreeMap<String, BTreeSet<String>> {
        let texts = |columns: &[&str]| columns.iter().map(ToString::to_string).collect();
        let mut columns: BTreeMap<_, BTreeSet<_>> =
            REQUIRED.iter().map(|(table, columns)| ((*table).to_owned(), texts(columns))).collect();
        columns.get_mut(HUT).unwrap().insert("booking_ref_id".into());
        columns
    }

    #[test]
    fn the_version_is_found_out_by_the_columns() {
        let april = Schema::new(columns()).unwrap();
        assert_eq!((april.version(), april.source_ref), (Version::April, "booking_ref_id"));
        let mut october = columns();
        october.get_mut(HUT).unwrap().insert("availability_source_ref_id".into());
        october.get_mut(AVAILABILITY).unwrap().insert("free_tolerance".into());
        let october = Schema::new(october).unwrap();
        assert_eq!(october.version(), Version::October);
        assert_eq!(october.source_ref, "availability_source_ref_id");
        assert_eq!(october.first_of(CATEGORY, &["colour", "slug"]), "categories_category.\"slug\"");
        assert_eq!(october.first_of(CATEGORY, &["colour"]), "NULL");
    }

    #[test]
    fn a_missing_table_or_column_is_named() {
        let mut lacking = columns();
        lacking.get_mut(HISTORY).unwrap().remove("total");
        let error = Schema::new(lacking).unwrap_err().to_string();
        assert!(error.contains(HISTORY) && error.contains("\"total\""), "{error}");
        let mut lacking = columns();
        lacking.remove(STATUS);
        assert!(Schema::new(lacking).unwrap_err().to_string().contains(STATUS));
        let mut lacking = columns();
        lacking.get_mut(HUT).unwrap().remove("booking_ref_id");
        assert!(Schema::new(lacking).unwrap_err().to_string().contains("booking_ref"));
    }
}
