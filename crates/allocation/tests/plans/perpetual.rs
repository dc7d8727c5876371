//! Perpetual Consensus and Perpetual Quota (Lackner, AAAI 2020) against rounds worked out by hand.

use tildel_allocation::model::{AdmissionRule, OnShortage};
use tildel_allocation::{FundingModel, PlanInput, ProjectInput, WaitingReason};

use crate::fixture::{
    admission, admitted, base, frame, input, model, org, places, planned, reasons, running, waiting,
    with_supporters,
};

/// One new place in each of the years 2020, 2021, ….
fn rounds(rule: AdmissionRule, taken: u32, projects: Vec<ProjectInput>) -> PlanInput {
    let model =
        FundingModel { admission: admission(rule, OnShortage::Stop), ..model(vec![base("base", "100")]) };
    let frames = (2020..=2023).zip(1..).map(|(year, more)| places(year, taken + more)).collect();
    let organisations = ["a", "b", "c", "d", "e"].map(|number| org(number, "1")).to_vec();
    input(2020..=2023, model, frames, organisations, projects)
}

/// Who is let in in each year.
fn order(input: &PlanInput) -> Vec<String> {
    let plan = planned(input);
    (2020..=2023).flat_map(|year| admitted(&plan, year)).map(str::to_owned).collect()
}

/// P1 and P2 of a and b, P3 of c alone.
fn two_and_one() -> Vec<ProjectInput> {
    vec![
        with_supporters(waiting("P1", 1, "a", 2020..=2025), &["b"]),
        with_supporters(waiting("P2", 2, "b", 2020..=2025), &["a"]),
        waiting("P3", 3, "c", 2020..=2025),
    ]
}

#[test]
fn consensus_makes_the_winners_wait() {
    // Round 1: weights 1, 1, 1 (n = 3); P1 and P2 score 2, P3 1: P1 wins. a and b lose 3/2 each, all gain 1: 1/2, 1/2, 2.
    // Round 2: P2 scores 1, P3 2: P3 wins. c loses 3, all gain 1: 3/2, 3/2, 0. Round 3: P2.
    let input = rounds(AdmissionRule::PerpetualConsensus, 0, two_and_one());
    assert_eq!(order(&input), ["P1", "P3", "P2"]);
    assert_eq!(
        reasons(&planned(&input), 2020),
        [("P2", WaitingReason::Places), ("P3", WaitingReason::Places)]
    );
    // The list alone goes in its order: the negative control.
    assert_eq!(order(&rounds(AdmissionRule::List, 0, two_and_one())), ["P1", "P2", "P3"]);
}

#[test]
fn quota_gives_each_what_its_support_is_worth() {
    // Round 1: quotas 2/3, 2/3, 1/3; P1 and P2 score 4/3, P3 1/3: P1 wins, a and b are satisfied once.
    // Round 2: quotas 4/3, 4/3, 2/3; P2 scores 1/3 + 1/3 = 2/3, P3 2/3: a tie, and P2 is before P3. Round 3: P3.
    assert_eq!(order(&rounds(AdmissionRule::PerpetualQuota, 0, two_and_one())), ["P1", "P2", "P3"]);
    // With d behind P3 (n = 4): round 1 quotas 1/2 each, scores 1: P1. Round 2: quotas 1: P2 scores 0, P3 2: P3.
    let mut projects = two_and_one();
    projects[2] = with_supporters(projects[2].clone(), &["d"]);
    assert_eq!(order(&rounds(AdmissionRule::PerpetualQuota, 0, projects)), ["P1", "P3", "P2"]);
}

#[test]
fn equal_scores_go_down_the_list() {
    for rule in [AdmissionRule::PerpetualConsensus, AdmissionRule::PerpetualQuota] {
        let mut projects = two_and_one();
        projects.swap(0, 1);
        assert_eq!(order(&rounds(rule, 0, projects))[0], "P1");
        let mut projects = two_and_one();
        projects[0].priority = Some(9);
        assert_eq!(order(&rounds(rule, 0, projects))[0], "P2");
    }
}

