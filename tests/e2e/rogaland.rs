//! The round of Rogaland in 2020 from the first call to the last letter, over HTTP alone, with everybody's own token.

mod actor;
mod aftermath;
mod amounts;
mod appeal;
mod case;
mod cast;
mod changes;
mod decision;
mod facts;
mod forums;
mod letters;
mod money;
mod outcome;
mod recorder;
mod registers;
mod renewals;
mod round;
mod setup;
mod terms;

use tildel_test_support::{TestStore, both_backends};
use tildel_tests::World;

use cast::Journey;

/// What the round has no use for, and where it is tested instead.
const NOT_IN_THE_ROUND: &[(&str, &str)] = &[
    ("ballotPabulibRead", "the forums keep votes secret and rank; the tests of ballots read such files"),
    ("grantDecline", "both recipients accept; the refusals' tests decline"),
    ("notificationMarkRead", "the forums want no reminders; the tests of notifications read theirs"),
    ("notificationRead", "the forums want no reminders; the tests of notifications read theirs"),
    ("seatsCallIn", "the forums have no conditional seats; the tests of visibility call one in"),
    ("jobRetry", "no job of the round is given up; the refusals' tests ask for one that is not"),
];

both_backends! {
    async fn the_round_goes_from_applications_to_amounts_and_letters(store: TestStore) {
        let world = World::start(store).await;
        let mut journey = Journey::start(world).await;
        setup::people_and_bodies(&mut journey).await;
        // With the public, who has no token, and the first admin, who made all of these.
        assert!(journey.actor_count() >= 9, "{} actors", journey.actor_count());
        setup::read_back(&journey).await;
        round::call(&mut journey).await;
        round::call_off_another(&journey).await;
        round::apply(&mut journey).await;
        round::close_by_the_clock(&journey).await;
        round::screen(&journey).await;
        forums::meet(&mut journey).await;
        forums::read_back(&journey).await;
        decision::try_a_third_grant(&journey).await;
        decision::award_two(&mut journey).await;
        decision::read_back(&mut journey).await;
        outcome::as_the_letter_says(&journey).await;
        appeal::set_rules(&journey).await;
        letters::inform(&journey).await;
        appeal::of_the_school(&journey).await;
        amounts::publish(&mut journey).await;
        let run = amounts::compute(&journey).await;
        amounts::decide(&journey, &run).await;
        letters::tell_amounts(&journey, run["id"].as_str().unwrap()).await;
        aftermath::accept(&journey).await;
        money::pay(&journey).await;
        renewals::judge_the_second_year(&journey).await;
        money::move_what_is_pre_notified(&journey).await;
        money::ask_what_if(&journey).await;
        money::verify(&journey, run["id"].as_str().unwrap()).await;
        renewals::let_a_new_municipality_in(&mut journey).await;
        terms::change_people(&journey).await;
        changes::count_by_unit(&journey).await;
        changes::follow_a_kindergarten(&journey).await;
        registers::merge_two(&journey).await;
        registers::read_them(&journey).await;
        aftermath::check_jobs(&journey).await;
        aftermath::check_journal(&journey).await;
        check_coverage(&journey);
        journey.recorder.settle_examples();
    }
}

/// Every operation of the document was asked for with success, or has a reason not to be.
fn check_coverage(journey: &Journey) {
    let never = journey.recorder.never_succeeded();
    let excused = NOT_IN_THE_ROUND.iter().map(|(operation, _)| (*operation).to_owned()).collect();
    assert_eq!(never, excused, "the operations on the left never succeeded");
}
