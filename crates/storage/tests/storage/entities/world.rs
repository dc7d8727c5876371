//! Things of the domain to store. The nth thing of each kind has the nth id, and refers to the first of the others.
//!
//! Optional fields are unset, unless the name says `full`.

use std::collections::BTreeMap;

use serde_json::json;
use tildel_domain::allocation::{
    FrameStatus, FundingModel, Headcount, HeadcountRecord, Language, Measure, Nok, PlanInput, Quantity,
    UnitKind,
};
use tildel_domain::application::{
    Application, ApplicationContent, ApplicationState, Party, PartyRole, Screening, ScreeningOutcome,
};
use tildel_domain::ballot::{Ballot, BallotMatter, BallotRules, BallotState, Vote, VoteContent};
use tildel_domain::decision::{
    AmountLine, AwardLine, DecidedOutcome, Decision, DecisionMatter, DecisionState,
};
use tildel_domain::forum::{Forum, Recusal, RecusalGround, Seat, VoteRight};
use tildel_domain::grant::{Grant, GrantState, GrantYear, GrantYearState};
use tildel_domain::id::{ApplicationId, DecisionId, GrantId, PersonId};
use tildel_domain::letter::{Letter, LetterState};
use tildel_domain::letter_content::LetterTexts;
use tildel_domain::meeting::{Meeting, MeetingState};
use tildel_domain::organisation::{
    Organisation, OrganisationHeadcount, OrganisationKind, OrganisationNumber,
};
use tildel_domain::person::{AccessToken, Person, Role};
use tildel_domain::recommendation::{
    Recommendation, RecommendationLine, RecommendationState, RecommendedOutcome,
};
use tildel_domain::round::{Deadline, Round, RoundState};
use tildel_domain::run::Run;
use tildel_domain::scheme::{Frame, Office, Scheme, SchemeFundingModel};
use tildel_domain::text::LocalText;
use tildel_domain::voting::{Majority, MotionVote, TieChain};
use tildel_storage::{Db, StorageError, Store};

use crate::{id, start, write};

/// Numbers of municipalities in Enhetsregisteret: the nth organisation has the nth.
const NUMBERS: [&str; 6] = ["964965137", "964978573", "864969682", "859223672", "964969590", "974763230"];

pub(super) fn text(nb: &str) -> LocalText {
    LocalText { nb: nb.to_owned(), nn: Some(format!("{nb} (nn)")), en: None }
}

pub(super) fn kroner(amount: i64) -> Nok {
    Nok::from_kroner(amount).unwrap()
}

pub(super) fn organisation(n: u128) -> Organisation {
    let number = NUMBERS[usize::try_from(n - 1).unwrap()];
    Organisation {
        id: id(n).into(),
        number: OrganisationNumber::parse(number).unwrap(),
        name: format!("Kommune {n}"),
        kind: OrganisationKind::Municipality,
        municipality_number: None,
        language: Language::Nb,
        placeholder: false,
        version: 1,
    }
}

pub(super) fn headcount(n: u128, value: Headcount) -> OrganisationHeadcount {
    let record = HeadcountRecord {
        unit_kind: UnitKind::PrimarySchool,
        measure: Measure::ManYears,
        date: "2019-10-01".parse().unwrap(),
        value,
        source: "Skoleporten".to_owned(),
        practice: false,
    };
    OrganisationHeadcount { id: id(n).into(), organisation_id: id(1).into(), record }
}

/// Two offices: `RO` and `VE`.
pub(super) fn office(n: u128) -> Office {
    Office {
        id: id(n).into(),
        key: if n == 1 { "RO" } else { "VE" }.to_owned(),
        name: text("Fylkesmannen"),
        department: text("Utdanningsavdelingen"),
        organisation_number: OrganisationNumber::parse("974763230").unwrap(),
        address: vec!["Postboks 59".to_owned(), "4001 Stavanger".to_owned()],
        language: Language::Nn,
        version: 1,
    }
}

pub(super) fn person(n: u128) -> Person {
    Person {
        id: id(n).into(),
        name: format!("Person {n}"),
        title: None,
        phone: None,
        office_id: None,
        organisation_id: None,
        version: 1,
    }
}