#[test]
fn running_projects_have_won_a_round() {
    let mut projects = two_and_one();
    projects[0] = with_supporters(running("P1", "a", 2018..=2025), &["b"]);
    // Consensus after the round of P1: 1/2, 1/2, 2. P3 scores 2, P2 1.
    assert_eq!(order(&rounds(AdmissionRule::PerpetualConsensus, 1, projects.clone())), ["P3", "P2"]);
    // Quota after the round of P1: a and b have 2/3 − 1 = −1/3, c nothing (no candidate of its own). Then quotas grow by 2/3, 2/3 and 1/3:
    // P2 scores 1/3 + 1/3, P3 1/3.
    assert_eq!(order(&rounds(AdmissionRule::PerpetualQuota, 1, projects.clone())), ["P2", "P3"]);
    // Two such rounds leave a and b at 2 (2/3 − 1) + 2/3 = 0: P3.
    projects.push(with_supporters(running("P0", "a", 2018..=2025), &["b"]));
    assert_eq!(order(&rounds(AdmissionRule::PerpetualQuota, 2, projects)), ["P3", "P2"]);
}

#[test]
fn a_running_project_wins_its_round_in_the_year_it_begins() {
    // P1 begins in 2021 only; in 2020 consensus has P2 and P3 at 2 and 1: P2 wins. After it: 1/2, 1/2, 2.
    // 2021: P1's round: a and b lose 3/2 and gain 1: 0, 0, 3. Then P3.
    let mut projects = two_and_one();
    projects[0] = with_supporters(running("P1", "a", 2021..=2025), &["b"]);
    let mut input = rounds(AdmissionRule::PerpetualConsensus, 0, projects);
    input.frames = vec![places(2020, 1), places(2021, 3)];
    assert_eq!(order(&input), ["P2", "P3"]);
}

#[test]
fn a_newcomer_starts_anew() {
    // e comes with P4 in 2021, with weight 1. After P1 in 2020 (n = 3): a and b 1/2, c 2. 2021 (n = 4): P2 1, P3 2, P4 1: P3 wins.
    // c loses 4, all gain 1: a and b 3/2, c −1, e 2. 2022: P2 3, P4 2: P2. a and b lose 2 and gain 1: 1/2; e 3. 2023: P4.
    let mut projects = two_and_one();
    projects.push(waiting("P4", 4, "e", 2021..=2025));
    assert_eq!(order(&rounds(AdmissionRule::PerpetualConsensus, 0, projects)), ["P1", "P3", "P2", "P4"]);
}

#[test]
fn several_rounds_of_one_year_remember_each_other() {
    let mut input = rounds(AdmissionRule::PerpetualConsensus, 0, two_and_one());
    input.frames = vec![places(2020, 2)];
    input.last_year = 2020;
    assert_eq!(admitted(&planned(&input), 2020), ["P1", "P3"]);
    // By the list it would be P1 and P2.
    input.models[0].admission = admission(AdmissionRule::List, OnShortage::Stop);
    assert_eq!(admitted(&planned(&input), 2020), ["P1", "P2"]);
}

#[test]
fn what_is_too_dear_is_no_candidate_and_stops_nobody() {
    let mut input = rounds(AdmissionRule::PerpetualQuota, 0, two_and_one());
    input.models[0].components.push(crate::fixture::per_head("heads", "100"));
    input.organisations[0] = org("a", "50");
    input.frames = vec![frame(2020, "400")];
    input.last_year = 2020;
    // P1 costs 5100, the others 200 each.
    let plan = planned(&input);
    assert_eq!(
        (admitted(&plan, 2020), reasons(&plan, 2020)),
        (vec!["P2", "P3"], vec![("P1", WaitingReason::Money)])
    );
}
