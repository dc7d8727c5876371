//! Who receives an amount, and who comes after whom, by hand.

use tildel_allocation::model::{BasePer, LumpPer, PayTo};
use tildel_allocation::{FundingModel, Headcount, OrganisationInput, PlanInput};

use crate::fixture::{
    base, base_per, ceased, decided, flags, input, kr, line, lump, model, org, per_head, planned, recipients,
    running, with_partners,
};

/// The amount of 1000 goes to a, in 2020 to 2022.
fn thousand(organisations: Vec<OrganisationInput>) -> PlanInput {
    input(
        2020..=2022,
        model(vec![base("base", "1000")]),
        Vec::new(),
        organisations,
        vec![running("P", "a", 2020..=2022)],
    )
}

fn texts<'a>(expected: &[(&'a str, &str)]) -> Vec<(&'a str, String)> {
    expected.iter().map(|(number, amount)| (*number, (*amount).to_owned())).collect()
}

#[test]
fn the_lead_receives_all() {
    let plan = planned(&thousand(vec![org("a", "10")]));
    assert_eq!(recipients(line(&plan, "P", 2020)), texts(&[("a", "1000.00")]));
}

#[test]
fn a_split_divides_by_shares_from_the_year_after() {
    let split = ceased(org("a", "10"), "2020-06-30", &[("c", "1/3"), ("b", "2/3")]);
    let plan = planned(&thousand(vec![split, org("b", "1"), org("c", "1")]));
    assert_eq!(recipients(line(&plan, "P", 2020)), texts(&[("a", "1000.00")]));
    // 666.666… and 333.333…: the øre left goes to the larger rest.
    assert_eq!(recipients(line(&plan, "P", 2021)), texts(&[("b", "666.67"), ("c", "333.33")]));
}

#[test]
fn the_first_of_january_is_the_border() {
    for (date, of_2020, of_2021) in [
        ("2020-01-01", "b", "b"),
        ("2020-01-02", "a", "b"),
        ("2021-01-01", "a", "b"),
        ("2021-01-02", "a", "a"),
    ] {
        let plan = planned(&thousand(vec![ceased(org("a", "10"), date, &[("b", "1")]), org("b", "1")]));
        let number = |year| recipients(line(&plan, "P", year))[0].0;
        assert_eq!((number(2020), number(2021)), (of_2020, of_2021), "{date}");
    }
}

#[test]
fn successors_of_successors_are_followed_when_their_time_comes() {
    let organisations = vec![
        ceased(org("a", "10"), "2020-01-01", &[("b", "1/2"), ("c", "1/2")]),
        ceased(org("b", "1"), "2021-01-01", &[("c", "1/4"), ("d", "3/4")]),
        org("c", "1"),
        org("d", "1"),
    ];
    let plan = planned(&thousand(organisations));
    assert_eq!(recipients(line(&plan, "P", 2020)), texts(&[("b", "500.00"), ("c", "500.00")]));
    // c has 1/2 + 1/2 × 1/4 = 5/8, d 1/2 × 3/4 = 3/8.
    assert_eq!(recipients(line(&plan, "P", 2021)), texts(&[("c", "625.00"), ("d", "375.00")]));
}

#[test]
fn the_count_of_the_predecessor_stands_and_is_flagged() {
    let mut input = thousand(vec![ceased(org("a", "10"), "2021-01-01", &[("b", "1")]), org("b", "99")]);
    input.models[0].components.push(per_head("heads", "1"));
    let plan = planned(&input);
    assert_eq!((line(&plan, "P", 2020).amount, flags(line(&plan, "P", 2020))), (Some(kr(1010)), vec![]));
    let after = line(&plan, "P", 2021);
    assert_eq!((after.amount, flags(after)), (Some(kr(1010)), vec!["predecessor_counts".to_owned()]));
    assert_eq!(recipients(after), texts(&[("b", "1010.00")]));
}

/// 1 a head, 10 per partner and 20 or 30 by size, of a (10), b (20) and c (30).
fn parties(model: FundingModel) -> PlanInput {
    let project = with_partners(running("P", "b", 2020..=2020), &["a", "c"]);
    let organisations = vec![org("a", "10"), org("b", "20"), org("c", "30")];
    input(2020..=2020, FundingModel { pay_to: PayTo::Parties, ..model }, vec![], organisations, vec![project])
}