pub(super) fn access_token(n: u128) -> AccessToken {
    AccessToken {
        id: id(n).into(),
        person_id: id(1).into(),
        role: Role::CaseOfficer,
        label: "for tests".to_owned(),
        expires_at: None,
        revoked_at: None,
        version: 1,
    }
}

pub(super) fn letter_texts() -> LetterTexts {
    let document = "kind = 'information'\nlanguage = 'nb'\ntitle = 'Om {{ round }}'\n\
        terms.municipality = { one = 'en kommune', many = 'kommuner' }\n\
        [[blocks]]\nkind = 'heading'\ntext = 'Prioritering'\n\
        [[blocks]]\nwhen = 'amounts'\nkind = 'signatures'\nclosing = 'Med hilsen'\n";
    LetterTexts::from_toml(document).unwrap()
}

pub(super) fn scheme(n: u128) -> Scheme {
    Scheme {
        id: id(n).into(),
        key: format!("kompetanseloftet-{n}"),
        name: text("Kompetanseløftet"),
        first_year: 2020,
        last_year: 2025,
        legal_basis: "Oppdrag 2020".to_owned(),
        computing_body: "Udir".to_owned(),
        model_description: text("et grunnbeløp"),
        letter_texts: BTreeMap::from([(Language::Nb, letter_texts())]),
        version: 1,
    }
}

pub(super) fn funding_model(n: u128) -> SchemeFundingModel {
    let model = FundingModel {
        key: "model".to_owned(),
        version: u32::try_from(n).unwrap(),
        valid_from_year: 2020,
        valid_to_year: 2025,
        legal_basis: "§ 1".to_owned(),
        base: kroner(100_000),
        rate: Nok::from_ore(12_345),
        counted: vec![(UnitKind::PrimarySchool, Measure::ManYears)],
        withheld_assumed: "2.5".parse().unwrap(),
    };
    SchemeFundingModel { id: id(n).into(), scheme_id: id(1).into(), model, version: 1 }
}

/// The nth frame is that of the nth year of the scheme.
pub(super) fn frame(n: u128) -> Frame {
    Frame {
        id: id(n).into(),
        office_id: id(1).into(),
        scheme_id: id(1).into(),
        year: 2019 + i16::try_from(n).unwrap(),
        status: FrameStatus::Expected,
        amount: None,
        places: None,
        committed: Nok::ZERO,
        places_used: 0,
        version: 1,
    }
}

pub(super) fn full_frame(n: u128) -> Frame {
    Frame {
        status: FrameStatus::Decided,
        amount: Some(kroner(500)),
        places: Some(2),
        committed: kroner(400),
        places_used: 1,
        ..frame(n)
    }
}

pub(super) fn round(n: u128) -> Round {
    Round {
        id: id(n).into(),
        office_id: id(1).into(),
        scheme_id: id(1).into(),
        budget_year: 2020,
        title: text("Utlysning"),
        label: text("høsten 2020"),
        deadline: Deadline {
            local: "2020-05-01T23:59:00".parse().unwrap(),
            zone: "Europe/Oslo".to_owned(),
            grace_minutes: 15,
        },
        forum_ids: vec![id(1).into()],
        deferred_groups: Vec::new(),
        state: RoundState::Open,
        cancellation_reason: None,
        version: 1,
    }
}

pub(super) fn party(n: u128, organisation: u128, role: PartyRole) -> Party {
    Party {
        id: id(n).into(),
        organisation_id: id(organisation).into(),
        role,
        own_contribution: None,
        confirmed_at: None,
    }
}

/// A draft of the first organisation.
pub(super) fn application(n: u128) -> Application {
    Application {
        id: id(n).into(),
        reference: format!("RO-2020-{n:04}"),
        round_id: id(1).into(),
        office_id: id(1).into(),
        content: ApplicationContent {
            title: "Lesing".to_owned(),
            project_name: None,
            unit_kinds: vec![UnitKind::Kindergarten],
            answers: BTreeMap::from([("goal".to_owned(), "å lese «bedre»".to_owned())]),
            requested: None,
        },
        parties: vec![party(n * 10, 1, PartyRole::Lead)],
        state: ApplicationState::Draft,
        submitted_at: None,
        state_reason: None,
        screening: None,
        version: 1,
    }
}

