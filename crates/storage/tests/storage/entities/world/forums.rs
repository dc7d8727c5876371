//! Forums, ballots and recommendations.

use tildel_domain::allocation::RenewalOutcome;
use tildel_domain::ballot::{Ballot, BallotMatter, BallotRules, BallotState, Vote, VoteContent};
use tildel_domain::forum::{Disclosure, Forum, Seat, VoteRight};
use tildel_domain::meeting::{Meeting, MeetingState};
use tildel_domain::notification::{Notification, NotificationKind};
use tildel_domain::organisation::OrganisationKind;
use tildel_domain::paper::{Paper, PaperKind};
use tildel_domain::recommendation::{
    Recommendation, RecommendationLine, RecommendationState, RecommendedOutcome,
};
use tildel_domain::recusal::{Recusal, RecusalGround, RecusalState};
use tildel_domain::renewal_advice::RenewalAdvice;
use tildel_domain::standing::KindQuorum;
use tildel_domain::voting::{Majority, MotionVote, TieChain};
use tildel_storage::minutes::ApprovedMinutes;

use super::text;
use crate::{id, start};

pub(crate) fn forum(n: u128) -> Forum {
    Forum {
        id: id(n).into(),
        office_id: id(1).into(),
        name: text("Samarbeidsforum"),
        short_name: text("regional ordning"),
        quorum_seats: 3,
        quorum_by_kind: vec![KindQuorum { organisation_kind: OrganisationKind::Municipality, seats: 2 }],
        disclosure: Disclosure::Sealed,
        reminder_hours: Some(24),
        chair_id: id(1).into(),
        deputy_chair_id: None,
        version: 1,
    }
}

/// The seat of the nth person.
pub(crate) fn seat(n: u128) -> Seat {
    Seat {
        id: id(n).into(),
        forum_id: id(1).into(),
        label: text("kommunale eiere"),
        organisation_kind: OrganisationKind::Municipality,
        organisation_id: None,
        vote_right: VoteRight::Voting,
        member_id: id(n).into(),
        deputy_id: None,
        term_from: "2020-01-01".parse().unwrap(),
        term_to: "2023-12-31".parse().unwrap(),
        version: 1,
    }
}

pub(crate) fn meeting(n: u128) -> Meeting {
    Meeting {
        id: id(n).into(),
        forum_id: id(1).into(),
        starts_at: start(),
        place: "Sandnes".to_owned(),
        state: MeetingState::Planned,
        agenda: Vec::new(),
        attendance: Vec::new(),
        current_item_id: None,
        minutes_number: 0,
        version: 1,
    }
}

pub(crate) fn recusal(n: u128, application: u128) -> Recusal {
    Recusal {
        id: id(n).into(),
        person_id: id(1).into(),
        application_id: id(application).into(),
        ground: RecusalGround::Relation,
        explanation: "søsken".to_owned(),
        recorded_by: id(2).into(),
        found: false,
        state: RecusalState::Declared,
        ruling_reason: None,
        ruled_by: None,
        ruled_at: None,
        version: 1,
    }
}

pub(crate) fn ballot(n: u128) -> Ballot {
    let matter =
        BallotMatter::Motion { text: "Ja?".to_owned(), application_id: None, majority: Majority::Simple };
    Ballot {
        id: id(n).into(),
        forum_id: id(1).into(),
        meeting_id: id(1).into(),
        agenda_item_id: id(1).into(),
        round_id: None,
        application_id: None,
        title: "Sak".to_owned(),
        rules: BallotRules {
            matter,
            roster: vec![id(1).into(), id(2).into()],
            quorum_seats: 1,
            quorum_by_kind: Vec::new(),
            disclosure: Disclosure::Secret,
            tie_chain: TieChain::default(),
            closes_at: None,
        },
        state: BallotState::Prepared,
        frozen: false,
        count: None,
        tally: None,
        annulment_reason: None,
        version: 1,
    }
}

