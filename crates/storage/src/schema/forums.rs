//! Forums, ballots and recommendations.

diesel::table! {
    use crate::columns::sql::{Id, Json};
    use diesel::sql_types::{BigInt, Nullable, Text};

    forums (id) {
        id -> Id,
        office_id -> Id,
        name -> Json,
        short_name -> Json,
        quorum_seats -> BigInt,
        quorum_by_kind -> Json,
        disclosure -> Text,
        reminder_hours -> Nullable<BigInt>,
        chair_id -> Id,
        deputy_chair_id -> Nullable<Id>,
        version -> BigInt,
    }
}

diesel::table! {
    use crate::columns::sql::{Day, Id, Json};
    use diesel::sql_types::{BigInt, Nullable, Text};

    seats (id) {
        id -> Id,
        forum_id -> Id,
        label -> Json,
        organisation_kind -> Text,
        organisation_id -> Nullable<Id>,
        vote_right -> Text,
        member_id -> Id,
        deputy_id -> Nullable<Id>,
        term_from -> Day,
        term_to -> Day,
        version -> BigInt,
    }
}

diesel::table! {
    use crate::columns::sql::{Id, Instant, Json};
    use diesel::sql_types::{BigInt, Nullable, Text};

    meetings (id) {
        id -> Id,
        forum_id -> Id,
        starts_at -> Instant,
        place -> Text,
        state -> Text,
        agenda -> Json,
        attendance -> Json,
        current_item_id -> Nullable<Id>,
        minutes_number -> BigInt,
        version -> BigInt,
    }
}

diesel::table! {
    use crate::columns::sql::{Id, Instant};
    use diesel::sql_types::{BigInt, Bool, Nullable, Text};

    recusals (id) {
        id -> Id,
        person_id -> Id,
        application_id -> Id,
        ground -> Text,
        explanation -> Text,
        recorded_by -> Id,
        found -> Bool,
        state -> Text,
        ruling_reason -> Nullable<Text>,
        ruled_by -> Nullable<Id>,
        ruled_at -> Nullable<Instant>,
        version -> BigInt,
    }
}

diesel::table! {
    use crate::columns::sql::{Id, Json};
    use diesel::sql_types::{BigInt, Bool, Nullable, Text};

    ballots (id) {
        id -> Id,
        forum_id -> Id,
        meeting_id -> Id,
        agenda_item_id -> Id,
        round_id -> Nullable<Id>,
        application_id -> Nullable<Id>,
        title -> Text,
        rules -> Json,
        state -> Text,
        frozen -> Bool,
        count -> Nullable<Json>,
        tally -> Nullable<Json>,
        annulment_reason -> Nullable<Text>,
        version -> BigInt,
    }
}

diesel::table! {
    use crate::columns::sql::{Id, Instant, Json};
    use diesel::sql_types::{BigInt, Bool, Text};

    votes (ballot_id, seat_id, revision) {
        ballot_id -> Id,
        seat_id -> Id,
        revision -> BigInt,
        person_id -> Id,
        content -> Json,
        recused_on -> Json,
        cast_at -> Instant,
        superseded -> Bool,
        nonce -> Text,
        receipt -> Text,
    }
}

diesel::table! {
    use crate::columns::sql::{Id, Instant, Json};
    use diesel::sql_types::{BigInt, Nullable, Text};

    recommendations (id) {
        id -> Id,
        round_id -> Nullable<Id>,
        scheme_id -> Nullable<Id>,
        year -> Nullable<BigInt>,
        forum_id -> Id,
        meeting_id -> Id,
        ballot_id -> Nullable<Id>,
        lines -> Json,
        renewals -> Json,
        dissent -> Json,
        state -> Text,
        adopted_by -> Nullable<Id>,
        adopted_at -> Nullable<Instant>,
        signed_by -> Nullable<Id>,
        signed_at -> Nullable<Instant>,
        number -> BigInt,
        supersedes_id -> Nullable<Id>,
        correction_reason -> Nullable<Text>,
        version -> BigInt,
    }
}

// Recommendations are asked for by the office of their forum.
diesel::allow_tables_to_appear_in_same_query!(forums, recommendations);
