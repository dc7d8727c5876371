//! Who sees what: the lists agree with the domain's own rule, thing by thing.

use tildel_domain::application::{Application, ApplicationState, PartyRole, Screening, ScreeningOutcome};
use tildel_domain::decision::{Decision, DecisionState};
use tildel_domain::id::OrganisationId;
use tildel_domain::letter::{Letter, LetterState};
use tildel_domain::recommendation::Recommendation;
use tildel_domain::round::{Round, RoundState};
use tildel_domain::{Actor, Role};
use tildel_storage::applications::ApplicationFilter;
use tildel_storage::ballots::BallotFilter;
use tildel_storage::decisions::DecisionFilter;
use tildel_storage::letters::LetterFilter;
use tildel_storage::recommendations::RecommendationFilter;
use tildel_storage::rounds::RoundFilter;
use tildel_storage::{Page, PageRequest, applications, ballots, decisions, letters, recommendations, rounds};
use tildel_test_support::{TestStore, both_backends};
use uuid::Uuid;

use super::world::{amounts, application, approved, award, dispatched, letter, party, play, round, settle};
use crate::{id, read, start, write};

fn ids<T>(page: Page<T>, id_of: impl Fn(&T) -> Uuid) -> Vec<Uuid> {
    assert_eq!(page.next, None);
    page.items.iter().map(id_of).collect()
}

fn numbered(numbers: &[u128]) -> Vec<Uuid> {
    numbers.iter().copied().map(id).collect()
}

const ALL: PageRequest = PageRequest { after: None, limit: 200, order: tildel_storage::PageOrder::Oldest };

/// An application in each state that matters, led by organisation 1, with organisation 2 as a partner where `joint`.
fn applications_in_all_states() -> Vec<Application> {
    let screening = Screening {
        outcome: ScreeningOutcome::Eligible,
        reason: "komplett".to_owned(),
        deferred_to_year: None,
        screened_by: None,
        screened_at: start(),
    };
    let states = [
        (ApplicationState::Draft, false),
        (ApplicationState::Submitted, true),
        (ApplicationState::Returned, true),
        (ApplicationState::Eligible, true),
        (ApplicationState::Granted, true),
        (ApplicationState::Withdrawn, false),
        (ApplicationState::Withdrawn, true),
    ];
    let mut all = Vec::new();
    for joint in [false, true] {
        for (state, submitted) in states {
            let n = u128::try_from(all.len()).unwrap() + 1;
            let mut one = Application {
                state,
                submitted_at: submitted.then(start),
                screening: (state == ApplicationState::Eligible).then(|| screening.clone()),
                ..application(n)
            };
            if joint {
                one.parties.push(party(n * 10 + 1, 2, PartyRole::Partner));
            }
            all.push(one);
        }
    }
    all
}

