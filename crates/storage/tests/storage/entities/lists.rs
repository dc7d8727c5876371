//! Pages that neither lose nor double, and the lists without pages.

use std::collections::BTreeSet;

use tildel_domain::allocation::Headcount;
use tildel_domain::application::{Application, ApplicationState, PartyRole};
use tildel_domain::ballot::BallotState;
use tildel_domain::change::ChangeState;
use tildel_domain::forum::Seat;
use tildel_domain::id::PersonId;
use tildel_domain::impact::ImpactReportState;
use tildel_domain::organisation::OrganisationKind;
use tildel_domain::round::Round;
use tildel_storage::access_tokens::AccessTokenFilter;
use tildel_storage::ballots::BallotFilter;
use tildel_storage::changes::ChangeFilter;
use tildel_storage::forums::ForumFilter;
use tildel_storage::frames::FrameFilter;
use tildel_storage::funding_models::FundingModelFilter;
use tildel_storage::grants::GrantFilter;
use tildel_storage::headcounts::HeadcountFilter;
use tildel_storage::impact_reports::ImpactReportFilter;
use tildel_storage::letters::LetterFilter;
use tildel_storage::meetings::MeetingFilter;
use tildel_storage::offices::OfficeFilter;
use tildel_storage::organisations::OrganisationFilter;
use tildel_storage::persons::PersonFilter;
use tildel_storage::recommendations::RecommendationFilter;
use tildel_storage::recusals::RecusalFilter;
use tildel_storage::runs::RunFilter;
use tildel_storage::scenarios::ScenarioFilter;
use tildel_storage::schemes::SchemeFilter;
use tildel_storage::seats::SeatFilter;
use tildel_storage::units::UnitFilter;
use tildel_storage::{
    PageOrder, PageRequest, access_tokens, applications, ballots, changes, forums, frames, funding_models,
    grants, headcounts, impact_reports, letters, meetings, offices, organisations, persons, recommendations,
    recusals, rounds, runs, scenarios, schemes, seats, units,
};
use tildel_test_support::{TestStore, both_backends};
use uuid::Uuid;

use super::world::{application, full_application, grant, headcount, party, person, play, round, run, seat};
use crate::{id, read, write};

const NONE: [Uuid; 0] = [];

/// Reads all pages of people, and lets somebody be registered after each.
fn read_while_others_insert(store: &TestStore, order: PageOrder, limit: u32) -> Vec<PersonId> {
    let mut request = PageRequest { after: None, limit, order };
    let mut seen = Vec::new();
    let mut newcomer = 1_000;
    loop {
        let page = read(store, |db| persons::page(db, &PersonFilter::default(), &request));
        assert!(page.items.len() <= usize::try_from(limit).unwrap());
        seen.extend(page.items.iter().map(|person| person.id));
        let Some(next) = page.next else { return seen };
        assert_eq!(Some(PersonId(next)), seen.last().copied());
        request.after = Some(next);
        // As many as come before the next page at most, so that the reading ends.
        if newcomer < 1_003 {
            newcomer += 1;
            write(store, |db| persons::insert(db, &person(newcomer)));
        }
    }
}

/// The ids of a page of everything that passes the filter.
macro_rules! page_ids {
    ($store:expr, $module:ident, $filter:expr) => {
        read(&$store, |db| $module::page(db, &$filter, &PageRequest::first(200)))
            .items
            .iter()
            .map(|found| found.id.0)
            .collect::<Vec<_>>()
    };
}

