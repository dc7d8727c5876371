//! Yearly accounts spent by the method of equal shares, by hand.

use tildel_allocation::model::{AdmissionRule, Completion, OnShortage};
use tildel_allocation::{FundingModel, Nok, Plan, PlanInput, WaitingReason};

use crate::fixture::{
    admission, admitted, decided, flags, frame, input, kr, line, model, nok, org, per_head, planned, reasons,
    running, share, total, waiting, with_supporters,
};

use WaitingReason::{Accounts, Money};

/// a has 100 heads, b 300, at one krone each: the parts of 400 are 100 and 300. P1 of a, supported by b, costs 100, P2 of b 300.
pub(crate) fn two() -> PlanInput {
    let model = FundingModel {
        admission: admission(AdmissionRule::Accounts, OnShortage::Stop),
        carry_over: share("1"),
        ..model(vec![per_head("heads", "1")])
    };
    let projects =
        vec![with_supporters(waiting("P1", 1, "a", 2020..=2022), &["b"]), waiting("P2", 2, "b", 2020..=2022)];
    let frames = (2020..=2022).map(|year| frame(year, "400")).collect();
    input(2020..=2022, model, frames, vec![org("a", "100"), org("b", "300")], projects)
}

/// Part, carried in, spent, carried out and returned of each account, in kroner.
fn accounts(plan: &Plan, year: i16) -> Vec<(String, [String; 5])> {
    let text = |amount: Nok| amount.to_string().trim_end_matches(".00").to_owned();
    let accounts = total(plan, year).accounts.iter();
    accounts
        .map(|account| {
            let amounts =
                [account.part, account.carried_in, account.spent, account.carried_out, account.returned];
            (account.organisation.clone(), amounts.map(text))
        })
        .collect()
}

fn expect(expected: &[(&str, [&str; 5])]) -> Vec<(String, [String; 5])> {
    expected.iter().map(|(number, amounts)| ((*number).to_owned(), amounts.map(str::to_owned))).collect()
}

#[test]
fn equal_shares_and_what_is_kept() {
    let plan = planned(&two());
    // P1: a and b pay 50 each, t ÷ cost = 1/2. P2: b alone pays 300, t ÷ cost = 1. P1 wins; b has 250 left, too little for P2.
    assert_eq!((admitted(&plan, 2020), reasons(&plan, 2020)), (vec!["P1"], vec![("P2", Accounts)]));
    assert_eq!(
        accounts(&plan, 2020),
        expect(&[("a", ["100", "0", "50", "50", "0"]), ("b", ["300", "0", "50", "250", "0"])])
    );
    // 2021: P1 takes 50 of each first, as they paid; b has 250 + 300 − 50 = 500 and pays P2. a keeps 100, its part; b 200.
    assert_eq!((admitted(&plan, 2021), reasons(&plan, 2021)), (vec!["P2"], vec![]));
    assert_eq!(
        accounts(&plan, 2021),
        expect(&[("a", ["100", "50", "50", "100", "0"]), ("b", ["300", "250", "350", "200", "0"])])
    );
    // 2022: P1 takes 50 of each, P2 300 of b. a has 100 + 100 − 50 = 150 and may keep 100.
    assert_eq!(
        accounts(&plan, 2022),
        expect(&[("a", ["100", "100", "50", "100", "50"]), ("b", ["300", "200", "350", "150", "0"])])
    );
    assert_eq!([2020, 2021, 2022].map(|year| total(&plan, year).uncovered), [None; 3]);
}

#[test]
fn a_cap_returns_what_may_not_be_kept() {
    let mut input = two();
    input.models[0].admission.account_cap = Some(share("1/4"));
    let plan = planned(&input);
    assert_eq!(
        accounts(&plan, 2020),
        expect(&[("a", ["100", "0", "50", "25", "25"]), ("b", ["300", "0", "50", "75", "175"])])
    );
    // b has 75 + 300 − 50 = 325 in 2021, which suffices for P2.
    assert_eq!(admitted(&plan, 2021), ["P2"]);
    // With nothing kept it has 250.
    input.models[0].admission.account_cap = Some(share("0"));
    let plan = planned(&input);
    assert_eq!((admitted(&plan, 2021), reasons(&plan, 2021)), (vec![], vec![("P2", Accounts)]));
}