both_backends! {
    fn applications_appear_as_the_domain_says(store: TestStore) {
        settle(&store);
        let all = applications_in_all_states();
        write(&store, |db| {
            rounds::insert(db, &round(1))?;
            all.iter().try_for_each(|application| applications::insert(db, application))
        });
        let listed = |filter: &ApplicationFilter| {
            ids(read(&store, |db| applications::page(db, filter, &ALL)), |found| found.id.into())
        };
        let viewed_by = |viewer: Option<OrganisationId>| {
            listed(&ApplicationFilter { viewer_organisation_id: viewer, ..ApplicationFilter::default() })
        };
        for viewer in [None, Some(1), Some(2), Some(3)] {
            let organisation_id = viewer.map(|n| id(n).into());
            let actor = Actor { person_id: None, role: Role::Applicant, office_id: None, organisation_id };
            let visible: Vec<Uuid> = all
                .iter()
                .filter(|application| application.is_visible_to(&actor))
                .map(|application| application.id.into())
                .collect();
            assert_eq!(viewed_by(organisation_id), visible, "{viewer:?}");
        }
        // By hand: drafts and what was withdrawn before it was handed in, 1, 6, 8 and 13, are for their parties.
        assert_eq!(viewed_by(None), numbered(&[2, 3, 4, 5, 7, 9, 10, 11, 12, 14]));
        assert_eq!(viewed_by(Some(id(2).into())), numbered(&[2, 3, 4, 5, 7, 8, 9, 10, 11, 12, 13, 14]));
        let everything = ApplicationFilter { everything: true, ..ApplicationFilter::default() };
        assert_eq!(listed(&everything).len(), 14);
        // A state asked for does not open what is hidden.
        let drafts = ApplicationFilter { state: Some(ApplicationState::Draft), ..ApplicationFilter::default() };
        assert_eq!(listed(&drafts), numbered(&[]));
        let own_drafts = ApplicationFilter { viewer_organisation_id: Some(id(2).into()), ..drafts };
        assert_eq!(listed(&own_drafts), numbered(&[8]));
        let joint = ApplicationFilter { party_id: Some(id(2).into()), ..ApplicationFilter::default() };
        assert_eq!(listed(&joint), numbered(&[9, 10, 11, 12, 14]));
        let elsewhere = ApplicationFilter { round_id: Some(id(2).into()), ..everything };
        assert_eq!(listed(&elsewhere), numbered(&[]));
        assert_eq!(read(&store, |db| applications::list_in_round(db, id(1).into())), all);
    }

    fn drafts_of_rounds_are_for_their_office(store: TestStore) {
        settle(&store);
        let of_office = |n, office: u128, state| Round { office_id: id(office).into(), state, ..round(n) };
        write(&store, |db| {
            rounds::insert(db, &of_office(1, 1, RoundState::Draft))?;
            rounds::insert(db, &of_office(2, 2, RoundState::Draft))?;
            rounds::insert(db, &of_office(3, 2, RoundState::Open))?;
            rounds::insert(db, &Round { budget_year: 2021, ..of_office(4, 1, RoundState::Closed) })
        });
        let listed =
            |filter: RoundFilter| ids(read(&store, |db| rounds::page(db, &filter, &ALL)), |found| found.id.into());
        let seen_by = |office: Option<u128>| RoundFilter {
            drafts_of_office: office.map(|n| id(n).into()),
            ..RoundFilter::default()
        };
        assert_eq!(listed(seen_by(None)), numbered(&[3, 4]));
        assert_eq!(listed(seen_by(Some(1))), numbered(&[1, 3, 4]));
        assert_eq!(listed(seen_by(Some(2))), numbered(&[2, 3, 4]));
        assert_eq!(listed(RoundFilter { state: Some(RoundState::Draft), ..seen_by(Some(1)) }), numbered(&[1]));
        assert_eq!(listed(RoundFilter { office_id: Some(id(2).into()), ..seen_by(None) }), numbered(&[3]));
        assert_eq!(listed(RoundFilter { budget_year: Some(2021), ..seen_by(Some(1)) }), numbered(&[4]));
        assert_eq!(listed(RoundFilter { scheme_id: Some(id(2).into()), ..seen_by(Some(1)) }), numbered(&[]));
    }

    fn unfinished_decisions_and_letters_are_for_their_office(store: TestStore) {
        play(&store);
        let other = |decision: Decision| Decision { office_id: id(2).into(), ..decision };
        let proposed = |decision: Decision| Decision { state: DecisionState::Proposed, ..decision };
        let unsent = Letter { state: LetterState::Approved, dispatched_at: None, ..dispatched(letter(3)) };
        write(&store, |db| {
            decisions::insert(db, &proposed(award(4)))?;
            decisions::insert(db, &other(proposed(amounts(5))))?;
            decisions::insert(db, &other(approved(award(6))))?;
            letters::insert(db, &unsent)?;
            letters::insert(db, &Letter { office_id: id(2).into(), ..letter(4) })
        });
        let staff_of = |office: Option<u128>| Actor {
            person_id: None,
            role: Role::CaseOfficer,
            office_id: office.map(|n| id(n).into()),
            organisation_id: None,
        };
        let expected = [(None, vec![1, 2, 6], vec![1]), (Some(1), vec![1, 2, 3, 4, 6], vec![1, 2, 3]), (Some(2), vec![1, 2, 5, 6], vec![1, 4])];
        for (office, decided, written) in expected {
            let drafts_of_office = office.map(|n| id(n).into());
            let filter = DecisionFilter { drafts_of_office, ..DecisionFilter::default() };
            let page = read(&store, |db| decisions::page(db, &filter, &ALL));
            assert!(page.items.iter().all(|decision| decision.is_visible_to(&staff_of(office))));
            assert_eq!(ids(page, |found| found.id.into()), numbered(&decided), "{office:?}");
            let filter = LetterFilter { drafts_of_office, ..LetterFilter::default() };
            let page = read(&store, |db| letters::page(db, &filter, &ALL));
            assert!(page.items.iter().all(|letter| letter.is_visible_to(&staff_of(office))));
            assert_eq!(ids(page, |found| found.id.into()), numbered(&written), "{office:?}");
        }
        let decided = |filter: DecisionFilter| {
            ids(read(&store, |db| decisions::page(db, &filter, &ALL)), |found| found.id.into())
        };
        let round_id = Some(id(1).into());
        assert_eq!(decided(DecisionFilter { round_id, ..DecisionFilter::default() }), numbered(&[1, 6]));
        let office_id = Some(id(2).into());
        assert_eq!(decided(DecisionFilter { office_id, ..DecisionFilter::default() }), numbered(&[6]));
        let state = Some(DecisionState::Proposed);
        assert_eq!(decided(DecisionFilter { state, ..DecisionFilter::default() }), numbered(&[]));
    }

    fn drafts_of_recommendations_and_ballots_are_for_their_forum(store: TestStore) {
        play(&store);
        let listed = |forums: &[u128]| {
            let draft_forum_ids = forums.iter().map(|n| id(*n).into()).collect();
            let filter = RecommendationFilter { draft_forum_ids, ..RecommendationFilter::default() };
            ids(read(&store, |db| recommendations::page(db, &filter, &ALL)), |found: &Recommendation| found.id.into())
        };
        assert_eq!(listed(&[]), numbered(&[1, 7]));
        assert_eq!(listed(&[1]), numbered(&[1, 7, 8]), "one draft is of the second forum");
        assert_eq!(listed(&[1, 2]), numbered(&[1, 2, 7, 8]));
        let of_forums = |forums: Option<&[u128]>| {
            let within =
                forums.map(|forums| (forums.iter().map(|n| id(*n).into()).collect(), Vec::new()));
            let filter = BallotFilter { within, ..BallotFilter::default() };
            ids(read(&store, |db| ballots::page(db, &filter, &ALL)), |found| found.id.into())
        };
        assert_eq!(of_forums(None), numbered(&[1, 2, 3]));
        assert_eq!(of_forums(Some(&[1, 2])), numbered(&[1, 2, 3]));
        assert_eq!(of_forums(Some(&[2])), numbered(&[]));
        assert_eq!(of_forums(Some(&[])), numbered(&[]));
    }
}
