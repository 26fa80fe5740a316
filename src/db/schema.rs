// @generated automatically by Diesel CLI.

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::timestamp::Timestamptz;

    availability (hut_id, availability_date) {
        hut_id -> Int4,
        availability_date -> Date,
        source_organization -> Text,
        source_hut_id -> Text,
        free -> Nullable<Int2>,
        total -> Nullable<Int2>,
        hut_type -> Text,
        reservation_status -> Text,
        first_checked -> Timestamptz,
        last_checked -> Nullable<Timestamptz>,
        withdrawn -> Bool,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::timestamp::Timestamptz;

    availability_change (hut_id, availability_date, first_checked) {
        hut_id -> Int4,
        availability_date -> Date,
        first_checked -> Timestamptz,
        last_checked -> Nullable<Timestamptz>,
        free -> Nullable<Int2>,
        total -> Nullable<Int2>,
        hut_type -> Text,
        reservation_status -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::timestamp::Timestamptz;

    delivery (message_id, channel) {
        message_id -> Text,
        channel -> Text,
        watch_id -> Int4,
        is_summary -> Bool,
        found_at -> Timestamptz,
        created_at -> Timestamptz,
        state -> Text,
        attempts -> Int4,
        next_attempt_at -> Timestamptz,
        held_until -> Nullable<Timestamptz>,
        holder -> Nullable<Text>,
        finished_at -> Nullable<Timestamptz>,
        last_error -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::timestamp::Timestamptz;

    discovery (organization) {
        organization -> Text,
        started_at -> Timestamptz,
        next_step -> Int4,
        failed_steps -> Int4,
        finished_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::timestamp::Timestamptz;

    hut (id) {
        id -> Int4,
        slug -> Text,
        name -> Text,
        country -> Nullable<Text>,
        latitude -> Nullable<Float8>,
        longitude -> Nullable<Float8>,
        elevation -> Nullable<Int2>,
        hut_type_open -> Nullable<Text>,
        hut_type_closed -> Nullable<Text>,
        capacity_open -> Nullable<Int2>,
        capacity_closed -> Nullable<Int2>,
        is_active -> Bool,
        booking_ref -> Nullable<Text>,
        is_public -> Bool,
        takeover_read_at -> Nullable<Timestamptz>,
        takeover_record -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::timestamp::Timestamptz;

    hut_check (hut_id) {
        hut_id -> Int4,
        last_checked -> Nullable<Timestamptz>,
        last_checked_run -> Nullable<Timestamptz>,
        last_success -> Nullable<Timestamptz>,
        last_success_run -> Nullable<Timestamptz>,
        has_data -> Bool,
        consecutive_failures -> Int4,
        last_error -> Nullable<Text>,
        failing_since -> Nullable<Timestamptz>,
        listed_at -> Nullable<Timestamptz>,
        content_digest -> Nullable<Text>,
        dates_listed -> Nullable<Int4>,
        dates_bookable -> Nullable<Int4>,
        tier -> Nullable<Text>,
        tier_from -> Nullable<Date>,
        tier_until -> Nullable<Date>,
        tier_next_days -> Nullable<Int4>,
        etag -> Nullable<Text>,
        last_modified -> Nullable<Text>,
        asked_digest -> Nullable<Text>,
        range_from -> Nullable<Date>,
        range_until -> Nullable<Date>,
        empty_answers -> Int4,
        changes -> Int4,
        rate_interest -> Float8,
        rate_nights -> Float8,
        rate_hours -> Float8,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::timestamp::Timestamptz;

    hut_field_set_by_hand (hut_id, field) {
        hut_id -> Int4,
        field -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::timestamp::Timestamptz;

    hut_source (hut_id, organization) {
        hut_id -> Int4,
        organization -> Text,
        source_hut_id -> Text,
        link -> Nullable<Text>,
        last_listed -> Nullable<Timestamptz>,
        moved_to -> Nullable<Int4>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::timestamp::Timestamptz;

    hut_type (slug) {
        slug -> Text,
        identifier -> Text,
        color -> Text,
        sort_order -> Int4,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::timestamp::Timestamptz;

    lease (run_id) {
        run_id -> Int4,
        hut_ids -> Text,
        renewed_at -> Timestamptz,
        expires_at -> Timestamptz,
        generation -> Int4,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::timestamp::Timestamptz;

    organization (slug) {
        slug -> Text,
        name -> Text,
        url -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::timestamp::Timestamptz;

    outbox (watch_id, arrival, hut_id, opening, event) {
        watch_id -> Int4,
        arrival -> Date,
        hut_id -> Int4,
        opening -> Int4,
        event -> Text,
        found_at -> Timestamptz,
        due_at -> Timestamptz,
        visit -> Text,
        state -> Text,
        message_id -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::timestamp::Timestamptz;

    site_pace (organization) {
        organization -> Text,
        next_request -> Timestamptz,
        paused_until -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::timestamp::Timestamptz;

    update_run (id) {
        id -> Int4,
        started_at -> Timestamptz,
        finished_at -> Nullable<Timestamptz>,
        mode -> Text,
        host -> Text,
        huts_selected -> Int4,
        huts_updated -> Int4,
        huts_failed -> Int4,
        huts_skipped -> Int4,
        dates_created -> Int4,
        dates_changed -> Int4,
        dates_unchanged -> Int4,
        dates_dropped_out -> Int4,
        history_entries -> Int4,
        exit_status -> Nullable<Int2>,
        interrupted -> Bool,
        budget_accrued -> Nullable<Float8>,
        budget_planned -> Nullable<Int4>,
        budget_spent -> Nullable<Int4>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::timestamp::Timestamptz;

    watch (id) {
        id -> Int4,
        name -> Text,
        is_tour -> Bool,
        places -> Int2,
        first_arrival -> Date,
        last_arrival -> Date,
        weekdays -> Text,
        channels -> Text,
        quiet_start -> Bool,
        closings -> Bool,
        cooldown_seconds -> Int4,
        file -> Nullable<Text>,
        created_at -> Timestamptz,
        paused_at -> Nullable<Timestamptz>,
        is_starting -> Bool,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::timestamp::Timestamptz;

    watch_arrival (watch_id, arrival, hut_id) {
        watch_id -> Int4,
        arrival -> Date,
        hut_id -> Int4,
        is_open -> Bool,
        opening -> Int4,
        opened_at -> Timestamptz,
        closed_at -> Nullable<Timestamptz>,
        notified_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::timestamp::Timestamptz;

    watch_hut (watch_id, stage, position) {
        watch_id -> Int4,
        stage -> Int2,
        position -> Int2,
        hut_id -> Int4,
        nights -> Int2,
        matched_changes -> Nullable<Int4>,
    }
}

diesel::joinable!(availability -> hut_type (hut_type));
diesel::joinable!(delivery -> watch (watch_id));
diesel::joinable!(discovery -> organization (organization));
diesel::joinable!(hut -> organization (booking_ref));
diesel::joinable!(hut_check -> hut (hut_id));
diesel::joinable!(hut_field_set_by_hand -> hut (hut_id));
diesel::joinable!(hut_source -> organization (organization));
diesel::joinable!(lease -> update_run (run_id));
diesel::joinable!(outbox -> watch (watch_id));
diesel::joinable!(site_pace -> organization (organization));
diesel::joinable!(watch_arrival -> watch (watch_id));
diesel::joinable!(watch_hut -> hut (hut_id));
diesel::joinable!(watch_hut -> watch (watch_id));

diesel::allow_tables_to_appear_in_same_query!(
    availability,
    availability_change,
    delivery,
    discovery,
    hut,
    hut_check,
    hut_field_set_by_hand,
    hut_source,
    hut_type,
    lease,
    organization,
    outbox,
    site_pace,
    update_run,
    watch,
    watch_arrival,
    watch_hut,
);
