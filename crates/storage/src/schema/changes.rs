//! Schools and kindergartens, what was known of organisations when, and what registers say otherwise.

diesel::table! {
    use crate::columns::sql::{Id, Instant, Json};

    organisation_versions (organisation_id, since) {
        organisation_id -> Id,
        since -> Instant,
        content -> Json,
    }
}

diesel::table! {
    use crate::columns::sql::{Day, Id};
    use diesel::sql_types::{BigInt, Nullable, Text};

    units (id) {
        id -> Id,
        number -> Text,
        organisation_id -> Id,
        name -> Text,
        unit_kind -> Text,
        ownership -> Nullable<Text>,
        municipality_number -> Nullable<Text>,
        since -> Day,
        ended_on -> Nullable<Day>,
        version -> BigInt,
    }
}

diesel::table! {
    use crate::columns::sql::{Day, Id, Instant, Json};
    use diesel::sql_types::{BigInt, Nullable, Text};

    changes (id) {
        id -> Id,
        register -> Text,
        unit_number -> Text,
        organisation_id -> Id,
        to_organisation_id -> Nullable<Id>,
        kind -> Text,
        effective_on -> Day,
        since -> Instant,
        before -> Nullable<Json>,
        after -> Nullable<Json>,
        related -> Json,
        fetch_id -> Id,
        state -> Text,
        touches -> Json,
        effect -> Nullable<Json>,
        decided_by -> Nullable<Id>,
        decided_at -> Nullable<Instant>,
        reason -> Nullable<Text>,
        created_at -> Instant,
        version -> BigInt,
    }
}

diesel::table! {
    use crate::columns::sql::Id;

    change_offices (change_id, office_id) {
        change_id -> Id,
        office_id -> Id,
    }
}

diesel::allow_tables_to_appear_in_same_query!(changes, change_offices);
