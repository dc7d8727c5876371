//! Rounds and applications.

diesel::table! {
    use crate::columns::sql::{Id, Json};
    use diesel::sql_types::{BigInt, Nullable, Text};

    rounds (id) {
        id -> Id,
        office_id -> Id,
        scheme_id -> Id,
        budget_year -> BigInt,
        title -> Json,
        label -> Json,
        deadline_local -> Text,
        deadline_zone -> Text,
        deadline_grace_minutes -> BigInt,
        forum_ids -> Json,
        deferred_groups -> Json,
        criteria -> Json,
        state -> Text,
        cancellation_reason -> Nullable<Text>,
        version -> BigInt,
    }
}

diesel::table! {
    use crate::columns::sql::{Id, Instant, Json};
    use diesel::sql_types::{BigInt, Nullable, Text};

    applications (id) {
        id -> Id,
        reference -> Text,
        round_id -> Id,
        office_id -> Id,
        content -> Json,
        state -> Text,
        submitted_at -> Nullable<Instant>,
        state_reason -> Nullable<Text>,
        screening -> Nullable<Json>,
        version -> BigInt,
    }
}

diesel::table! {
    use crate::columns::sql::{Id, Instant};
    use diesel::sql_types::{BigInt, Nullable, Text};

    application_parties (id) {
        id -> Id,
        application_id -> Id,
        position -> BigInt,
        organisation_id -> Id,
        role -> Text,
        own_contribution -> Nullable<Text>,
        confirmed_at -> Nullable<Instant>,
    }
}

// The parties of an application are asked for in conditions on applications and grants.
diesel::allow_tables_to_appear_in_same_query!(applications, application_parties);
diesel::allow_tables_to_appear_in_same_query!(rounds, applications);
diesel::allow_tables_to_appear_in_same_query!(rounds, application_parties);
