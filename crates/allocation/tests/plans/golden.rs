//! The rows of the golden numbers that are about plans. Pure apportionment is tested in `tests/apportionment`.

use tildel_allocation::model::{BasePer, InstalmentShare, LumpPer};
use tildel_allocation::{Exact, PlanInput};

use crate::fixture::{
    base, base_and_rate, base_per, in_year, input, known, kr, line, lump, model, nok, org, planned, record,
    running, share,
};

/// One project of a in 2020 with a base.
fn grant(amount: &str) -> PlanInput {
    input(
        2020..=2020,
        model(vec![base("base", amount)]),
        vec![],
        vec![org("a", "10")],
        vec![running("P", "a", 2020..=2020)],
    )
}

#[test]
fn two_instalments_of_seven_and_five_twelfths() {
    for (amount, first, second) in [
        ("22284", "12999.00", "9285.00"),
        ("7514", "4383.00", "3131.00"),
        ("9468", "5523.00", "3945.00"),
        ("10000", "5833.00", "4167.00"),
        ("0", "0.00", "0.00"),
    ] {
        let mut input = grant(amount);
        input.models[0].instalments = ["58.33333%", "41.66667%"]
            .map(|text| InstalmentShare { date: None, share: share(text) })
            .to_vec();
        let paid: Vec<String> = planned(&input).lines[0]
            .instalments
            .iter()
            .map(|instalment| instalment.amount.to_string())
            .collect();
        assert_eq!(paid, [first, second]);
    }
}

#[test]
fn rounded_once_only() {
    // 0.495 is 0, not 1.
    let mut input = grant("0");
    input.models[0] = base_and_rate("0", "0.99");
    input.organisations[0].headcounts = vec![record("2019-10-01", known("0.5"))];
    assert_eq!(planned(&input).lines[0].amount, Some(kr(0)));
}

#[test]
fn own_contribution_is_thirty_per_cent_of_the_grant() {
    let mut input = grant("100000");
    // The default of a model that says nothing.
    input.models[0].own_contribution =
        tildel_allocation::FundingModel::base_and_rate("k", 2020..=2020, "b", kr(0), kr(0), vec![])
            .own_contribution;
    let plan = planned(&input);
    let line = line(&plan, "P", 2020);
    let (grant, own) = (line.amount.unwrap(), line.own_contribution.unwrap());
    assert_eq!((grant, own), (kr(100_000), kr(30_000)));
    let whole = grant.checked_add(own).unwrap();
    assert_eq!(whole, kr(130_000));
    // The own share of the total: 23.08 per cent, to two decimals.
    let per_cent =
        Exact::from(own).checked_mul(Exact::whole(10_000)).unwrap().checked_div(Exact::from(whole)).unwrap();
    assert_eq!(per_cent.nearest(nok("0.01")).unwrap().ore(), 2308);
}

#[test]
fn a_change_dated_a_year_leaves_all_earlier_years_byte_identical() {
    let mut input = grant("100");
    input.last_year = 2024;
    input.projects[0].last_year = 2024;
    input.models[0] = base_and_rate("100", "10");
    let before = planned(&input);
    input.organisations[0].headcounts.push(record("2022-01-01", known("20")));
    let after = planned(&input);
    for year in 2020..=2024 {
        let bytes = |plan| serde_json::to_string(line(plan, "P", year)).unwrap();
        assert_eq!(bytes(&before) == bytes(&after), year < 2022, "{year}");
    }
    assert_eq!(in_year(&after, 2022), [("P", 300)]);
}

#[test]
fn the_pe_and_sport_premium() {
    let bands = [("0", "0", "1000"), ("17", "16000", "10")];
    for (pupils, amount) in [("1", 1_000), ("16", 16_000), ("17", 16_170), ("100", 17_000)] {
        for per in [LumpPer::Project, LumpPer::Partner] {
            let mut input = grant("0");
            input.models[0].components =
                vec![lump("premium", per, &bands), base_per("none", BasePer::Project, "0")];
            input.organisations[0].headcounts = vec![record("2019-10-01", known(pupils))];
            assert_eq!(in_year(&planned(&input), 2020), [("P", amount)], "{pupils}");
        }
    }
}

#[test]
fn a_tie_goes_down_the_published_chain_and_not_by_the_list() {
    // 100 over 1, 1, 1: 34 to the first reference, in whatever order the input has them.
    let mut input = grant("100");
    input.models[0].fit = tildel_allocation::model::Fit::ScaleAll;
    input.frames = vec![crate::fixture::frame(2020, "100")];
    input.projects = ["C", "A", "B"].map(|reference| running(reference, "a", 2020..=2020)).to_vec();
    for _ in 0..3 {
        input.projects.rotate_left(1);
        assert_eq!(in_year(&planned(&input), 2020), [("A", 34), ("B", 33), ("C", 33)]);
    }
}