#[test]
fn each_party_receives_by_what_its_people_gave() {
    let mut input = parties(model(vec![
        base("base", "40"),
        base_per("partner", BasePer::Partner, "10"),
        per_head("heads", "1"),
        lump("lump", LumpPer::Partner, &[("15", "20", "0"), ("25", "30", "0")]),
    ]));
    // 40 + 30 + 60 + (0 + 20 + 30) = 180. Weights: a 10 + 10, b 10 + 20 + 20, c 10 + 30 + 30: 20, 50 and 70 of 140.
    // 180 × 20 ÷ 140 = 25.714…, 64.285…, 90: the øre left goes to b (0.571… > 0.428…).
    let plan = planned(&input);
    assert_eq!(plan.lines[0].amount, Some(kr(180)));
    assert_eq!(recipients(&plan.lines[0]), texts(&[("a", "25.71"), ("b", "64.29"), ("c", "90.00")]));
    // A party with nothing of its own is left out.
    input.models[0].components = vec![base("base", "40"), per_head("heads", "1")];
    input.organisations[0].headcounts[0].value = Headcount::NoneRegistered;
    assert_eq!(recipients(&planned(&input).lines[0]), texts(&[("b", "36.00"), ("c", "54.00")]));
    // The lump of a project is nobody's own.
    input.models[0].components = vec![lump("lump", LumpPer::Project, &[("0", "100", "0")])];
    assert_eq!(
        recipients(&planned(&input).lines[0]),
        texts(&[("a", "33.34"), ("b", "33.33"), ("c", "33.33")])
    );
}

#[test]
fn parties_that_merge_are_added_up() {
    let mut input = parties(model(vec![per_head("heads", "1")]));
    input.organisations[0] =
        ceased(input.organisations[0].clone(), "2020-01-01", &[("c", "1/2"), ("d", "1/2")]);
    input.organisations.push(org("d", "1"));
    // 10 of a: 5 to c (30) and 5 to d.
    assert_eq!(
        recipients(&planned(&input).lines[0]),
        texts(&[("b", "20.00"), ("c", "35.00"), ("d", "5.00")])
    );
}

#[test]
fn a_gap_counts_nothing_for_its_party() {
    let mut input = parties(model(vec![per_head("heads", "1")]));
    input.organisations[1].headcounts.clear();
    // Without an amount there are no recipients.
    assert!(planned(&input).lines[0].recipients.is_empty());
    // Decided 80 by the weights 10, 0 and 30.
    input.projects[0] = decided(input.projects[0].clone(), 2020, "80");
    assert_eq!(recipients(&planned(&input).lines[0]), texts(&[("a", "20.00"), ("c", "60.00")]));
}

#[test]
fn nothing_is_received_of_nothing() {
    let mut input = thousand(vec![org("a", "10")]);
    input.models[0].components = vec![base("base", "0")];
    let plan = planned(&input);
    assert_eq!(line(&plan, "P", 2020).amount, Some(kr(0)));
    // One recipient of 0 øre is left out, as parts of 0 are.
    assert!(line(&plan, "P", 2020).recipients.is_empty());
}

/// A web of reforms in which each organisation goes to the next two. Following every way by itself would take as many
/// steps as the Fibonacci number of its size.
#[test]
fn a_web_of_reforms_is_followed_once() {
    let number = |place: usize| format!("o{:03}", 60 - place);
    let organisations: Vec<OrganisationInput> = (0..=60)
        .map(|place| match place {
            60 => org(&number(place), "1"),
            59 => ceased(org(&number(place), "1"), "2019-01-01", &[(&number(60), "1")]),
            _ => ceased(
                org(&number(place), "1"),
                "2019-01-01",
                &[(&number(place + 1), "1/2"), (&number(place + 2), "1/2")],
            ),
        })
        .collect();
    let mut input = thousand(organisations);
    input.projects[0].lead = number(0);
    assert_eq!(recipients(&planned(&input).lines[0]), texts(&[("o000", "1000.00")]));
}
