//! The infrastructure tables: journal, jobs and idempotency keys.

diesel::table! {
    use diesel::sql_types::{BigInt, Text};

    journal_head (id) {
        id -> BigInt,
        seq -> BigInt,
        hash -> Text,
    }
}

diesel::table! {
    use crate::columns::sql::{Id, Instant, Json};
    use diesel::sql_types::{BigInt, Nullable, Text};

    journal (seq) {
        seq -> BigInt,
        id -> Id,
        at -> Instant,
        actor_id -> Nullable<Id>,
        actor_role -> Text,
        action -> Text,
        subject_kind -> Text,
        subject_id -> Id,
        subject_version -> BigInt,
        office_id -> Nullable<Id>,
        detail -> Json,
        before_hash -> Nullable<Text>,
        after_hash -> Nullable<Text>,
        prev_hash -> Text,
        hash -> Text,
    }
}

diesel::table! {
    use crate::columns::sql::{Id, Instant, Json};
    use diesel::sql_types::{BigInt, Bool, Nullable, Text};

    jobs (id) {
        id -> Id,
        kind -> Text,
        payload_version -> BigInt,
        payload -> Json,
        state -> Text,
        run_at -> Instant,
        attempts -> BigInt,
        max_attempts -> BigInt,
        lease_until -> Nullable<Instant>,
        worker -> Nullable<Text>,
        dedupe_key -> Nullable<Text>,
        /// Asked for once more while it was running.
        again -> Bool,
        progress_done -> BigInt,
        progress_total -> Nullable<BigInt>,
        result -> Nullable<Json>,
        last_error -> Nullable<Text>,
        office_id -> Nullable<Id>,
        requested_by -> Nullable<Id>,
        created_at -> Instant,
        updated_at -> Instant,
    }
}

diesel::table! {
    use crate::columns::sql::{Instant, Json};
    use diesel::sql_types::{BigInt, Text};

    idempotency_keys (caller, key) {
        caller -> Text,
        key -> Text,
        operation -> Text,
        request_hash -> Text,
        status -> BigInt,
        headers -> Json,
        body -> Text,
        created_at -> Instant,
    }
}