pub(super) fn full_application(n: u128) -> Application {
    let bare = application(n);
    let content = ApplicationContent {
        project_name: Some("Jærskolene".to_owned()),
        requested: Some(kroner(250_000)),
        ..bare.content
    };
    let contributing = Party {
        own_contribution: Some("to stillinger".to_owned()),
        confirmed_at: Some(start()),
        ..party(n * 10 + 1, 2, PartyRole::Partner)
    };
    let screening = Screening {
        outcome: ScreeningOutcome::Deferred,
        reason: "videregående opplæring".to_owned(),
        deferred_to_year: Some(2021),
        screened_by: Some(id(1).into()),
        screened_at: start(),
    };
    Application {
        content,
        parties: vec![
            party(n * 10, 1, PartyRole::Lead),
            contributing,
            party(n * 10 + 2, 3, PartyRole::Provider),
        ],
        state: ApplicationState::Deferred,
        submitted_at: Some(start()),
        state_reason: Some("mangler mål".to_owned()),
        screening: Some(screening),
        ..application(n)
    }
}

pub(super) fn forum(n: u128) -> Forum {
    Forum {
        id: id(n).into(),
        office_id: id(1).into(),
        name: text("Samarbeidsforum"),
        short_name: text("regional ordning"),
        quorum_seats: 3,
        chair_id: id(1).into(),
        version: 1,
    }
}

