//! Paying in parts: the published rows, and re-profiling after a change.

use tildel_allocation::model::InstalmentShare;
use tildel_allocation::{InstalmentError, Nok, PlanInput, PromiseState, Share, payments};

use crate::fixture::{base, flags, input, kr, line, model, nok, org, planned, promised, running, share};

const KRONE: Nok = Nok::from_ore(100);

fn profile(shares: &[&str]) -> Vec<Share> {
    shares.iter().map(|text| share(text)).collect()
}

fn pay(amount: &str, shares: &[&str], paid: &[&str]) -> Vec<String> {
    let paid: Vec<Nok> = paid.iter().map(|text| nok(text)).collect();
    let payments = payments(nok(amount), &profile(shares), &paid, KRONE).unwrap();
    payments.amounts.iter().map(ToString::to_string).collect()
}

#[test]
fn the_published_rows() {
    // With 58.33333 % the first part of 22 284 is 12 998.999…: truncation would be a krone short.
    for profile in [["7/12", "5/12"], ["58.33333%", "41.66667%"]] {
        for (amount, first, second) in [
            (22_284, 12_999, 9_285),
            (7_514, 4_383, 3_131),
            (9_468, 5_523, 3_945),
            (10_000, 5_833, 4_167),
            (0, 0, 0),
        ] {
            let expected = [kr(first), kr(second)].map(|amount| amount.to_string());
            assert_eq!(pay(&format!("{amount}"), &profile, &[]), expected, "{amount}");
        }
    }
}

#[test]
fn three_parts_add_up() {
    // 100 over thirds: running sums 33.33, 66.67: 33, 67 − 33, the rest.
    assert_eq!(pay("100", &["1/3", "1/3", "1/3"], &[]), ["33.00", "34.00", "33.00"]);
    // Øre stay with the last part.
    assert_eq!(pay("100.50", &["1/2", "1/2"], &[]), ["50.00", "50.50"]);
    // A half of the first goes away from zero.
    assert_eq!(pay("101", &["1/2", "1/2"], &[]), ["51.00", "50.00"]);
    // Parts of nothing.
    assert_eq!(pay("100", &["0", "1", "0"], &[]), ["0.00", "100.00", "0.00"]);
    // No part goes beyond the whole: 0.54 rounds to 1, which is more than there is.
    assert_eq!(pay("0.60", &["9/10", "1/10"], &[]), ["0.60", "0.00"]);
    assert_eq!(pay("-0.60", &["9/10", "1/10"], &[]), ["-0.60", "0.00"]);
    // Below zero is the mirror image.
    assert_eq!(pay("-101", &["1/2", "1/2"], &[]), ["-51.00", "-50.00"]);
}

#[test]
fn what_is_paid_stands_and_the_rest_is_spread_anew() {
    // 1200 in thirds; 400 was paid; the amount becomes 1500: 1100 over two equal parts.
    assert_eq!(pay("1500", &["1/3", "1/3", "1/3"], &["400"]), ["400.00", "550.00", "550.00"]);
    // Open shares 1/2 and 1/4 of the 900 left: 600 and 300.
    assert_eq!(pay("1000", &["1/4", "1/2", "1/4"], &["100"]), ["100.00", "600.00", "300.00"]);
    // All open shares are nothing: the last one takes the rest.
    assert_eq!(pay("1000", &["1", "0", "0"], &["100"]), ["100.00", "0.00", "900.00"]);
}

#[test]
fn what_is_paid_too_much_is_carried_over() {
    let spread = payments(kr(300), &profile(&["1/3", "1/3", "1/3"]), &[kr(200), kr(150)], KRONE).unwrap();
    assert_eq!(spread.amounts, [kr(200), kr(150), kr(0)]);
    assert_eq!((spread.overpaid, spread.unpaid), (kr(50), kr(0)));
    // To the krone is not too much.
    let spread = payments(kr(350), &profile(&["1/3", "1/3", "1/3"]), &[kr(200), kr(150)], KRONE).unwrap();
    assert_eq!((spread.overpaid, spread.amounts[2]), (kr(0), kr(0)));
}

#[test]
fn what_is_left_after_the_last_part_is_unpaid() {
    let spread = payments(kr(300), &profile(&["1/2", "1/2"]), &[kr(100), kr(120)], KRONE).unwrap();
    assert_eq!((spread.amounts, spread.overpaid, spread.unpaid), (vec![kr(100), kr(120)], kr(0), kr(80)));
}

#[test]
fn more_parts_than_the_profile_has_are_refused() {
    let refused = payments(kr(300), &profile(&["1"]), &[kr(100), kr(100)], KRONE);
    assert_eq!(refused, Err(InstalmentError::TooManyPaid { paid: 2, profile: 1 }));
    let most = Nok::from_ore(i64::MAX);
    let refused = payments(Nok::from_ore(i64::MIN), &profile(&["1/2", "1/2"]), &[most], KRONE);
    assert!(matches!(refused, Err(InstalmentError::Overflow(_))));
}

/// 1000 in 2020 in two parts, of which `paid` went out.
fn year(paid: &[&str]) -> PlanInput {
    let mut input = input(
        2020..=2020,
        model(vec![base("base", "1000")]),
        Vec::new(),
        vec![org("a", "1")],
        vec![promised(running("P", "a", 2020..=2020), 2020, PromiseState::PreNotified, "900")],
    );
    input.projects[0].years[0].paid = paid.iter().map(|text| nok(text)).collect();
    let part =
        |date: Option<&str>, text| InstalmentShare { date: date.map(str::to_owned), share: share(text) };
    input.models[0].instalments = vec![part(Some("03-15"), "3/5"), part(None, "2/5")];
    input
}

fn told(input: &PlanInput) -> serde_json::Value {
    let plan = planned(input);
    let line = serde_json::to_value(line(&plan, "P", 2020)).unwrap();
    serde_json::json!([line["instalments"], line["overpaid"], line["unpaid"]])
}

#[test]
fn a_line_shows_its_instalments() {
    let json = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap();
    assert_eq!(
        told(&year(&[])),
        json(r#"[[{"date": "03-15", "amount": "600.00"}, {"amount": "400.00"}], null, null]"#)
    );
    // 540 of the promised 900 went out: the rest of the 1000 is 460.
    assert_eq!(
        told(&year(&["540"])),
        json(r#"[[{"date": "03-15", "amount": "540.00", "paid": true}, {"amount": "460.00"}], null, null]"#)
    );
    assert_eq!(
        told(&year(&["540", "360"])),
        json(
            r#"[[{"date": "03-15", "amount": "540.00", "paid": true}, {"amount": "360.00", "paid": true}], null, "100.00"]"#
        )
    );
    let overpaid = year(&["1100"]);
    assert_eq!(
        told(&overpaid),
        json(
            r#"[[{"date": "03-15", "amount": "1100.00", "paid": true}, {"amount": "0.00"}], "100.00", null]"#
        )
    );
    assert_eq!(flags(line(&planned(&overpaid), "P", 2020)), ["overpaid"]);
    // A model without a profile shows none.
    let mut plain = year(&[]);
    plain.models[0].instalments.clear();
    assert_eq!(told(&plain), json("[null, null, null]"));
}
