//! What belongs to meetings and those who take part: papers, approved minutes, notifications.

diesel::table! {
    use crate::columns::sql::{Id, Instant};
    use diesel::sql_types::{Nullable, Text};

    papers (id) {
        id -> Id,
        meeting_id -> Id,
        agenda_item_id -> Id,
        title -> Text,
        kind -> Text,
        link -> Nullable<Text>,
        text -> Nullable<Text>,
        added_by -> Id,
        added_at -> Instant,
    }
}

diesel::table! {
    use crate::columns::sql::{Id, Instant, Json};
    use diesel::sql_types::{BigInt, Nullable, Text};

    minutes (meeting_id, number) {
        meeting_id -> Id,
        number -> BigInt,
        content -> Json,
        correction -> Nullable<Text>,
        approved_by -> Id,
        approved_at -> Instant,
    }
}

diesel::table! {
    use crate::columns::sql::{Id, Instant, Json};
    use diesel::sql_types::{BigInt, Nullable, Text};

    notifications (id) {
        id -> Id,
        person_id -> Id,
        kind -> Text,
        ballot_id -> Nullable<Id>,
        seat_id -> Nullable<Id>,
        appeal_id -> Nullable<Id>,
        text -> Json,
        created_at -> Instant,
        read_at -> Nullable<Instant>,
        version -> BigInt,
    }
}
