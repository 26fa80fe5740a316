//! The fields of a hut as columns of `hut`.

use diesel::prelude::*;

use super::schema::hut;
use crate::domain::field::HutFields;
use crate::domain::hut::HutType;

/// Declares the row, and its conversions to and from [`HutFields`], from one list of columns.
macro_rules! hut_fields_row {
    ($($column:ident: $type:ty,)+) => {
        /// A row without its ID.
        #[derive(AsChangeset, Insertable, Queryable, Selectable)]
        #[diesel(table_name = hut, treat_none_as_null = true, treat_none_as_default_value = false)]
        pub(super) struct HutFieldsRow {
            $($column: $type,)+
        }

        impl From<HutFields> for HutFieldsRow {
            fn from(fields: HutFields) -> Self {
                Self { $($column: fields.$column,)+ }
            }
        }

        impl From<HutFieldsRow> for HutFields {
            fn from(row: HutFieldsRow) -> Self {
                Self { $($column: row.$column,)+ }
            }
        }
    };
}

hut_fields_row! {
    slug: String,
    name: String,
    country: Option<String>,
    latitude: Option<f64>,
    longitude: Option<f64>,
    elevation: Option<i16>,
    hut_type_open: Option<HutType>,
    hut_type_closed: Option<HutType>,
    capacity_open: Option<i16>,
    capacity_closed: Option<i16>,
    is_active: bool,
    booking_ref: Option<String>,
    is_public: bool,
}
