//! Who is let in from the waiting list, by hand.

use tildel_allocation::model::{Admission, AdmissionRule, Divide, Fit, OnShortage};
use tildel_allocation::{FundingModel, PlanInput, ServedYear, WaitingReason};

use crate::fixture::{
    admission, admitted, amounts, base_and_rate, decided, flags, frame, in_year, input, kr, line, org,
    places, planned, reasons, renewal, running, set_aside, share, total, waiting, with_partners,
};

use WaitingReason::{AfterStop, AmountPending, CommitCeiling, Money, Places};

/// W1, W2 and W3 wait in this order with costs of 200, 400 and 100 in 2020.
fn three(rule: AdmissionRule, on_shortage: OnShortage, given: &str) -> PlanInput {
    let mut model = FundingModel { admission: admission(rule, on_shortage), ..base_and_rate("0", "10") };
    if rule == AdmissionRule::ReservedShare {
        model.components.push(set_aside("newcomers", "1/4", Divide::Equal));
    }
    let projects = vec![
        waiting("W3", 3, "c", 2020..=2020),
        waiting("W1", 1, "a", 2020..=2020),
        waiting("W2", 2, "b", 2020..=2020),
    ];
    let organisations = vec![org("a", "20"), org("b", "40"), org("c", "10")];
    input(2020..=2020, model, vec![frame(2020, given)], organisations, projects)
}

fn list(on_shortage: OnShortage, given: &str) -> PlanInput {
    three(AdmissionRule::List, on_shortage, given)
}

#[test]
fn a_list_stops_or_skips_where_money_ends() {
    let plan = planned(&list(OnShortage::Stop, "350"));
    assert_eq!(
        (admitted(&plan, 2020), reasons(&plan, 2020)),
        (vec!["W1"], vec![("W2", Money), ("W3", AfterStop)])
    );
    let plan = planned(&list(OnShortage::Skip, "350"));
    assert_eq!((admitted(&plan, 2020), reasons(&plan, 2020)), (vec!["W1", "W3"], vec![("W2", Money)]));
    // Enough for all, to the krone.
    let plan = planned(&list(OnShortage::Stop, "700"));
    assert_eq!((admitted(&plan, 2020).len(), reasons(&plan, 2020).len()), (3, 0));
    assert!(plan.lines.iter().all(|line| line.admitted));
}

#[test]
fn a_partial_amount_is_the_last_one() {
    let mut input = list(OnShortage::Partial, "350.50");
    input.models[0].fit = Fit::ByPriority;
    let plan = planned(&input);
    assert_eq!(in_year(&plan, 2020), [("W1", 200), ("W2", 150)]);
    assert_eq!(flags(line(&plan, "W2", 2020)), ["frame_exhausted"]);
    assert_eq!(reasons(&plan, 2020), [("W3", AfterStop)]);
    // Nothing is left at all: as `stop`.
    input.frames = vec![frame(2020, "200")];
    let plan = planned(&input);
    assert_eq!(
        (admitted(&plan, 2020), reasons(&plan, 2020)),
        (vec!["W1"], vec![("W2", Money), ("W3", AfterStop)])
    );
}

#[test]
fn places_limit_but_do_not_end_the_trying() {
    let mut input = list(OnShortage::Stop, "9999");
    input.frames[0].places = Some(2);
    let plan = planned(&input);
    assert_eq!((admitted(&plan, 2020), reasons(&plan, 2020)), (vec!["W1", "W2"], vec![("W3", Places)]));
    assert_eq!((total(&plan, 2020).places_used, total(&plan, 2020).places_short), (2, None));
    // Running projects take places, and may exceed them.
    input.projects.extend(["R1", "R2", "R3"].map(|reference| running(reference, "a", 2020..=2020)));
    let plan = planned(&input);
    assert_eq!(reasons(&plan, 2020), [("W1", Places), ("W2", Places), ("W3", Places)]);
    assert_eq!((total(&plan, 2020).places_used, total(&plan, 2020).places_short), (3, Some(1)));
}

#[test]
fn running_projects_and_decisions_go_before_the_list() {
    let mut input = list(OnShortage::Stop, "700");
    input.projects.push(running("R1", "b", 2020..=2020));
    // 700 − 400 leaves 300: W1 (200), and W2 does not fit.
    assert_eq!(admitted(&planned(&input), 2020), ["W1"]);
    // The same decided for 50 leaves 650: W1 and W2, and 50 that W3 can not have.
    input.projects[3] = decided(input.projects[3].clone(), 2020, "50");
    let plan = planned(&input);
    assert_eq!((admitted(&plan, 2020), reasons(&plan, 2020)), (vec!["W1", "W2"], vec![("W3", Money)]));
}