#[test]
fn the_list_completes_with_money_of_all() {
    let mut input = two();
    input.models[0].admission.completion = Some(Completion::List);
    let plan = planned(&input);
    // After P1 there are 50 + 250 = 300, just what P2 costs.
    assert_eq!(admitted(&plan, 2020), ["P1", "P2"]);
    assert_eq!(flags(line(&plan, "P2", 2020)), ["by_completion"]);
    assert_eq!((flags(line(&plan, "P1", 2020)), flags(line(&plan, "P2", 2021))), (vec![], vec![]));
    assert_eq!(
        accounts(&plan, 2020),
        expect(&[("a", ["100", "0", "100", "0", "0"]), ("b", ["300", "0", "300", "0", "0"])])
    );
    // 2021: P1 takes 50 of each; P2 takes 300 as they paid: 50 : 250. a pays 50 of its 50, b 250 of its 250.
    assert_eq!(
        accounts(&plan, 2021),
        expect(&[("a", ["100", "0", "100", "0", "0"]), ("b", ["300", "0", "300", "0", "0"])])
    );
    // One krone less in the frame, and P2 costs more than there is.
    input.frames[0] = frame(2020, "399");
    assert_eq!(reasons(&planned(&input), 2020), [("P2", Money)]);
}

#[test]
fn the_cheapest_share_goes_first_whatever_the_list() {
    let mut input = two();
    // P3 of b, supported by a, costs 300: t = 200 (a pays its 100), t ÷ cost = 2/3; P1 1/2; P2 1. P1 first; then a 50, b 250 pay all for P3.
    input.projects.push(with_supporters(waiting("P3", 0, "b", 2020..=2022), &["a"]));
    let plan = planned(&input);
    assert_eq!((admitted(&plan, 2020), reasons(&plan, 2020)), (vec!["P1", "P3"], vec![("P2", Money)]));
    assert_eq!(
        accounts(&plan, 2020),
        expect(&[("a", ["100", "0", "100", "0", "0"]), ("b", ["300", "0", "300", "0", "0"])])
    );
}

#[test]
fn an_odd_ore_is_paid_by_the_lower_number() {
    let mut input = two();
    input.models[0].unit = Nok::from_ore(1);
    input.organisations[0] = org("a", "100.01");
    input.projects.truncate(1);
    input.last_year = 2020;
    // P1 costs 100.01, of which 50.005 each. The parts of 400 by 100.01 : 300 are 100.0074… and 299.9925…: 100.01 and 299.99.
    let plan = planned(&input);
    assert_eq!(
        accounts(&plan, 2020),
        expect(&[("a", ["100.01", "0", "50.01", "50", "0"]), ("b", ["299.99", "0", "50", "249.99", "0"])])
    );
}

#[test]
fn ongoing_projects_take_what_they_cost_first() {
    let mut input = two();
    // R of a costs 100, and is supported by b, so that by weights 100 : 300 a pays 25 and b 75.
    input.projects = vec![with_supporters(running("R", "a", 2019..=2022), &["b"])];
    let plan = planned(&input);
    assert_eq!(
        accounts(&plan, 2020),
        expect(&[("a", ["100", "0", "25", "75", "0"]), ("b", ["300", "0", "75", "225", "0"])])
    );
    // Decided for 360 in 2020: 90 and 270.
    input.projects[0] = decided(input.projects[0].clone(), 2020, "360");
    assert_eq!(accounts(&planned(&input), 2020)[0].1[2], "90");
    // Of 500 in 2021 the accounts have 110 + 430 = 540 less nothing; a has 10 + 100, b 30 + 300: 440 in all, 60 are uncovered.
    input.projects[0] = decided(input.projects[0].clone(), 2021, "500");
    input.frames[1] = frame(2021, "500");
    let plan = planned(&input);
    // The parts of 500 are 125 and 375; with 10 and 30 kept: 135 and 405 = 540, enough: 500 by 1 : 3 is 125 and 375.
    assert_eq!(
        accounts(&plan, 2021),
        expect(&[("a", ["125", "10", "125", "10", "0"]), ("b", ["375", "30", "375", "30", "0"])])
    );
    assert_eq!(total(&plan, 2021).uncovered, None);
}

