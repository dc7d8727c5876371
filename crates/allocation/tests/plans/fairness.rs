//! The yearly checks of a plan, by hand.

use serde_json::json;
use tildel_allocation::fairness::yearly_checks;
use tildel_allocation::{Nok, Plan, ServedYear};

use crate::accounts::two;
use crate::fixture::planned;

#[test]
fn shares_add_up_over_years() {
    let input = two();
    let checks = serde_json::to_value(yearly_checks(&input, &planned(&input)).unwrap()).unwrap();
    // 2020: P1 (100) is shared by a and b. 2021: P1 again, and P2 (300) of b alone.
    assert_eq!(checks[0]["windows"][0], json!({"years": 1, "gini": "0", "shares": {"a": "50", "b": "50"}}));
    // (350 − 50) ÷ (2 × 400), and over both years (400 − 100) ÷ (2 × 500).
    assert_eq!(
        checks[1]["windows"][0],
        json!({"years": 1, "gini": "3/8", "shares": {"a": "50", "b": "350"}})
    );
    assert_eq!(
        checks[1]["windows"][1],
        json!({"years": 3, "gini": "3/10", "shares": {"a": "100", "b": "400"}})
    );
    assert_eq!(checks[1]["windows"][2]["years"], 5);
    // Nothing is wrong with the accounts.
    assert!((0..3).all(|year| checks[year].get("accounts").is_none()));
}

#[test]
fn newcomers_are_those_of_three_years() {
    let mut input = two();
    input.projects[1].first_year = 2021;
    input.history = vec![ServedYear { organisation: "b".to_owned(), year: 2015 }];
    let checks = serde_json::to_value(yearly_checks(&input, &planned(&input)).unwrap()).unwrap();
    // b was funded before. The parts of a are 100 a year, its shares 50.
    let of =
        |share: &str, part: &str| json!([{"organisation": "a", "since": 2020, "share": share, "part": part}]);
    assert_eq!(checks[0]["newcomers"], of("50", "100.00"));
    assert_eq!(checks[1]["newcomers"], of("100", "200.00"));
    assert_eq!(checks[2]["newcomers"], of("150", "300.00"));
    // Three years after its first it is none any more.
    input.projects[0].first_year = 2018;
    let checks = serde_json::to_value(yearly_checks(&input, &planned(&input)).unwrap()).unwrap();
    assert_eq!(checks[0]["newcomers"].as_array().map(Vec::len), Some(1));
    assert_eq!(checks[1].get("newcomers"), None);
}

#[test]
fn spoilt_accounts_are_found() {
    let input = two();
    let plan = planned(&input);
    let found = |spoil: fn(&mut Plan)| {
        let mut spoilt = plan.clone();
        spoil(&mut spoilt);
        let checks = yearly_checks(&input, &spoilt).unwrap();
        let problems: Vec<_> = checks.iter().flat_map(|year| &year.accounts).collect();
        serde_json::to_value(problems).unwrap()
    };
    let one = |organisation: &str, problem: &str| json!([{"organisation": organisation, "problem": problem}]);
    assert_eq!(found(|_| ()), json!([]));
    assert_eq!(found(|plan| plan.years[1].accounts[1].spent = Nok::ZERO), one("b", "not_balanced"));
    let carry = found(|plan| {
        let account = &mut plan.years[1].accounts[0];
        account.carried_in = Nok::ZERO;
        account.returned = account.returned.checked_sub(Nok::from_ore(5_000)).unwrap();
    });
    assert_eq!(
        carry,
        json!([{"organisation": "a", "problem": "below_zero"}, {"organisation": "a", "problem": "carry_lost"}])
    );
}
