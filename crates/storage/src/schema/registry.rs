//! Organisations, offices, people, schemes and their money.

diesel::table! {
    use crate::columns::sql::{Day, Id, Json};
    use diesel::sql_types::{BigInt, Bool, Nullable, Text};

    organisations (id) {
        id -> Id,
        number -> Text,
        name -> Text,
        kind -> Text,
        municipality_number -> Nullable<Text>,
        language -> Text,
        placeholder -> Bool,
        ceased_on -> Nullable<Day>,
        successors -> Json,
        version -> BigInt,
    }
}

diesel::table! {
    use crate::columns::sql::{Day, Id, Json};
    use diesel::sql_types::{Bool, Nullable, Text};

    headcounts (id) {
        id -> Id,
        organisation_id -> Id,
        unit_kind -> Text,
        measure -> Text,
        counted_on -> Day,
        value -> Json,
        source -> Text,
        practice -> Bool,
        ownership -> Nullable<Text>,
        unit_number -> Nullable<Text>,
        unit_name -> Nullable<Text>,
        register -> Nullable<Text>,
        reason -> Nullable<Text>,
        recorded_by -> Nullable<Id>,
        departs -> Bool,
    }
}

diesel::table! {
    use crate::columns::sql::{Id, Json};
    use diesel::sql_types::{BigInt, Text};

    offices (id) {
        id -> Id,
        key -> Text,
        name -> Json,
        department -> Json,
        organisation_number -> Text,
        address -> Json,
        language -> Text,
        appeal_rules -> Json,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Text};

    reference_counters (office_key, year) {
        office_key -> Text,
        year -> BigInt,
        last_number -> BigInt,
    }
}

diesel::table! {
    use crate::columns::sql::Id;
    use diesel::sql_types::{BigInt, Nullable, Text};

    persons (id) {
        id -> Id,
        name -> Text,
        title -> Nullable<Text>,
        phone -> Nullable<Text>,
        office_id -> Nullable<Id>,
        organisation_id -> Nullable<Id>,
        version -> BigInt,
    }
}

diesel::table! {
    use crate::columns::sql::{Id, Instant};
    use diesel::sql_types::{BigInt, Nullable, Text};

    access_tokens (id) {
        id -> Id,
        person_id -> Id,
        role -> Text,
        label -> Text,
        hash -> Text,
        expires_at -> Nullable<Instant>,
        revoked_at -> Nullable<Instant>,
        version -> BigInt,
    }
}

diesel::table! {
    use crate::columns::sql::{Id, Json};
    use diesel::sql_types::{BigInt, Text};

    schemes (id) {
        id -> Id,
        key -> Text,
        name -> Json,
        first_year -> BigInt,
        last_year -> BigInt,
        legal_basis -> Text,
        computing_body -> Text,
        model_description -> Json,
        letter_texts -> Json,
        version -> BigInt,
    }
}

diesel::table! {
    use crate::columns::sql::{Id, Json};
    use diesel::sql_types::{BigInt, Text};

    funding_models (id) {
        id -> Id,
        scheme_id -> Id,
        key -> Text,
        model_version -> BigInt,
        valid_from_year -> BigInt,
        valid_to_year -> BigInt,
        document -> Json,
        version -> BigInt,
    }
}

diesel::table! {
    use crate::columns::sql::Id;
    use diesel::sql_types::{BigInt, Nullable, Text};

    frames (id) {
        id -> Id,
        office_id -> Id,
        scheme_id -> Id,
        year -> BigInt,
        status -> Text,
        amount_ore -> Nullable<BigInt>,
        places -> Nullable<BigInt>,
        committed_ore -> BigInt,
        places_used -> BigInt,
        version -> BigInt,
    }
}
