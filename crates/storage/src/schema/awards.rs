//! Runs, decisions, grants and letters.

diesel::table! {
    use crate::columns::sql::{Id, Instant, Json};
    use diesel::sql_types::Text;

    runs (id) {
        id -> Id,
        office_id -> Id,
        scheme_id -> Id,
        input_hash -> Text,
        result_hash -> Text,
        input -> Json,
        plan -> Json,
        created_at -> Instant,
    }
}

diesel::table! {
    use crate::columns::sql::{Id, Instant, Json};
    use diesel::sql_types::{BigInt, Nullable, Text};

    decisions (id) {
        id -> Id,
        reference -> Text,
        office_id -> Id,
        kind -> Text,
        round_id -> Nullable<Id>,
        run_id -> Nullable<Id>,
        scheme_id -> Nullable<Id>,
        year -> Nullable<BigInt>,
        lines -> Json,
        state -> Text,
        prepared_by -> Id,
        approved_by -> Nullable<Id>,
        approved_at -> Nullable<Instant>,
        course -> Nullable<Text>,
        appeal_id -> Nullable<Id>,
        notified_at -> Nullable<Instant>,
        notices -> Json,
        version -> BigInt,
    }
}

diesel::table! {
    use crate::columns::sql::{Id, Instant};
    use diesel::sql_types::{BigInt, Nullable, Text};

    grants (id) {
        id -> Id,
        reference -> Text,
        application_id -> Id,
        round_id -> Id,
        office_id -> Id,
        scheme_id -> Id,
        decision_id -> Id,
        lead_id -> Id,
        name -> Text,
        title -> Text,
        state -> Text,
        stopped_from -> Nullable<BigInt>,
        answered_at -> Nullable<Instant>,
        version -> BigInt,
    }
}

diesel::table! {
    use crate::columns::sql::Id;
    use diesel::sql_types::{BigInt, Bool, Nullable, Text};

    grant_years (grant_id, year) {
        grant_id -> Id,
        year -> BigInt,
        state -> Text,
        planned_ore -> Nullable<BigInt>,
        planned_run_id -> Nullable<Id>,
        promised_ore -> Nullable<BigInt>,
        promised_run_id -> Nullable<Id>,
        decision_id -> Nullable<Id>,
        impact_report_id -> Nullable<Id>,
        conditional -> Bool,
        judgement -> Nullable<Text>,
    }
}

diesel::table! {
    use crate::columns::sql::{Id, Instant, Json};
    use diesel::sql_types::{BigInt, Nullable, Text};

    letters (id) {
        id -> Id,
        reference -> Text,
        office_id -> Id,
        round_id -> Id,
        decision_id -> Id,
        content -> Json,
        texts -> Json,
        state -> Text,
        prepared_by -> Id,
        approved_by -> Nullable<Id>,
        approved_at -> Nullable<Instant>,
        dispatched_at -> Nullable<Instant>,
        version -> BigInt,
    }
}

diesel::table! {
    use crate::columns::sql::Id;
    use diesel::sql_types::{BigInt, Text};

    letter_renditions (letter_id, format) {
        letter_id -> Id,
        format -> Text,
        letter_version -> BigInt,
        sha256 -> Text,
        body -> Text,
    }
}

use super::rounds::application_parties;

diesel::allow_tables_to_appear_in_same_query!(grants, application_parties);
