//! What is written comes back the same, with every optional field set and unset.

use diesel::connection::SimpleConnection;
use tildel_domain::allocation::{CountedUnit, Headcount, Language, Quantity, RenewalOutcome, SuccessorInput};
use tildel_domain::appeal::{Appeal, AppealState};
use tildel_domain::award_criterion::AwardCriterion;
use tildel_domain::ballot::{
    Ballot, BallotMatter, BallotRules, BallotState, RankingMethod, Vote, VoteContent,
};
use tildel_domain::decision::{Decision, DecisionState};
use tildel_domain::forum::{Seat, VoteRight};
use tildel_domain::grant::{Grant, GrantRenewal, GrantState};
use tildel_domain::impact::{ImpactReport, ImpactReportState};
use tildel_domain::letter::LetterState;
use tildel_domain::letter_content::Approved;
use tildel_domain::meeting::{
    AgendaItem, AgreementOutcome, AgreementTest, Attendance, Meeting, MeetingState,
};
use tildel_domain::organisation::{Organisation, OrganisationKind};
use tildel_domain::person::{AccessToken, Person};
use tildel_domain::recommendation::{Dissent, Recommendation, RecommendationState};
use tildel_domain::recusal::{Recusal, RecusalState};
use tildel_domain::register::RegisterKey;
use tildel_domain::renewal_advice::RenewalMatter;
use tildel_domain::round::{DeferredGroup, Round, RoundState};
use tildel_domain::scenario::Scenario;
use tildel_domain::voting::{Majority, TieChain, TieLink};
use tildel_storage::{
    PageRequest, StorageError, Store, access_tokens, appeal_reruns, appeals, applications, ballots,
    decisions, forums, frames, funding_models, grant_payments, grant_renewals, grants, guards, headcounts,
    impact_reports, letters, meetings, offices, organisations, persons, recommendations, recusals, rounds,
    runs, scenarios, schemes, seats, units,
};
use tildel_test_support::{TestStore, both_backends};

use super::world::{
    accepted, access_token, adopted, amounts, appeal, application, approved, award, ballot, computed,
    dispatched, forum, frame, full_application, full_frame, full_unit, funding_model, grant, headcount,
    letter, meeting, notice, office, organisation, payment, person, play, promised, recommendation,
    recommendation_line, recusal, renewal, renewal_recommendation, renewals, report, rerun, round, run,
    scenario, scheme, seat, settle, signed_off, text, unit, upheld, vote,
};
use crate::{after, id, read, start, try_write, write};

/// Each thing is written and found again.
macro_rules! keeps {
    ($store:expr, $module:ident: $($thing:expr),+ $(,)?) => {$(
        let thing = $thing;
        assert_eq!(read(&$store, |db| $module::find(db, thing.id)), None);
        write(&$store, |db| $module::insert(db, &thing));
        found!($store, $module, thing);
    )+};
}

macro_rules! found {
    ($store:expr, $module:ident, $thing:ident) => {
        assert_eq!(read(&$store, |db| $module::find(db, $thing.id)).as_ref(), Some(&$thing));
        assert_eq!(write(&$store, |db| $module::lock(db, $thing.id)).as_ref(), Some(&$thing));
    };
}

/// A change is found again, the version counts up, and nobody writes over it from what was read before.
macro_rules! changes {
    ($store:expr, $module:ident, $thing:expr, $changed:expr) => {
        let (mut stale, mut changed) = ($thing, $changed);
        write(&$store, |db| $module::update(db, &mut changed));
        assert_eq!(changed.version, stale.version + 1);
        found!($store, $module, changed);
        let refused = try_write(&$store, |db| $module::update(db, &mut stale));
        assert!(matches!(refused, Err(StorageError::RowCount { expected: 1, got: 0, .. })), "{refused:?}");
        assert_eq!(stale.version, changed.version - 1, "a refused write changes nothing in memory");
        found!($store, $module, changed);
    };
}

