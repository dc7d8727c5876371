//! Appeals, and the runs that are computed again for them.

diesel::table! {
    use crate::columns::sql::{Day, Id, Instant, Json};
    use diesel::sql_types::{BigInt, Bool, Nullable, Text};

    appeals (id) {
        id -> Id,
        reference -> Text,
        office_id -> Id,
        decision_id -> Id,
        application_id -> Id,
        organisation_id -> Id,
        grounds -> Text,
        channel -> Text,
        received_on -> Day,
        posted_on -> Nullable<Day>,
        registered_at -> Instant,
        registered_by -> Id,
        late -> Bool,
        without_right -> Bool,
        state -> Text,
        handled_by -> Nullable<Id>,
        rulings -> Json,
        prepared_by -> Nullable<Id>,
        approved_by -> Nullable<Id>,
        followed_by -> Nullable<Id>,
        version -> BigInt,
    }
}

diesel::table! {
    use crate::columns::sql::{Id, Instant, Json};
    use diesel::sql_types::Text;

    appeal_reruns (id) {
        id -> Id,
        appeal_id -> Id,
        run_id -> Id,
        assumption -> Json,
        computed_by -> Id,
        computed_at -> Instant,
        input_hash -> Text,
        result_hash -> Text,
        input -> Json,
        plan -> Json,
    }
}

diesel::allow_tables_to_appear_in_same_query!(appeals, appeal_reruns);