/// The vote of a seat, which the nth person of the same number holds.
pub(crate) fn vote(ballot: u128, seat: u128, revision: i64) -> Vote {
    Vote {
        ballot_id: id(ballot).into(),
        seat_id: id(seat).into(),
        revision,
        person_id: id(seat).into(),
        content: VoteContent::Motion { choice: MotionVote::For },
        recused_on: Vec::new(),
        cast_at: start(),
        nonce: "00ff".to_owned(),
        receipt: "ff00".to_owned(),
    }
}

pub(crate) fn recommendation_line(application: u128) -> RecommendationLine {
    RecommendationLine {
        application_id: id(application).into(),
        outcome: RecommendedOutcome::Ranked,
        rank: Some(1),
        first_year: None,
        last_year: None,
        amount: None,
        split: Vec::new(),
        assessment: "godt forankret".to_owned(),
        criteria: Vec::new(),
        departure_from_count: None,
    }
}

pub(crate) fn recommendation(n: u128, round: u128, forum: u128) -> Recommendation {
    Recommendation {
        id: id(n).into(),
        round_id: Some(id(round).into()),
        scheme_id: None,
        year: None,
        forum_id: id(forum).into(),
        meeting_id: id(1).into(),
        ballot_id: None,
        lines: Vec::new(),
        renewals: Vec::new(),
        dissent: Vec::new(),
        state: RecommendationState::Draft,
        adopted_by: None,
        adopted_at: None,
        signed_by: None,
        signed_at: None,
        number: 1,
        supersedes_id: None,
        correction_reason: None,
        version: 1,
    }
}

/// A draft on the renewal of the first grant in this year.
pub(crate) fn renewal_recommendation(n: u128, year: i16) -> Recommendation {
    Recommendation {
        round_id: None,
        scheme_id: Some(id(1).into()),
        year: Some(year),
        renewals: vec![RenewalAdvice {
            grant_id: id(1).into(),
            application_id: id(1).into(),
            outcome: RenewalOutcome::Renewed,
            amount: None,
            conditions: Some("Rapport om våren".to_owned()),
            reason: "God framdrift".to_owned(),
        }],
        ..recommendation(n, 1, 1)
    }
}

/// Signed off by the first person.
pub(crate) fn signed_off(recommendation: Recommendation) -> Recommendation {
    Recommendation {
        state: RecommendationState::SignedOff,
        signed_by: Some(id(1).into()),
        signed_at: Some(start()),
        ..recommendation
    }
}

pub(crate) fn adopted(recommendation: Recommendation) -> Recommendation {
    Recommendation {
        state: RecommendationState::Adopted,
        adopted_by: Some(id(1).into()),
        adopted_at: Some(start()),
        lines: vec![recommendation_line(1)],
        ..recommendation
    }
}

pub(crate) fn paper(n: u128) -> Paper {
    Paper {
        id: id(n).into(),
        meeting_id: id(1).into(),
        agenda_item_id: id(1).into(),
        title: "Saksframlegg".to_owned(),
        kind: PaperKind::CaseNote,
        link: None,
        text: Some("Vi tilrår".to_owned()),
        added_by: id(1).into(),
        added_at: start(),
    }
}

pub(crate) fn approved_minutes(number: u32) -> ApprovedMinutes {
    ApprovedMinutes {
        meeting_id: id(1).into(),
        number,
        content: serde_json::json!({ "items": [] }),
        correction: (number > 1).then(|| "Rett navn".to_owned()),
        approved_by: id(1).into(),
        approved_at: start(),
    }
}

/// What the first person is told of the nth seat.
pub(crate) fn notification(n: u128) -> Notification {
    Notification {
        id: id(n).into(),
        person_id: id(1).into(),
        kind: NotificationKind::BallotReminder,
        ballot_id: Some(id(1).into()),
        seat_id: Some(id(n).into()),
        appeal_id: None,
        text: text("Stem"),
        created_at: start(),
        read_at: None,
        version: 1,
    }
}