/// The seat of the nth person.
pub(super) fn seat(n: u128) -> Seat {
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

pub(super) fn meeting(n: u128) -> Meeting {
    Meeting {
        id: id(n).into(),
        forum_id: id(1).into(),
        starts_at: start(),
        place: "Sandnes".to_owned(),
        state: MeetingState::Planned,
        agenda: Vec::new(),
        attendance: Vec::new(),
        version: 1,
    }
}

pub(super) fn recusal(n: u128, application: u128) -> Recusal {
    Recusal {
        id: id(n).into(),
        person_id: id(1).into(),
        application_id: id(application).into(),
        ground: RecusalGround::Relation,
        explanation: "søsken".to_owned(),
        recorded_by: id(2).into(),
    }
}

pub(super) fn ballot(n: u128) -> Ballot {
    let matter =
        BallotMatter::Motion { text: "Ja?".to_owned(), application_id: None, majority: Majority::Simple };
    Ballot {
        id: id(n).into(),
        forum_id: id(1).into(),
        meeting_id: id(1).into(),
        agenda_item_id: id(1).into(),
        round_id: None,
        title: "Sak".to_owned(),
        rules: BallotRules {
            matter,
            roster: vec![id(1).into(), id(2).into()],
            quorum_seats: 1,
            tie_chain: TieChain::default(),
            closes_at: None,
        },
        state: BallotState::Prepared,
        frozen: false,
        count: None,
        annulment_reason: None,
        version: 1,
    }
}

/// The vote of a seat, which the nth person of the same number holds.
pub(super) fn vote(ballot: u128, seat: u128, revision: i64) -> Vote {
    Vote {
        ballot_id: id(ballot).into(),
        seat_id: id(seat).into(),
        revision,
        person_id: id(seat).into(),
        content: VoteContent::Motion { choice: MotionVote::For },
        recused_on: Vec::new(),
        cast_at: start(),
    }
}

pub(super) fn recommendation_line(application: u128) -> RecommendationLine {
    RecommendationLine {
        application_id: id(application).into(),
        outcome: RecommendedOutcome::Ranked,
        rank: Some(1),
        first_year: None,
        last_year: None,
        amount: None,
        assessment: "godt forankret".to_owned(),
    }
}

pub(super) fn recommendation(n: u128, round: u128, forum: u128) -> Recommendation {
    Recommendation {
        id: id(n).into(),
        round_id: id(round).into(),
        forum_id: id(forum).into(),
        meeting_id: id(1).into(),
        ballot_id: None,
        lines: Vec::new(),
        dissent: Vec::new(),
        state: RecommendationState::Draft,
        adopted_by: None,
        adopted_at: None,
        version: 1,
    }
}

pub(super) fn adopted(recommendation: Recommendation) -> Recommendation {
    Recommendation {
        state: RecommendationState::Adopted,
        adopted_by: Some(id(1).into()),
        adopted_at: Some(start()),
        lines: vec![recommendation_line(1)],
        ..recommendation
    }
}

pub(super) fn run(n: u128) -> Run {
    let input = PlanInput {
        scheme_key: "kompetanseloftet-1".to_owned(),
        office_key: "RO".to_owned(),
        first_year: 2020,
        last_year: 2021,
        models: vec![funding_model(1).model],
        frames: Vec::new(),
        projects: vec![
            serde_json::from_value(json!({
                "id": id(1), "reference": "RO-2020-0001", "title": "Lesing", "firstYear": 2020, "lastYear": 2021,
                "parties": [{"organisationNumber": "964965137", "name": "Sandnes", "headcounts": [
                    headcount(1, Headcount::Known(Quantity::from_whole(7))).record,
                ]}],
            }))
            .unwrap(),
        ],
    };
    let plan = tildel_domain::allocation::plan(&input).unwrap();
    Run {
        id: id(n).into(),
        office_id: id(1).into(),
        scheme_id: id(1).into(),
        input_hash: "a".repeat(64),
        input,
        plan,
        created_at: start(),
    }
}

pub(super) fn award_line(application: u128) -> AwardLine {
    AwardLine {
        application_id: ApplicationId(id(application)),
        outcome: DecidedOutcome::Granted,
        first_year: Some(2020),
        last_year: Some(2021),
        deferred_to_year: None,
        reason: None,
        legal_basis: None,
    }
}

/// A draft of an award, prepared by the first person.
pub(super) fn award(n: u128) -> Decision {
    Decision {
        id: id(n).into(),
        reference: format!("RO-2020-{:04}", 100 + n),
        office_id: id(1).into(),
        matter: DecisionMatter::Award { round_id: id(1).into(), lines: vec![award_line(1)] },
        state: DecisionState::Draft,
        prepared_by: id(1).into(),
        approved_by: None,
        approved_at: None,
        version: 1,
    }
}

pub(super) fn amounts(n: u128) -> Decision {
    let line = AmountLine { grant_id: GrantId(id(1)), year: 2020, amount: kroner(300) };
    Decision { matter: DecisionMatter::Amounts { run_id: id(1).into(), lines: vec![line] }, ..award(n) }
}

/// Approved by the second person.
pub(super) fn approved(decision: Decision) -> Decision {
    Decision {
        state: DecisionState::Approved,
        approved_by: Some(PersonId(id(2))),
        approved_at: Some(start()),
        ..decision
    }
}

/// Two years, nothing planned; the nth grant answers the nth application.
pub(super) fn grant(n: u128) -> Grant {
    Grant {
        id: id(n).into(),
        reference: format!("RO-2020-{:04}", 200 + n),
        application_id: id(n).into(),
        round_id: id(1).into(),
        office_id: id(1).into(),
        scheme_id: id(1).into(),
        decision_id: id(1).into(),
        lead_id: id(1).into(),
        name: "Jærskolene".to_owned(),
        title: "Lesing".to_owned(),
        state: GrantState::Offered,
        years: vec![GrantYear::new(2020), GrantYear::new(2021)],
        answered_at: None,
        version: 1,
    }
}

/// Promised by the second decision: 300 kroner in 2020, decided, and 250 in 2021, conditional.
pub(super) fn promised(grant: Grant) -> Grant {
    let year = |year, state, amount| GrantYear {
        year,
        state,
        planned: Some(kroner(amount)),
        planned_run_id: Some(id(1).into()),
        promised: Some(kroner(amount)),
        promised_run_id: Some(id(1).into()),
        decision_id: Some(DecisionId(id(2))),
        conditional: state == GrantYearState::PreNotified,
    };
    let years = vec![year(2020, GrantYearState::Decided, 300), year(2021, GrantYearState::PreNotified, 250)];
    Grant { years, ..grant }
}

/// A draft, prepared by the first person.
pub(super) fn letter(n: u128) -> Letter {
    let content = json!({
        "kind": "information", "language": "nb", "recipients": ["Kommunene"], "caseNumber": "2020/1", "date": "2020-06-30",
        "sender": {"name": "Fylkesmannen", "organisationNumber": "974763230", "department": "Utdanning", "address": []},
        "contact": {"name": "Person 1", "title": "rådgiver", "phone": "51000000"},
        "facts": {
            "scheme": "Kompetanseløftet", "round": "høsten 2020", "meetings": [{"forum": "ordningen", "date": "2020-06-01"}],
            "applicants": [{"kind": "municipality", "count": 3}], "places": 2, "projects": [], "model": "et grunnbeløp",
            "computingBody": "Udir", "amounts": null, "periodYears": 6, "deferred": [], "events": [], "pending": [],
            "greeting": null,
        },
        "signatories": [{"name": "Person 2", "title": "direktør"}], "approved": null,
    });
    Letter {
        id: id(n).into(),
        reference: format!("RO-2020-{:04}", 300 + n),
        office_id: id(1).into(),
        round_id: id(1).into(),
        decision_id: id(1).into(),
        content: serde_json::from_value(content).unwrap(),
        texts: letter_texts(),
        state: LetterState::Draft,
        prepared_by: id(1).into(),
        approved_by: None,
        approved_at: None,
        dispatched_at: None,
        version: 1,
    }
}

/// Approved by the second person and sent.
pub(super) fn dispatched(letter: Letter) -> Letter {
    Letter {
        state: LetterState::Dispatched,
        approved_by: Some(id(2).into()),
        approved_at: Some(start()),
        dispatched_at: Some(start()),
        ..letter
    }
}

/// Stores what most things refer to: organisations 1 to 3, both offices, persons 1 to 3, a scheme and a forum.
pub(super) fn settle(store: &Store) {
    use tildel_storage::{forums, offices, organisations, persons, schemes};
    write(store, |db| {
        (1..=3).try_for_each(|n| organisations::insert(db, &organisation(n)))?;
        (1..=2).try_for_each(|n| offices::insert(db, &office(n)))?;
        (1..=3).try_for_each(|n| persons::insert(db, &person(n)))?;
        schemes::insert(db, &scheme(1))?;
        forums::insert(db, &forum(1))
    });
}

/// Stores a round on its way from application to letter: two of most things, where the first is finished, if it can be, and the
/// second is not.
pub(super) fn play(store: &Store) {
    settle(store);
    write(store, play_in);
}

fn play_in(db: &mut Db) -> Result<(), StorageError> {
    use tildel_storage::{
        access_tokens, applications, ballots, decisions, forums, frames, funding_models, grants, headcounts,
        letter_renditions, letters, meetings, recommendations, recusals, references, rounds, runs, schemes,
        seats, votes,
    };
    schemes::insert(db, &scheme(2))?;
    access_tokens::insert(db, &access_token(1), &"1".repeat(64))?;
    access_tokens::insert(db, &access_token(2), &"2".repeat(64))?;
    headcounts::insert(db, &headcount(1, Headcount::Withheld))?;
    funding_models::insert(db, &funding_model(1))?;
    funding_models::insert(db, &funding_model(2))?;
    frames::insert(db, &full_frame(1))?;
    frames::insert(db, &frame(2))?;
    references::next(db, "RO", 2020)?;
    rounds::insert(db, &round(1))?;
    rounds::insert(db, &Round { state: RoundState::Draft, ..round(2) })?;
    applications::insert(db, &full_application(1))?;
    applications::insert(db, &application(2))?;
    recusals::insert(db, &recusal(1, 1))?;
    recusals::insert(db, &recusal(2, 2))?;
    forums::insert(db, &forum(2))?;
    seats::insert(db, &seat(1))?;
    seats::insert(db, &seat(2))?;
    meetings::insert(db, &meeting(1))?;
    ballots::insert(db, &Ballot { state: BallotState::Open, frozen: true, ..ballot(1) })?;
    ballots::insert(db, &ballot(2))?;
    votes::cast(db, &vote(1, 1, 1))?;
    votes::cast(db, &vote(1, 1, 2))?;
    recommendations::insert(db, &adopted(recommendation(1, 1, 1)))?;
    recommendations::insert(db, &recommendation(2, 1, 2))?;
    runs::insert(db, &run(1))?;
    decisions::insert(db, &approved(award(1)))?;
    decisions::insert(db, &approved(amounts(2)))?;
    decisions::insert(db, &award(3))?;
    grants::insert(db, &promised(grant(1)))?;
    grants::insert(db, &grant(2))?;
    letters::insert(db, &dispatched(letter(1)))?;
    letters::insert(db, &letter(2))?;
    letter_renditions::put(db, id(1).into(), 1, "pdf", &"f".repeat(64), b"%PDF")
}
