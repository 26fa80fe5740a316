//! Stores enums of the domain in text columns, on every backend.

use diesel::backend::Backend;
use diesel::deserialize::{self, FromSql};
use diesel::serialize::{self, Output, ToSql};
use diesel::sql_types::Text;

use crate::domain::hut::HutType;
use crate::domain::state::ReservationStatus;
use crate::domain::tier::Tier;

macro_rules! text_column {
    ($($enum:ty),+) => {$(
        impl<DB> ToSql<Text, DB> for $enum
        where
            DB: Backend,
            str: ToSql<Text, DB>,
        {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, DB>) -> serialize::Result {
                let slug: &'static str = self.into();
                slug.to_sql(out)
            }
        }

        impl<DB> FromSql<Text, DB> for $enum
        where
            DB: Backend,
            String: FromSql<Text, DB>,
        {
            fn from_sql(value: DB::RawValue<'_>) -> deserialize::Result<Self> {
                let slug = String::from_sql(value)?;
                slug.parse().map_err(|_| {
                    format!("{slug:?} is not a {} that this version knows", stringify!($enum)).into()
                })
            }
        }
    )+};
}

text_column!(HutType, ReservationStatus, Tier);