#[test]
fn money_limits_nobody_where_amounts_shrink_or_no_frame_is_known() {
    for fit in [Fit::ScaleRate, Fit::ScaleAll, Fit::Exhaust] {
        let mut input = list(OnShortage::Stop, "350");
        input.models[0].fit = fit;
        let plan = planned(&input);
        // 350 over 200, 400 and 100 in all three: s = 1/2.
        assert_eq!(in_year(&plan, 2020), [("W1", 100), ("W2", 200), ("W3", 50)], "{fit:?}");
    }
    let mut input = list(OnShortage::Stop, "350");
    input.frames.clear();
    assert_eq!(admitted(&planned(&input), 2020).len(), 3);
}

#[test]
fn a_gap_waits_and_does_not_end_the_trying() {
    let mut input = list(OnShortage::Stop, "700");
    input.organisations[0].headcounts.clear();
    let plan = planned(&input);
    assert_eq!(
        (admitted(&plan, 2020), reasons(&plan, 2020)),
        (vec!["W2", "W3"], vec![("W1", AmountPending)])
    );
}

#[test]
fn who_was_let_in_stays_and_who_was_not_waits_on() {
    let mut input = list(OnShortage::Stop, "350");
    for project in &mut input.projects {
        project.last_year = 2022;
    }
    input.last_year = 2023;
    input.frames.extend([frame(2021, "650"), frame(2022, "650"), frame(2023, "650")]);
    input.projects[0] = renewal(input.projects[0].clone(), 2022, tildel_allocation::RenewalOutcome::Stopped);
    let plan = planned(&input);
    assert_eq!(in_year(&plan, 2020), [("W1", 200)]);
    // 650 − 200 admit W2; the 50 left do not admit W3.
    assert_eq!(in_year(&plan, 2021), [("W1", 200), ("W2", 400)]);
    assert_eq!(admitted(&plan, 2021), ["W2"]);
    assert_eq!(reasons(&plan, 2021), [("W3", Money)]);
    // W3 is stopped for 2022: it is no candidate any more. In 2023 all have ended.
    assert_eq!((admitted(&plan, 2022), reasons(&plan, 2022)), (vec![], vec![]));
    assert_eq!((in_year(&plan, 2023), reasons(&plan, 2023)), (vec![], vec![]));
}

#[test]
fn without_a_model_nobody_is_a_candidate() {
    let mut input = list(OnShortage::Stop, "700");
    input.models[0].valid_from_year = 2021;
    let plan = planned(&input);
    assert_eq!((plan.lines.len(), plan.waiting.len()), (0, 0));
}

#[test]
fn newcomers_go_first_within_their_share() {
    // a was served before. A quarter of 600 is 150: W2 (400) is above it, W3 (100) is let in. 500 are left: W1 (200), then W2 does not fit.
    let mut input = three(AdmissionRule::ReservedShare, OnShortage::Skip, "600");
    input.history = vec![ServedYear { organisation: "a".to_owned(), year: 2019 }];
    let plan = planned(&input);
    assert_eq!((admitted(&plan, 2020), reasons(&plan, 2020)), (vec!["W1", "W3"], vec![("W2", Money)]));
    // Down the list alone it would be W1 and W2: the negative control.
    let mut list_only = input.clone();
    list_only.models[0] = list(OnShortage::Skip, "600").models.remove(0);
    assert_eq!(admitted(&planned(&list_only), 2020), ["W1", "W2"]);
    // With c served as well nobody is new enough to fit, and the list decides alone.
    input.history.push(ServedYear { organisation: "c".to_owned(), year: 2019 });
    assert_eq!(admitted(&planned(&input), 2020), ["W1", "W2"]);
    // What happens after the year, or in it, is not before it.
    input.history[1].year = 2020;
    assert_eq!(admitted(&planned(&input), 2020), ["W1", "W3"]);
}

#[test]
fn the_share_of_newcomers_runs_out() {
    // All are new; a quarter of 1200 is 300: W1 (200) is let in, W2 (400) passed over, W3 (100) let in. 900 are left for W2.
    let plan = planned(&three(AdmissionRule::ReservedShare, OnShortage::Stop, "1200"));
    assert_eq!(admitted(&plan, 2020), ["W1", "W2", "W3"]);
    // With 690: the pot is 172, for W3 alone; 590 are left: W1, 390 are left: W2 (400) does not fit.
    let plan = planned(&three(AdmissionRule::ReservedShare, OnShortage::Stop, "690"));
    assert_eq!((admitted(&plan, 2020), reasons(&plan, 2020)), (vec!["W1", "W3"], vec![("W2", Money)]));
    // A project with one party that was served is not new.
    let mut input = three(AdmissionRule::ReservedShare, OnShortage::Stop, "690");
    input.history = vec![ServedYear { organisation: "d".to_owned(), year: 2015 }];
    input.organisations.push(org("d", "0"));
    input.projects[0] = with_partners(input.projects[0].clone(), &["d"]);
    // Nobody fits the pot: W1, W2, and 90 are left for W3.
    let plan = planned(&input);
    assert_eq!((admitted(&plan, 2020), reasons(&plan, 2020)), (vec!["W1", "W2"], vec![("W3", Money)]));
}