both_backends! {
    fn pages_lose_and_double_nothing_while_others_insert(store: TestStore) {
        write(&store, |db| (1..=20).try_for_each(|n| persons::insert(db, &person(n))));
        let original: Vec<PersonId> = (1..=20).map(|n| id(n).into()).collect();
        let newest = read_while_others_insert(&store, PageOrder::Newest, 6);
        let backwards: Vec<PersonId> = original.iter().rev().copied().collect();
        assert_eq!(newest, backwards, "newer ones stand before the first page");
        let oldest = read_while_others_insert(&store, PageOrder::Oldest, 30);
        assert_eq!(oldest.len(), 23, "three came while the newest were read");
        assert_eq!(oldest[..20], original);
        assert_eq!(oldest.iter().collect::<BTreeSet<_>>().len(), oldest.len());
    }

    fn the_oldest_first_meet_the_newcomers_last(store: TestStore) {
        write(&store, |db| (1..=10).try_for_each(|n| persons::insert(db, &person(n))));
        let seen = read_while_others_insert(&store, PageOrder::Oldest, 5);
        let expected: Vec<PersonId> = (1..=10).chain(1_001..=1_002).map(|n| id(n).into()).collect();
        assert_eq!(seen, expected);
    }

    fn a_full_last_page_has_no_next(store: TestStore) {
        write(&store, |db| (1..=4).try_for_each(|n| persons::insert(db, &person(n))));
        let page_of = |after, limit| {
            let request = PageRequest { after, limit, order: PageOrder::Oldest };
            read(&store, |db| persons::page(db, &PersonFilter::default(), &request))
        };
        assert_eq!(page_of(None, 2).next, Some(id(2)));
        assert_eq!(page_of(Some(id(2)), 2).next, None);
        assert_eq!(page_of(Some(id(4)), 2).items, []);
    }

    fn filters_narrow(store: TestStore) {
        play(&store);
        let one = || Some(id(1).into());
        let by_number = OrganisationFilter { number: Some("964978573".to_owned()), kind: None };
        assert_eq!(page_ids!(store, organisations, by_number), [id(2)]);
        let universities = OrganisationFilter { number: None, kind: Some(OrganisationKind::University) };
        assert_eq!(page_ids!(store, organisations, universities), NONE);
        let of = |organisation_id| HeadcountFilter { organisation_id: Some(id(organisation_id).into()), unit_number: None };
        assert_eq!(page_ids!(store, headcounts, of(1)), [id(1)]);
        assert_eq!(page_ids!(store, headcounts, of(2)), NONE);
        let of = |number: &str| UnitFilter { number: Some(number.to_owned()), organisation_id: None };
        assert_eq!(page_ids!(store, units, of("974102")), [id(2)]);
        let of = |organisation: u128| UnitFilter { number: None, organisation_id: Some(id(organisation).into()) };
        assert_eq!(page_ids!(store, units, of(1)), [id(1), id(2)]);
        assert_eq!(page_ids!(store, units, of(2)), NONE);
        assert_eq!(page_ids!(store, changes, ChangeFilter::default()), [id(1), id(2), id(3)]);
        let held = ChangeFilter { state: Some(ChangeState::Held), ..ChangeFilter::default() };
        assert_eq!(page_ids!(store, changes, held), [id(2)]);
        // The second and the third touch both offices, and go to the second organisation.
        let touching = |office: u128| ChangeFilter { office_id: Some(id(office).into()), ..ChangeFilter::default() };
        assert_eq!(page_ids!(store, changes, touching(2)), [id(2), id(3)]);
        let of = |organisation: u128| ChangeFilter {
            organisation_id: Some(id(organisation).into()),
            ..ChangeFilter::default()
        };
        assert_eq!(page_ids!(store, changes, of(1)), [id(1), id(2), id(3)]);
        assert_eq!(page_ids!(store, changes, of(2)), [id(2), id(3)]);
        assert_eq!(page_ids!(store, changes, of(3)), NONE);
        let of = ChangeFilter { unit_number: Some("974101".to_owned()), ..ChangeFilter::default() };
        assert_eq!(page_ids!(store, changes, of), [id(1)]);
        let of = |person| AccessTokenFilter { person_id: Some(id(person).into()) };
        assert_eq!(page_ids!(store, access_tokens, of(1)), [id(1), id(2)]);
        assert_eq!(page_ids!(store, access_tokens, of(2)), NONE);
        assert_eq!(page_ids!(store, offices, OfficeFilter { key: Some("VE".to_owned()) }), [id(2)]);
        let key = Some("kompetanseloftet-2".to_owned());
        assert_eq!(page_ids!(store, schemes, SchemeFilter { key }), [id(2)]);
        let of = |scheme| FundingModelFilter { scheme_id: Some(id(scheme).into()) };
        assert_eq!(page_ids!(store, funding_models, of(1)), [id(1), id(2)]);
        assert_eq!(page_ids!(store, funding_models, of(2)), NONE);
        let in_year = |year| FrameFilter { office_id: one(), scheme_id: Some(id(1).into()), year };
        assert_eq!(page_ids!(store, frames, in_year(None)), [id(1), id(2)]);
        assert_eq!(page_ids!(store, frames, in_year(Some(2021))), [id(2)]);
        let of_other = FrameFilter { office_id: Some(id(2).into()), ..FrameFilter::default() };
        assert_eq!(page_ids!(store, frames, of_other), NONE);
        let chaired_by = |person| ForumFilter { office_id: one(), chair_id: Some(id(person).into()) };
        assert_eq!(page_ids!(store, forums, chaired_by(1)), [id(1), id(2)]);
        assert_eq!(page_ids!(store, forums, chaired_by(2)), NONE);
        assert_eq!(read(&store, |db| forums::list(db, &chaired_by(1))).len(), 2);
        assert_eq!(read(&store, |db| forums::list(db, &chaired_by(2))).len(), 0);
        let of = |forum| MeetingFilter { forum_id: Some(id(forum).into()) };
        assert_eq!(page_ids!(store, meetings, of(1)), [id(1)]);
        assert_eq!(page_ids!(store, meetings, of(2)), NONE);
        let on = |application| RecusalFilter { person_id: Some(id(1).into()), application_id: Some(id(application).into()) };
        assert_eq!(page_ids!(store, recusals, on(2)), [id(2)]);
        let of_other = RecusalFilter { person_id: Some(id(2).into()), application_id: None };
        assert_eq!(page_ids!(store, recusals, of_other), NONE, "who recorded it has no interest");
        let open = BallotFilter { state: Some(BallotState::Open), ..BallotFilter::default() };
        assert_eq!(page_ids!(store, ballots, open), [id(1)]);
        let elsewhere = BallotFilter { meeting_id: Some(id(2).into()), ..BallotFilter::default() };
        assert_eq!(page_ids!(store, ballots, elsewhere), NONE);
        let on = |round| RecommendationFilter { round_id: Some(id(round).into()), ..RecommendationFilter::default() };
        assert_eq!(page_ids!(store, recommendations, on(1)), [id(1)]);
        assert_eq!(page_ids!(store, recommendations, on(2)), NONE);
        let from = |round| GrantFilter { round_id: Some(id(round).into()), lead_id: Some(id(1).into()), ..GrantFilter::default() };
        assert_eq!(page_ids!(store, grants, from(1)), [id(1), id(2)]);
        assert_eq!(page_ids!(store, grants, from(2)), NONE);
        let of_other = GrantFilter { lead_id: Some(id(2).into()), ..GrantFilter::default() };
        assert_eq!(page_ids!(store, grants, of_other), NONE);
        let of = |scheme| RunFilter { office_id: one(), scheme_id: Some(id(scheme).into()) };
        assert_eq!(page_ids!(store, runs, of(1)), [id(1), id(2), id(3)]);
        assert_eq!(page_ids!(store, runs, of(2)), NONE);
        let open = ImpactReportFilter { state: Some(ImpactReportState::Open), ..ImpactReportFilter::default() };
        assert_eq!(page_ids!(store, impact_reports, open), [id(2)]);
        let seen_by = |office| ImpactReportFilter { visible_office: Some(id(office).into()), ..ImpactReportFilter::default() };
        assert_eq!(page_ids!(store, impact_reports, seen_by(1)), [id(1), id(2)]);
        assert_eq!(page_ids!(store, impact_reports, seen_by(2)), NONE);
        let of = |scheme| ImpactReportFilter { office_id: one(), scheme_id: Some(id(scheme).into()), ..ImpactReportFilter::default() };
        assert_eq!(page_ids!(store, impact_reports, of(2)), NONE);
        let seen_by = |office| ScenarioFilter { visible_office: Some(id(office).into()), ..ScenarioFilter::default() };
        assert_eq!(page_ids!(store, scenarios, seen_by(1)), [id(1)]);
        assert_eq!(page_ids!(store, scenarios, seen_by(2)), NONE);
        let of = |scheme| ScenarioFilter { office_id: one(), scheme_id: Some(id(scheme).into()), visible_office: None };
        assert_eq!(page_ids!(store, scenarios, of(2)), NONE);
        let on = |round| LetterFilter { round_id: Some(id(round).into()), ..LetterFilter::default() };
        assert_eq!(page_ids!(store, letters, on(1)), [id(1)]);
        assert_eq!(page_ids!(store, letters, on(2)), NONE);
    }

    fn a_deputy_holds_the_seat_too(store: TestStore) {
        play(&store);
        let shared = Seat { deputy_id: Some(id(1).into()), ..seat(3) };
        write(&store, |db| seats::insert(db, &shared));
        let held_by = |person| {
            let filter = SeatFilter { forum_id: Some(id(1).into()), person_id: Some(id(person).into()) };
            let listed: Vec<_> = read(&store, |db| seats::list_of_person(db, id(person).into()));
            assert_eq!(listed.iter().map(|seat| seat.id.0).collect::<Vec<_>>(), page_ids!(store, seats, filter));
            listed.iter().map(|seat| seat.id.0).collect::<Vec<_>>()
        };
        assert_eq!(held_by(1), [id(1), id(3)]);
        assert_eq!(held_by(2), [id(2)]);
        assert_eq!(held_by(3), [id(3)]);
        assert_eq!(read(&store, |db| seats::list_in_forum(db, id(1).into())).len(), 3);
        assert_eq!(read(&store, |db| seats::list_in_forum(db, id(2).into())).len(), 0);
    }

    fn many_are_found_by_their_ids(store: TestStore) {
        play(&store);
        write(&store, |db| headcounts::insert(db, &headcount(2, Headcount::Unknown)));
        let (first, third, none) = (id(1), id(3), id(99));
        let wanted = [third.into(), none.into(), first.into()];
        let found = read(&store, |db| organisations::find_many(db, &wanted));
        assert_eq!(found.iter().map(|organisation| organisation.id.0).collect::<Vec<_>>(), [first, third]);
        let people = read(&store, |db| persons::find_many(db, &[third.into(), none.into()]));
        assert_eq!(people, [person(3)]);
        assert_eq!(read(&store, |db| meetings::find_many(db, &[first.into(), none.into()])).len(), 1);
        assert_eq!(read(&store, |db| organisations::find_many(db, &[])), []);
        let counts = read(&store, |db| headcounts::list_for(db, &[first.into(), third.into()]));
        assert_eq!(counts.len(), 2);
        assert_eq!(read(&store, |db| headcounts::list_for(db, &[third.into()])), []);
        let interests = |ids: &[u128]| {
            let ids: Vec<_> = ids.iter().map(|n| id(*n).into()).collect();
            read(&store, |db| recusals::on_applications(db, &ids)).len()
        };
        assert_eq!((interests(&[1, 2]), interests(&[2, 3]), interests(&[])), (2, 1, 0));
        assert_eq!(read(&store, |db| recusals::of_person(db, id(1).into())).len(), 2);
        assert_eq!(read(&store, |db| recusals::of_person(db, id(2).into())).len(), 0);
        assert_eq!(read(&store, |db| ballots::list_in_meeting(db, id(1).into())).len(), 3);
        assert_eq!(read(&store, |db| meetings::list_in_forum(db, id(1).into())).len(), 1);
        assert_eq!(read(&store, |db| funding_models::list_for(db, id(1).into())).len(), 2);
        assert_eq!(read(&store, |db| funding_models::list_for(db, id(2).into())).len(), 0);
    }

    /// Organisation 1 leads, 2 is a partner and 3 provides: the provider's own employees do not count.
    fn plans_are_found_from_what_they_rest_on(store: TestStore) {
        play(&store);
        let mut third = application(3);
        third.parties.push(party(31, 2, PartyRole::Partner));
        third.parties.push(party(32, 3, PartyRole::Provider));
        write(&store, |db| {
            applications::insert(db, &third)?;
            grants::insert(db, &grant(3))?;
            // One of the reserve list, in a round of the second scheme.
            rounds::insert(db, &Round { scheme_id: id(2).into(), ..round(3) })?;
            let declined = full_application(1);
            let mut parties = declined.parties.clone();
            parties.truncate(1);
            parties[0].id = id(40).into();
            parties[0].organisation_id = id(3).into();
            applications::insert(db, &Application {
                id: id(4).into(), reference: "RO-2020-0044".to_owned(), round_id: id(3).into(),
                state: ApplicationState::Declined, parties, ..declined
            })?;
            runs::insert(db, &run(4))
        });
        let pair = (id(1).into(), id(1).into());
        assert_eq!(read(&store, |db| grants::plans_of_scheme(db, id(1).into())), [pair]);
        assert_eq!(read(&store, |db| grants::plans_of_scheme(db, id(2).into())), []);
        let of = |organisation| read(&store, |db| grants::plans_of_organisation(db, id(organisation).into()));
        assert_eq!((of(1), of(2), of(3)), (vec![pair], vec![pair], vec![(id(1).into(), id(2).into())]));
        assert_eq!(read(&store, |db| grants::list_for(db, pair.0, pair.1)).len(), 3);
        assert_eq!(write(&store, |db| grants::lock_for(db, pair.0, pair.1)).len(), 3);
        assert_eq!(read(&store, |db| grants::list_for(db, id(2).into(), pair.1)).len(), 0);
        assert_eq!(read(&store, |db| grants::list_in_round(db, id(1).into())).len(), 3);
        assert_eq!(read(&store, |db| grants::list_in_round(db, id(2).into())).len(), 0);
        let latest = read(&store, |db| runs::latest(db, pair.0, pair.1));
        assert_eq!(latest.map(|run| run.id.0), Some(id(4)));
        assert_eq!(read(&store, |db| runs::latest(db, id(2).into(), pair.1)), None);
        assert_eq!(read(&store, |db| frames::list_for(db, pair.0, pair.1)).len(), 2);
        let of_year = |year| write(&store, |db| frames::lock_for(db, pair.0, pair.1, year));
        assert_eq!(of_year(2021).map(|frame| frame.id.0), Some(id(2)));
        assert_eq!(of_year(2024), None);
    }
}
