//! What registers say, and how it came here.

diesel::table! {
    use crate::columns::sql::{Instant, Json};
    use diesel::sql_types::{BigInt, Nullable, Text};

    sources (name) {
        name -> Text,
        marks -> Json,
        cursor -> Nullable<Json>,
        data_as_of -> Nullable<Instant>,
        last_attempt_at -> Nullable<Instant>,
        last_success_at -> Nullable<Instant>,
        failures -> BigInt,
        last_error -> Nullable<Text>,
        version -> BigInt,
    }
}

diesel::table! {
    use crate::columns::sql::{Id, Instant, Json};
    use diesel::sql_types::{BigInt, Nullable, Text};

    fetches (id) {
        id -> Id,
        source -> Text,
        origin -> Text,
        requested_by -> Nullable<Id>,
        state -> Text,
        started_at -> Instant,
        ended_at -> Nullable<Instant>,
        content_hash -> Nullable<Text>,
        bytes -> BigInt,
        records -> BigInt,
        changed -> BigInt,
        personal -> BigInt,
        unreadable -> BigInt,
        position -> Nullable<Json>,
        findings -> Json,
        error -> Nullable<Text>,
        version -> BigInt,
    }
}

diesel::table! {
    use crate::columns::sql::{Day, Instant, Json};
    use diesel::sql_types::{Bool, Nullable, Text};

    register_units (register, number, since) {
        register -> Text,
        number -> Text,
        since -> Instant,
        until -> Nullable<Instant>,
        is_sub_unit -> Bool,
        name -> Text,
        form -> Nullable<Text>,
        parent -> Nullable<Text>,
        owner -> Nullable<Text>,
        municipality_number -> Nullable<Text>,
        unit_kind -> Nullable<Text>,
        ownership -> Nullable<Text>,
        headcount -> Json,
        headcount_on -> Nullable<Day>,
        ended_on -> Nullable<Day>,
    }
}

diesel::table! {
    use crate::columns::sql::Instant;
    use diesel::sql_types::Text;

    register_removals (number) {
        number -> Text,
        since -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::Text;

    register_persons (number) {
        number -> Text,
    }
}

diesel::table! {
    use crate::columns::sql::Day;
    use diesel::sql_types::{BigInt, Text};

    klass_changes (classification, changed_on, old_code, new_code) {
        classification -> BigInt,
        changed_on -> Day,
        old_code -> Text,
        old_name -> Text,
        new_code -> Text,
        new_name -> Text,
    }
}

diesel::table! {
    use crate::columns::sql::Day;
    use diesel::sql_types::{BigInt, Nullable, Text};

    klass_codes (classification, code, valid_from) {
        classification -> BigInt,
        code -> Text,
        valid_from -> Day,
        valid_to -> Nullable<Day>,
        name -> Text,
    }
}

diesel::table! {
    use crate::columns::sql::{Instant, Json};
    use diesel::sql_types::{BigInt, Text};

    control_totals (unit_kind, municipality_number, year) {
        unit_kind -> Text,
        municipality_number -> Text,
        year -> BigInt,
        measure -> Text,
        table_id -> Text,
        contents -> Text,
        value -> Json,
        tolerance_percent -> BigInt,
        since -> Instant,
    }
}
