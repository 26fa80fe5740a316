//! Stores enums of the domain in text columns, on every backend.

use crate::domain::hut::HutType;
use crate::domain::state::ReservationStatus;
use crate::domain::tier::Tier;

/// Lets these enums, whose texts are those of strum, be the values of a text column.
macro_rules! text_column {
    ($($enum:ty),+) => {$(
        impl<DB> diesel::serialize::ToSql<diesel::sql_types::Text, DB> for $enum
        where
            DB: diesel::backend::Backend,
            str: diesel::serialize::ToSql<diesel::sql_types::Text, DB>,
        {
            fn to_sql<'b>(
                &'b self,
                out: &mut diesel::serialize::Output<'b, '_, DB>,
            ) -> diesel::serialize::Result {
                let slug: &'static str = self.into();
                slug.to_sql(out)
            }
        }

        impl<DB> diesel::deserialize::FromSql<diesel::sql_types::Text, DB> for $enum
        where
            DB: diesel::backend::Backend,
            String: diesel::deserialize::FromSql<diesel::sql_types::Text, DB>,
        {
            fn from_sql(value: DB::RawValue<'_>) -> diesel::deserialize::Result<Self> {
                let slug = String::from_sql(value)?;
                slug.parse().map_err(|_| {
                    format!("{slug:?} is not a {} that this version knows", stringify!($enum)).into()
                })
            }
        }
    )+};
}

pub(super) use text_column;

text_column!(HutType, ReservationStatus, Tier);