#[test]
fn the_least_served_go_first() {
    let served = |organisation: &str, year| ServedYear { organisation: organisation.to_owned(), year };
    let mut input = three(AdmissionRule::LeastServed, OnShortage::Stop, "400");
    // a twice, b once: W3 (0 years), W2 (1 year) does not fit the 300 that are left.
    input.history = vec![served("a", 2018), served("a", 2019), served("b", 2019)];
    let plan = planned(&input);
    assert_eq!(
        (admitted(&plan, 2020), reasons(&plan, 2020)),
        (vec!["W3"], vec![("W1", AfterStop), ("W2", Money)])
    );
    // c with d, who was served four times: on the average of two years, after W2 and, by the list, after W1 too.
    input.organisations.push(org("d", "0"));
    input.history.extend((2016..2020).map(|year| served("d", year)));
    input.projects[0] = with_partners(input.projects[0].clone(), &["d"]);
    // W2 (1 year, 400) has it all.
    assert_eq!(admitted(&planned(&input), 2020), ["W2"]);
    input.frames = vec![frame(2020, "600")];
    assert_eq!(admitted(&planned(&input), 2020), ["W1", "W2"]);
}

#[test]
fn a_running_project_has_served_its_parties_before_the_horizon() {
    let mut input = three(AdmissionRule::LeastServed, OnShortage::Stop, "400");
    // R served a in 2018 and 2019 and ended; it is not in the horizon.
    input.projects.push(running("R", "a", 2018..=2019));
    input.projects.push(running("S", "b", 2019..=2019));
    assert_eq!(admitted(&planned(&input), 2020), ["W3"]);
    // A year of this plan counts from the next one on, if the amount was above 0.
    let mut input = three(AdmissionRule::LeastServed, OnShortage::Stop, "200");
    input.last_year = 2021;
    input.frames.push(frame(2021, "300"));
    for project in &mut input.projects {
        project.last_year = 2021;
    }
    // W1 runs in 2021 for 200. W4 of a waits with the first place for 2021, and W3 of c, who was never served, goes before it.
    input.projects.push(waiting("W0", 0, "a", 2021..=2021));
    let plan = planned(&input);
    assert_eq!(admitted(&plan, 2020), ["W1"]);
    // W2 and W3 are of those never served: W2 (400) is too dear and stops the list.
    assert_eq!(reasons(&plan, 2021), [("W0", AfterStop), ("W2", Money), ("W3", AfterStop)]);
    input.models[0].admission.on_shortage = OnShortage::Skip;
    input.frames[0] = frame(2020, "200");
    assert_eq!(admitted(&planned(&input), 2021), ["W3"]);
}

#[test]
fn a_ceiling_on_later_years_holds_back() {
    let mut input = list(OnShortage::Stop, "9999");
    input.models[0].admission =
        Admission { commit_ceiling: Some(share("1/2")), ..admission(AdmissionRule::List, OnShortage::Stop) };
    input.last_year = 2022;
    input.frames.push(frame(2021, "700"));
    for project in &mut input.projects {
        project.last_year = 2021;
    }
    // Half of 700 is 350: W1 binds 200, W2 would bind 600, W3 binds 300.
    let plan = planned(&input);
    assert_eq!(
        (admitted(&plan, 2020), reasons(&plan, 2020)),
        (vec!["W1", "W3"], vec![("W2", CommitCeiling)])
    );
    // A project that ends in 2020 binds nothing later.
    input.projects[2].last_year = 2020;
    assert_eq!(admitted(&planned(&input), 2020), ["W1", "W2", "W3"]);
    input.projects[2].last_year = 2021;
    // A frame without an amount, or none, binds nothing.
    input.frames[1] = places(2021, 9);
    assert_eq!(admitted(&planned(&input), 2020).len(), 3);
    // Just at the ceiling is not above it: 200 + 400 + 100 = 700 = 1/2 × 1400.
    input.frames[1] = frame(2021, "1400");
    assert_eq!(admitted(&planned(&input), 2020).len(), 3);
    input.frames[1] = frame(2021, "1399.98");
    assert_eq!(reasons(&planned(&input), 2020), [("W3", CommitCeiling)]);
    // A decided project binds its amount: 650 leave 50 of the 700.
    input.projects.push(decided(running("R", "a", 2020..=2021), 2020, "650"));
    input.frames[1] = frame(2021, "1400");
    assert_eq!(
        reasons(&planned(&input), 2020),
        ["W1", "W2", "W3"].map(|reference| (reference, CommitCeiling))
    );
}

#[test]
fn an_admitted_project_gets_what_it_costs() {
    let plan = planned(&list(OnShortage::Skip, "350"));
    assert_eq!(amounts(&plan, "W1"), [Some(kr(200))]);
    assert_eq!(total(&plan, 2020).left, Some(kr(50)));
}