/// What recipients were told stands, while the decision goes on to its end.
fn appealed_decisions_keep_their_course(store: &Store, notified: Decision) {
    let mut standing = Decision { version: 2, ..notified };
    for state in [DecisionState::Appealed, DecisionState::Notified, DecisionState::Changed] {
        standing.state = state;
        write(store, |db| decisions::update(db, &mut standing));
        assert_eq!(read(store, |db| decisions::find(db, standing.id)), Some(standing.clone()));
    }
    let filter =
        |state| decisions::DecisionFilter { state: Some(state), ..decisions::DecisionFilter::default() };
    let listed =
        |state| read(store, |db| decisions::page(db, &filter(state), &PageRequest::first(10))).items.len();
    assert_eq!((listed(DecisionState::Changed), listed(DecisionState::Notified)), (1, 0));
    let mut retold = Decision { notices: Vec::new(), ..standing };
    let refused = try_write(store, |db| decisions::update(db, &mut retold)).expect_err("it was told");
    assert!(refused.is_check_violation(guards::DECISIONS_NOTICES_FIXED), "{refused}");
}

both_backends! {
    fn the_registry_keeps_what_it_is_given(store: TestStore) {
        let named = Organisation {
            kind: OrganisationKind::KindergartenOwner,
            municipality_number: Some("1108".to_owned()),
            language: Language::En,
            placeholder: true,
            ..organisation(2)
        };
        keeps!(store, organisations: organisation(1), named.clone());
        changes!(store, organisations, organisation(1), Organisation { kind: named.kind, ..organisation(1) });
        changes!(store, organisations, named.clone(), Organisation { municipality_number: None, ..named.clone() });
        keeps!(store, headcounts:
            headcount(1, Headcount::Known("1029.2".parse::<Quantity>().unwrap())), headcount(2, Headcount::Withheld),
            headcount(3, Headcount::NoneRegistered), headcount(4, Headcount::Unknown));
        let ceased = Organisation {
            ceased_on: Some("2019-12-31".parse().unwrap()),
            successors: vec![SuccessorInput { organisation: "964965137".to_owned(), share: "1".parse().unwrap() }],
            ..organisation(3)
        };
        keeps!(store, organisations: ceased);
        keeps!(store, offices: office(1), office(2));
        let mut renamed = office(1);
        renamed.name = text("Statsforvalteren");
        changes!(store, offices, office(1), renamed);
        let full = Person {
            title: Some("rådgiver".to_owned()),
            phone: Some("51000000".to_owned()),
            office_id: Some(id(1).into()),
            organisation_id: Some(id(2).into()),
            ..person(1)
        };
        keeps!(store, persons: full.clone(), person(2));
        changes!(store, persons, full, person(1));
        let mut of_unit = headcount(5, Headcount::Withheld);
        of_unit.record.unit = Some(CountedUnit { number: "974101".to_owned(), name: "Barnehage".to_owned() });
        of_unit.register = Some(RegisterKey::Nbr);
        of_unit.reason = Some("talt".to_owned());
        of_unit.recorded_by = Some(id(1).into());
        keeps!(store, headcounts: of_unit);
        keeps!(store, units: unit(1), full_unit(2));
        changes!(store, units, unit(1), full_unit(1));
        keeps!(store, schemes: scheme(1));
        let mut longer = scheme(1);
        longer.last_year = 2026;
        changes!(store, schemes, scheme(1), longer);
        keeps!(store, funding_models: funding_model(1), funding_model(2));
        let mut dearer = funding_model(1);
        dearer.model.valid_to_year = 2026;
        changes!(store, funding_models, funding_model(1), dearer);
        keeps!(store, frames: frame(1), full_frame(2));
        changes!(store, frames, frame(1), full_frame(1));
        changes!(store, frames, full_frame(2), frame(2));
    }

    /// The hash is written with the token and stays when the token changes.
    fn a_token_is_found_by_its_hash(store: TestStore) {
        settle(&store);
        let full = AccessToken { expires_at: Some(after(60)), revoked_at: Some(start()), ..access_token(2) };
        for (token, digit) in [(access_token(1), "1"), (full.clone(), "2")] {
            write(&store, |db| access_tokens::insert(db, &token, &digit.repeat(64)));
            found!(store, access_tokens, token);
        }
        changes!(store, access_tokens, access_token(1), AccessToken { revoked_at: Some(start()), ..access_token(1) });
        let by_hash = |digit: &str| read(&store, |db| access_tokens::find_by_hash(db, &digit.repeat(64)));
        let (revoked, owner) = by_hash("1").unwrap();
        assert_eq!((revoked.revoked_at, revoked.version, owner), (Some(start()), 2, person(1)));
        assert_eq!(by_hash("2"), Some((full, person(1))));
        assert_eq!(by_hash("3"), None);
    }

    fn rounds_and_applications_keep_what_they_are_given(store: TestStore) {
        settle(&store);
        let cancelled = Round {
            deferred_groups: vec![DeferredGroup { label: text("videregående opplæring"), year: 2021 }],
            criteria: vec![AwardCriterion { key: "need".to_owned(), text: text("Behov"), weight: Some(2), scale_max: Some(5) }],
            state: RoundState::Cancelled,
            cancellation_reason: Some("ingen ramme".to_owned()),
            ..round(2)
        };
        keeps!(store, rounds: round(1), cancelled.clone());
        changes!(store, rounds, round(1), Round { state: RoundState::Closed, forum_ids: Vec::new(), ..round(1) });
        changes!(store, rounds, cancelled.clone(), Round { deferred_groups: Vec::new(), ..cancelled });
        keeps!(store, applications: application(1), full_application(2));
        // Parties come, and go, and change places.
        changes!(store, applications, application(1), full_application(1));
        let mut fewer = full_application(2);
        fewer.parties.remove(1);
        changes!(store, applications, full_application(2), fewer);
        let ruled = Recusal {
            found: true,
            state: RecusalState::NotUpheld,
            ruling_reason: Some("ikke part".to_owned()),
            ruled_by: Some(id(2).into()),
            ruled_at: Some(start()),
            ..recusal(2, 2)
        };
        keeps!(store, recusals: recusal(1, 1), ruled.clone());
        changes!(store, recusals, ruled, recusal(2, 2));
    }

    fn forums_keep_what_they_are_given(store: TestStore) {
        settle(&store);
        write(&store, |db| rounds::insert(db, &round(1)));
        let full = Seat {
            organisation_kind: OrganisationKind::CountyGovernor,
            organisation_id: Some(id(3).into()),
            vote_right: VoteRight::Observer,
            deputy_id: Some(id(3).into()),
            ..seat(2)
        };
        keeps!(store, seats: seat(1), full.clone());
        changes!(store, seats, full, seat(2));
        let mut other_chair = forum(1);
        other_chair.chair_id = id(2).into();
        changes!(store, forums, forum(1), other_chair);
        let item = |number, agreement| AgendaItem {
            id: id(number).into(),
            number: 1,
            title: "Sak".to_owned(),
            round_id: (number == 1).then_some(id(1).into()),
            application_id: Some(id(4).into()),
            renewals: (number == 2).then_some(RenewalMatter { scheme_id: id(1).into(), year: 2021 }),
            called_in: vec![id(5).into()],
            agreement,
        };
        let tested = |outcome, note| AgreementTest { outcome, note, recorded_at: start() };
        let held = Meeting {
            state: MeetingState::Held,
            agenda: vec![
                item(1, Some(tested(AgreementOutcome::Skipped, Some("hastesak".to_owned())))),
                item(2, Some(tested(AgreementOutcome::Agreed, None))),
                item(3, None),
            ],
            attendance: vec![Attendance { seat_id: id(1).into(), person_id: id(1).into() }],
            ..meeting(1)
        };
        keeps!(store, meetings: meeting(1), Meeting { id: id(2).into(), ..held.clone() });
        changes!(store, meetings, meeting(1), held);
    }

    fn ballots_keep_their_rules_and_counts(store: TestStore) {
        settle(&store);
        write(&store, |db| {
            rounds::insert(db, &round(1))?;
            meetings::insert(db, &meeting(1))
        });
        let annulled = Ballot {
            round_id: Some(id(1).into()),
            state: BallotState::Annulled,
            annulment_reason: Some("feil liste".to_owned()),
            ..ballot(2)
        };
        keeps!(store, ballots: ballot(1), annulled);
        let mut motion = Ballot { state: BallotState::Closed, frozen: true, ..ballot(1) };
        motion.count(&[vote(1, 1, 1), vote(1, 2, 1)], (&meeting(1), &[seat(1), seat(2)], &[])).unwrap();
        changes!(store, ballots, ballot(1), motion);
        let options = vec![id(1).into(), id(2).into(), id(3).into()];
        let rules = BallotRules {
            matter: BallotMatter::Ranking { options: options.clone(), method: RankingMethod::Borda },
            tie_chain: TieChain(vec![TieLink::Lot { seed_hex: "00ff".to_owned() }, TieLink::Lexicographic]),
            closes_at: Some(after(60)),
            ..ballot(3).rules
        };
        let ranked = |seat, order, recused_on| {
            Vote { content: VoteContent::Ranking { order }, recused_on, ..vote(3, seat, 1) }
        };
        let votes = [ranked(1, options.clone(), Vec::new()), ranked(2, vec![options[1]], vec![options[0]])];
        let mut ranking = Ballot { rules, state: BallotState::Closed, frozen: true, ..ballot(3) };
        ranking.count(&votes, (&meeting(1), &[seat(1), seat(2)], &[])).unwrap();
        let about_one = BallotMatter::Motion {
            text: "Ja?".to_owned(),
            application_id: Some(id(1).into()),
            majority: Majority::TwoThirds,
        };
        let mut one = ballot(4);
        one.rules.matter = about_one;
        keeps!(store, ballots: ranking, one);
    }

    fn recommendations_keep_what_they_are_given(store: TestStore) {
        play(&store);
        let mut line = recommendation_line(2);
        line.first_year = Some(2020);
        line.last_year = Some(2025);
        line.amount = Some(super::world::kroner(1_000));
        let mut full = adopted(recommendation(3, 2, 1));
        full.ballot_id = Some(id(1).into());
        full.lines.push(line);
        let dissent = Dissent {
            seat_id: Some(id(1).into()),
            person_id: Some(id(1).into()),
            named: false,
            application_id: Some(id(2).into()),
            text: "uenig".to_owned(),
            recorded_at: Some(start()),
        };
        full.dissent = vec![dissent.clone()];
        let mut unsigned = adopted(recommendation(4, 2, 2));
        unsigned.adopted_by = None;
        let corrected = Recommendation {
            number: 2,
            supersedes_id: Some(id(4).into()),
            correction_reason: Some("skrivefeil".to_owned()),
            ..recommendation(5, 2, 2)
        };
        keeps!(store, recommendations: full.clone(), unsigned, corrected, renewal_recommendation(6, 2023));
        // Until the sign-off members dissent; after it a later version takes the place.
        changes!(store, recommendations, full.clone(), Recommendation { dissent: vec![dissent.clone(), dissent], ..full.clone() });
        let signed = signed_off(adopted(recommendation(9, 2, 3)));
        write(&store, |db| forums::insert(db, &forum(3)));
        keeps!(store, recommendations: signed.clone());
        changes!(store, recommendations, signed.clone(), Recommendation { state: RecommendationState::Superseded, ..signed });
        changes!(store, recommendations, recommendation(2, 1, 2), adopted(recommendation(2, 1, 2)));
        assert_eq!(read(&store, |db| recommendations::signed_in_round(db, id(1).into())), [], "adopted is not signed off");
        let on_renewals = |office: u128, year| {
            let found = read(&store, |db| recommendations::signed_on_renewals(db, id(office).into(), id(1).into(), year));
            found.iter().map(|found| found.id.into()).collect::<Vec<uuid::Uuid>>()
        };
        assert_eq!(on_renewals(1, 2021), [id(7)]);
        assert!(on_renewals(1, 2022).is_empty() && on_renewals(2, 2021).is_empty());
    }

    fn awards_keep_what_they_are_given(store: TestStore) {
        play(&store);
        write(&store, |db| runs::insert(db, &run(5)));
        assert_eq!(read(&store, |db| runs::find(db, id(5).into())), Some(run(5)));
        keeps!(store, decisions: award(10), approved(award(11)), amounts(12), approved(amounts(13)), renewals(14), approved(renewals(15)));
        changes!(store, decisions, award(10), approved(award(10)));
        let mut notified = approved(amounts(13));
        notified.state = DecisionState::Notified;
        notified.notified_at = Some(start());
        notified.notices = vec![notice()];
        changes!(store, decisions, approved(amounts(13)), notified.clone());
        appealed_decisions_keep_their_course(&store, notified);
        write(&store, |db| {
            applications::insert(db, &application(3))?;
            applications::insert(db, &application(4))
        });
        let answered = Grant { state: GrantState::Accepted, answered_at: Some(start()), ..promised(grant(4)) };
        keeps!(store, grants: grant(3), answered);
        changes!(store, grants, grant(3), promised(grant(3)));
        keeps!(store, letters: letter(3), dispatched(letter(4)));
        let mut signed = dispatched(letter(3));
        signed.state = LetterState::Approved;
        signed.dispatched_at = None;
        signed.content.approved = Some(Approved { date: "2020-06-30".parse().unwrap() });
        changes!(store, letters, letter(3), signed);
    }

    fn appeals_keep_what_they_are_given(store: TestStore) {
        play(&store);
        let other = |appeal: Appeal| Appeal { decision_id: id(2).into(), ..appeal };
        write(&store, |db| applications::insert(db, &application(3)));
        keeps!(store, appeals: other(appeal(3)));
        let proposed = Appeal { state: AppealState::Proposed, prepared_by: Some(id(1).into()), ..other(appeal(3)) };
        changes!(store, appeals, other(appeal(3)), proposed);
        let followed = Appeal { followed_by: Some(id(3).into()), ..upheld(appeal(2)) };
        changes!(store, appeals, upheld(appeal(2)), followed);
        keeps!(store, appeal_reruns: rerun(2));
        let against = read(&store, |db| appeals::against(db, &[id(1).into()]));
        assert_eq!(against.iter().map(|appeal| appeal.id).collect::<Vec<_>>(), [id(1).into(), id(2).into()]);
    }

    fn what_becomes_of_money_keeps_what_it_is_given(store: TestStore) {
        play(&store);
        let stopped = GrantRenewal { outcome: RenewalOutcome::Stopped, ..renewal(3) };
        keeps!(store, grant_renewals: renewal(2), stopped);
        keeps!(store, grant_payments: payment(2));
        assert_eq!(read(&store, |db| grant_payments::most_by_year(db, id(1).into())), [(2020, 2)]);
        let superseded = ImpactReport { state: ImpactReportState::Superseded, ..report(2) };
        changes!(store, impact_reports, report(2), superseded);
        let third = ImpactReport { previous_run_id: Some(id(2).into()), ..report(3) };
        keeps!(store, impact_reports: third.clone());
        changes!(store, impact_reports, third.clone(), accepted(third));
        keeps!(store, scenarios: scenario(2), computed(scenario(3)));
        changes!(store, scenarios, scenario(2), computed(scenario(2)));
        let gone = Scenario { version: 2, ..scenario(2) };
        assert!(try_write(&store, |db| scenarios::delete(db, &scenario(2))).is_err(), "another version stands");
        write(&store, |db| scenarios::delete(db, &gone));
        assert_eq!(read(&store, |db| scenarios::find(db, id(2).into())), None);
    }

    /// A run of before 0.1.0 can not be read any more; it is there for those who name it, and is not shown.
    fn a_run_of_the_old_form_is_not_shown(store: TestStore) {
        play(&store);
        let newest = read(&store, |db| runs::latest(db, id(1).into(), id(1).into()));
        write(&store, |db| Ok(db.batch_execute(&format!(
            "insert into runs (id, office_id, scheme_id, input_hash, input, plan, created_at) \
             select '{}', office_id, scheme_id, input_hash, '{{}}', '{{}}', created_at from runs where id = '{}'",
            id(7), id(1),
        ))?));
        assert_eq!(read(&store, |db| runs::find(db, id(7).into())), None);
        assert_eq!(read(&store, |db| runs::latest(db, id(1).into(), id(1).into())), newest);
        let page = read(&store, |db| runs::page(db, &runs::RunFilter::default(), &PageRequest::first(10)));
        assert_eq!(page.items.len(), 3);
    }

    fn a_grant_gets_no_new_years(store: TestStore) {
        play(&store);
        let mut longer = grant(2);
        longer.years.push(tildel_domain::grant::GrantYear::new(2022));
        let refused = try_write(&store, |db| grants::update(db, &mut longer));
        assert!(matches!(refused, Err(StorageError::RowCount { table: "grant_years", .. })), "{refused:?}");
        assert_eq!(read(&store, |db| grants::find(db, id(2).into())), Some(grant(2)));
    }

    /// The constraints let nine digits pass; only the domain knows the check digit.
    fn an_impossible_value_is_reported_by_its_place(store: TestStore) {
        write(&store, |db| organisations::insert(db, &organisation(1)));
        write(&store, |db| Ok(db.batch_execute("update organisations set number = '964965138'")?));
        let refused = store.read(|db| organisations::find(db, id(1).into()));
        let Err(StorageError::Inconsistent { table, row, column, .. }) = refused else { panic!("{refused:?}") };
        assert_eq!((table, row, column), ("organisations", id(1).to_string(), "number"));
    }
}
