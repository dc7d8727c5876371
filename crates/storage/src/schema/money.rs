//! What becomes of promised money: renewals, payments, what runs move, and scenarios.

diesel::table! {
    use crate::columns::sql::{Id, Instant};
    use diesel::sql_types::{BigInt, Nullable, Text};

    grant_renewals (id) {
        id -> Id,
        grant_id -> Id,
        year -> BigInt,
        outcome -> Text,
        conditions -> Nullable<Text>,
        reason -> Text,
        decision_id -> Nullable<Id>,
        recommendation_id -> Nullable<Id>,
        recorded_by -> Id,
        recorded_at -> Instant,
    }
}

diesel::table! {
    use crate::columns::sql::{Day, Id, Instant};
    use diesel::sql_types::BigInt;

    grant_payments (id) {
        id -> Id,
        grant_id -> Id,
        year -> BigInt,
        sequence -> BigInt,
        amount_ore -> BigInt,
        paid_on -> Day,
        recorded_by -> Id,
        recorded_at -> Instant,
    }
}

diesel::table! {
    use crate::columns::sql::{Id, Instant, Json};
    use diesel::sql_types::{BigInt, Nullable, Text};

    impact_reports (id) {
        id -> Id,
        office_id -> Id,
        scheme_id -> Id,
        run_id -> Id,
        previous_run_id -> Nullable<Id>,
        moves -> Json,
        state -> Text,
        created_at -> Instant,
        accepted_by -> Nullable<Id>,
        accepted_at -> Nullable<Instant>,
        version -> BigInt,
    }
}

diesel::table! {
    use crate::columns::sql::{Id, Instant, Json};
    use diesel::sql_types::{BigInt, Nullable, Text};

    scenarios (id) {
        id -> Id,
        office_id -> Id,
        scheme_id -> Id,
        name -> Text,
        changes -> Json,
        created_by -> Id,
        created_at -> Instant,
        outcome -> Nullable<Json>,
        version -> BigInt,
    }
}

use super::awards::grants;

diesel::allow_tables_to_appear_in_same_query!(grants, grant_payments);
