//! The views for readers, declared like tables. Their SQL is in the migrations.

use super::schema::hut;

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::timestamp::Timestamptz;

    /// The current state, one row per hut and date.
    hut_availability (hut_id, availability_date) {
        hut_id -> Int4,
        availability_date -> Date,
        source_organization -> Text,
        source_hut_id -> Text,
        free -> Nullable<Int2>,
        total -> Nullable<Int2>,
        occupancy_percent -> Nullable<Double>,
        occupancy_steps -> Nullable<Int2>,
        occupancy_status -> Text,
        reservation_status -> Text,
        link -> Nullable<Text>,
        hut_type -> Text,
        first_checked -> Timestamptz,
        last_checked -> Timestamptz,
        withdrawn -> Bool,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::timestamp::Timestamptz;

    /// The history, one row per hut, date and state, append-only.
    hut_availability_history (hut_id, availability_date, first_checked) {
        hut_id -> Int4,
        availability_date -> Date,
        free -> Nullable<Int2>,
        total -> Nullable<Int2>,
        occupancy_percent -> Nullable<Double>,
        occupancy_status -> Text,
        reservation_status -> Text,
        hut_type -> Text,
        first_checked -> Timestamptz,
        last_checked -> Timestamptz,
        duration_seconds -> Double,
    }
}

diesel::joinable!(hut_availability -> hut (hut_id));
diesel::joinable!(hut_availability_history -> hut (hut_id));
diesel::allow_tables_to_appear_in_same_query!(hut, hut_availability);
diesel::allow_tables_to_appear_in_same_query!(hut, hut_availability_history);