#[test]
fn what_accounts_can_not_pay_is_uncovered() {
    let mut input = two();
    // R of a alone, decided for 360: a has 100.
    input.projects.push(decided(running("R", "a", 2019..=2022), 2020, "360"));
    let plan = planned(&input);
    assert_eq!(total(&plan, 2020).uncovered, Some(kr(260)));
    assert_eq!(accounts(&plan, 2020)[0].1, ["100", "0", "100", "0", "0"]);
    // 40 are left of the money, so that P1 (100) does not fit it.
    assert_eq!(reasons(&plan, 2020), [("P1", Money), ("P2", Money)]);
}

#[test]
fn without_a_frame_nothing_happens() {
    let mut input = two();
    input.frames.remove(1);
    let plan = planned(&input);
    assert!(total(&plan, 2021).accounts.is_empty());
    assert_eq!(reasons(&plan, 2021), [("P2", Money)]);
    // The accounts are as they were at the end of 2020.
    let in_2022: Vec<_> = total(&plan, 2022).accounts.iter().map(|account| account.carried_in).collect();
    assert_eq!(in_2022, [kr(50), kr(250)]);
}

#[test]
fn equal_parts_where_nobody_weighs_anything_and_free_projects_first() {
    let mut input = two();
    for organisation in &mut input.organisations {
        organisation.headcounts[0].value = tildel_allocation::Headcount::NoneRegistered;
    }
    let plan = planned(&input);
    // Both cost nothing and are let in before all.
    assert_eq!(admitted(&plan, 2020), ["P1", "P2"]);
    assert_eq!(
        accounts(&plan, 2020),
        expect(&[("a", ["200", "0", "0", "200", "0"]), ("b", ["200", "0", "0", "200", "0"])])
    );
    // A missing headcount weighs nothing either.
    let mut missing = two();
    missing.organisations[0].headcounts.clear();
    let parts: Vec<_> = total(&planned(&missing), 2020).accounts.iter().map(|account| account.part).collect();
    assert_eq!(parts, [kr(0), kr(400)]);
}

#[test]
fn who_comes_later_starts_with_a_full_part_and_nothing_kept() {
    let mut input = two();
    input.organisations.push(org("c", "400"));
    input.projects.push(waiting("P4", 4, "c", 2021..=2022));
    input.frames[1] = frame(2021, "800");
    let plan = planned(&input);
    assert_eq!(accounts(&plan, 2020).len(), 2);
    // Of 800 by 100 : 300 : 400, c has 400, which is just what P4 costs.
    assert_eq!(admitted(&plan, 2021), ["P2", "P4"]);
    assert_eq!(accounts(&plan, 2021)[2], expect(&[("c", ["400", "0", "400", "0", "0"])])[0]);
    // Of 799 it has 399.50, and keeps it.
    input.frames[1] = frame(2021, "799");
    let plan = planned(&input);
    assert_eq!((admitted(&plan, 2021), reasons(&plan, 2021)), (vec!["P2"], vec![("P4", Accounts)]));
    assert_eq!(accounts(&plan, 2021)[2], expect(&[("c", ["399.50", "0", "0", "399.50", "0"])])[0]);
}

#[test]
fn each_year_adds_up() {
    let mut input = two();
    input.models[0].admission.account_cap = Some(share("1/3"));
    input.frames[1].amount = Some(nok("333.33"));
    for year in &planned(&input).years {
        let parts = Nok::checked_sum(year.accounts.iter().map(|account| account.part)).unwrap();
        assert_eq!(Some(parts), year.frame);
        for account in &year.accounts {
            let amounts =
                [account.part, account.carried_in, account.spent, account.carried_out, account.returned];
            assert!(amounts.iter().all(|amount| *amount >= Nok::ZERO));
            let [part, carried_in, spent, carried_out, returned] = amounts.map(Nok::ore);
            assert_eq!(part + carried_in, spent + carried_out + returned);
        }
    }
}
