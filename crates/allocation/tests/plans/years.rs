//! From year to year: decided amounts, settlement, carry-over, renewals, conditions.

use tildel_allocation::model::{Fit, Renewal, Settlement};
use tildel_allocation::{
    FrameStatus, FundingModel, LineState, Nok, PlanInput, PromiseState, RenewalOutcome, ServedYear,
};

use crate::fixture::{
    amounts, base, base_and_rate, decided, flags, frame, in_year, input, kr, line, model, nok, org, planned,
    promised, renewal, running, share, total,
};

/// P1 and P2 of a (10) and b (30) in 2020 to 2023: 100 + 10 a head, so 200 and 400.
fn four_years(model: FundingModel) -> PlanInput {
    let projects = vec![running("P1", "a", 2020..=2023), running("P2", "b", 2020..=2023)];
    input(2020..=2023, model, Vec::new(), vec![org("a", "10"), org("b", "30")], projects)
}

fn settled(settlement: Settlement) -> PlanInput {
    four_years(FundingModel { settlement, ..base_and_rate("100", "10") })
}

/// The first project with a decided amount in 2020.
fn first_decided(mut input: PlanInput, amount: &str) -> PlanInput {
    input.projects[0] = decided(input.projects[0].clone(), 2020, amount);
    input
}

#[test]
fn a_decided_amount_stands_and_the_difference_is_told() {
    let plan = planned(&first_decided(settled(Settlement::None), "150"));
    let line = line(&plan, "P1", 2020);
    assert_eq!((line.amount, line.state), (Some(kr(150)), LineState::Decided));
    assert_eq!((line.computed, line.difference), (Some(kr(200)), Some(kr(50))));
    assert_eq!((line.fitted, line.adjust, line.conditional), (None, None, false));
    // Nothing is settled.
    assert_eq!(amounts(&plan, "P1")[1..], [Some(kr(200)); 3]);
}

#[test]
fn a_difference_is_settled_in_the_next_open_year() {
    let plan = planned(&first_decided(settled(Settlement::Next), "150"));
    assert_eq!(amounts(&plan, "P1"), [150, 250, 200, 200].map(|kroner| Some(kr(kroner))));
    let next = line(&plan, "P1", 2021);
    assert_eq!((next.fitted, next.adjust), (Some(kr(200)), Some(kr(50))));
    // The other project is left alone.
    assert_eq!(amounts(&plan, "P2"), [Some(kr(400)); 4]);

    // Two decided years in a row: 50 and -30 are settled together in 2022.
    let mut two = first_decided(settled(Settlement::Next), "150");
    two.projects[0] = decided(two.projects[0].clone(), 2021, "230");
    assert_eq!(amounts(&planned(&two), "P1"), [150, 230, 220, 200].map(|kroner| Some(kr(kroner))));
}

#[test]
fn a_difference_is_spread_over_the_open_years() {
    let plan = planned(&first_decided(settled(Settlement::Spread), "150"));
    // 50 over three years: 16.67, then 33.33 over two: 16.665, which is 16.67, then 16.66.
    let adjusts: Vec<_> =
        (2021..=2023).map(|year| line(&plan, "P1", year).adjust.unwrap().to_string()).collect();
    assert_eq!(adjusts, ["16.67", "16.67", "16.66"]);
    assert_eq!(amounts(&plan, "P1")[1], Some(nok("216.67")));
    // Below zero the half goes away from zero as well.
    let plan = planned(&first_decided(settled(Settlement::Spread), "250"));
    let adjusts: Vec<_> =
        (2021..=2023).map(|year| line(&plan, "P1", year).adjust.unwrap().to_string()).collect();
    assert_eq!(adjusts, ["-16.67", "-16.67", "-16.66"]);
    // A project that ends in 2021 has one open year only, and one that outlives the horizon those inside it.
    for (last_year, adjust) in [(2021, "50.00"), (2022, "25.00"), (2030, "16.67")] {
        let mut input = first_decided(settled(Settlement::Spread), "150");
        input.projects[0].last_year = last_year;
        assert_eq!(line(&planned(&input), "P1", 2021).adjust.unwrap().to_string(), adjust);
    }
}

#[test]
fn an_amount_never_falls_below_zero() {
    let plan = planned(&first_decided(settled(Settlement::Next), "450"));
    // Of −250, 200 are taken in 2021 and 50 in 2022.
    assert_eq!(amounts(&plan, "P1"), [450, 0, 150, 200].map(|kroner| Some(kr(kroner))));
    let settlement = line(&plan, "P1", 2022).trace.steps.last().unwrap();
    assert_eq!((settlement.input("due"), settlement.result.as_deref()), (Some("-50.00"), Some("-50.00")));
    let settlement = line(&plan, "P1", 2021).trace.steps.last().unwrap();
    assert_eq!((settlement.input("due"), settlement.result.as_deref()), (Some("-250.00"), Some("-250.00")));
}

#[test]
fn what_is_settled_comes_out_of_the_frame() {
    let mut input = first_decided(settled(Settlement::Next), "150");
    input.models[0].fit = Fit::Exhaust;
    input.frames = (2020..=2023).map(|year| frame(year, "600")).collect();
    let plan = planned(&input);
    // 2020: P2 has what P1's decision leaves: 450. The fit of both together gives 200, so that 50 are due.
    assert_eq!(in_year(&plan, 2020), [("P1", 150), ("P2", 450)]);
    assert_eq!(line(&plan, "P1", 2020).computed, Some(kr(200)));
    // 2021: 550 to be fitted: s = 350/400: 187.50 and 362.50; the tie of halves goes to P1. With 50 settled: 238 and 362.
    assert_eq!(in_year(&plan, 2021), [("P1", 238), ("P2", 362)]);
    assert_eq!((total(&plan, 2021).total, total(&plan, 2021).left), (kr(600), None));
    assert_eq!(total(&plan, 2021).factor.as_deref(), Some("7/8"));
    assert_eq!(total(&plan, 2021).ties.len(), 1);
    // The fit of 2020 that is used is the one of P2 alone: 100 + 300 s = 450.
    assert_eq!(total(&plan, 2020).factor.as_deref(), Some("7/6"));
}

#[test]
fn all_decided_reports_no_factor() {
    let mut input = first_decided(settled(Settlement::Next), "150");
    input.models[0].fit = Fit::Exhaust;
    input.frames = vec![frame(2020, "600")];
    input.projects.truncate(1);
    let plan = planned(&input);
    assert_eq!(total(&plan, 2020).factor, None);
    // Alone with 600, P1 would get all of it.
    assert_eq!(line(&plan, "P1", 2020).computed, Some(kr(600)));
}

#[test]
fn a_gap_in_a_decided_year_leaves_no_difference() {
    let mut input = first_decided(settled(Settlement::Next), "150");
    input.organisations[0].headcounts[0].date = "2021-01-01".parse().unwrap();
    let plan = planned(&input);
    let first = line(&plan, "P1", 2020);
    assert_eq!((first.amount, first.computed, first.difference), (Some(kr(150)), None, None));
    assert_eq!(flags(first), ["headcount_unknown"]);
    assert_eq!(amounts(&plan, "P1")[1], Some(kr(200)));
}

#[test]
fn a_decided_amount_counts_outside_the_years_and_after_a_stop() {
    let mut input = settled(Settlement::None);
    input.projects[0].last_year = 2020;
    input.projects[0] = decided(input.projects[0].clone(), 2022, "70");
    let plan = planned(&input);
    let years: Vec<_> =
        plan.lines.iter().filter(|line| line.reference == "P1").map(|line| line.year).collect();
    assert_eq!(years, [2020, 2022]);
    assert_eq!(line(&plan, "P1", 2022).amount, Some(kr(70)));
}

#[test]
fn a_pre_notified_amount_is_shown_beside_the_new_one() {
    let mut input = settled(Settlement::Next);
    input.projects[0] = promised(input.projects[0].clone(), 2020, PromiseState::PreNotified, "150");
    let plan = planned(&input);
    let first = line(&plan, "P1", 2020);
    assert_eq!(
        (first.state, first.amount, first.promised),
        (LineState::PreNotified, Some(kr(200)), Some(kr(150)))
    );
    // Only what is decided is settled.
    assert_eq!(line(&plan, "P1", 2021).adjust, None);
    assert_eq!(line(&plan, "P1", 2021).state, LineState::Planned);
}

#[test]
fn money_left_is_carried_over_within_a_part_of_the_frame() {
    let mut input = four_years(FundingModel { carry_over: share("1/10"), ..base_and_rate("100", "10") });
    input.frames = vec![frame(2020, "1000"), frame(2021, "640"), frame(2023, "500")];
    input.carried_in = Some(kr(20));
    let plan = planned(&input);
    let of = |year: i16| {
        let year = total(&plan, year);
        [year.carried_in, year.given, year.left, year.carried_out, year.lapsed, year.shortfall]
            .map(|amount| amount.map(|amount| amount.ore() / 100))
    };
    // 2020: 1020 given, 600 used, 420 left; a tenth of 1000 is carried.
    assert_eq!(of(2020), [Some(20), Some(1020), Some(420), Some(100), Some(320), None]);
    // 2021: 740 given, 140 left, of which a tenth of 640 is carried.
    assert_eq!(of(2021), [Some(100), Some(740), Some(140), Some(64), Some(76), None]);
    // 2022 has no frame: what was carried is lost.
    assert_eq!(of(2022), [Some(64), None, None, None, None, None]);
    assert_eq!(of(2023), [None, Some(500), None, None, None, Some(100)]);

    // Less is left than may be carried: all of it is.
    input.frames[0] = frame(2020, "610");
    let plan = planned(&input);
    assert_eq!((total(&plan, 2020).left, total(&plan, 2020).carried_out), (Some(kr(30)), Some(kr(30))));
    assert_eq!(total(&plan, 2020).lapsed, None);
    // Without a model nothing is carried.
    input.models[0].valid_from_year = 2021;
    let plan = planned(&input);
    assert_eq!((total(&plan, 2020).carried_out, total(&plan, 2020).lapsed), (None, Some(kr(630))));
}

#[test]
fn carried_money_is_fitted_too() {
    let mut input = four_years(FundingModel { carry_over: share("1"), ..base_and_rate("100", "10") });
    input.models[0].fit = Fit::ScaleRate;
    input.frames = vec![frame(2020, "700"), frame(2021, "400")];
    // 100 are carried, so that 500 are fitted in 2021: 200 + 400 s = 500: s = 3/4.
    assert_eq!(in_year(&planned(&input), 2021), [("P1", 175), ("P2", 325)]);
}

#[test]
fn renewals_stop_and_go_on() {
    let mut input =
        four_years(FundingModel { renewal: Some(Renewal::Required), ..base_and_rate("100", "10") });
    input.frames = (2020..=2023).map(|year| frame(year, "1000")).collect();
    input.projects[0] = renewal(input.projects[0].clone(), 2021, RenewalOutcome::Renewed);
    input.projects[1] = renewal(input.projects[1].clone(), 2022, RenewalOutcome::Stopped);
    let plan = planned(&input);
    let told = |reference: &str, year| {
        let line = line(&plan, reference, year);
        (line.conditional, flags(line))
    };
    let (sure, pending) = ((false, vec![]), (true, vec!["renewal_pending".to_owned()]));
    // The first year needs no renewal, 2021 has one, the others wait for theirs.
    assert_eq!(
        [2020, 2021, 2022, 2023].map(|year| told("P1", year)),
        [&sure, &sure, &pending, &pending].map(Clone::clone)
    );
    // Stopped for 2022 is stopped for ever; a renewal after it does not revive it.
    assert_eq!(amounts(&plan, "P2").len(), 2);
    input.projects[1] = renewal(input.projects[1].clone(), 2023, RenewalOutcome::Renewed);
    assert_eq!(amounts(&planned(&input), "P2").len(), 2);
    // A decided year stands in spite of the stop, and is neither conditional nor pending.
    input.projects[1] = decided(input.projects[1].clone(), 2023, "5");
    let plan = planned(&input);
    assert_eq!((line(&plan, "P2", 2023).conditional, flags(line(&plan, "P2", 2023))), sure);
    // A project that ran before the horizon needs a renewal in its first year here.
    input.projects[0].first_year = 2019;
    assert_eq!(flags(line(&planned(&input), "P1", 2020)), ["renewal_pending"]);
    // Without the rule nothing is pending.
    input.models[0].renewal = None;
    assert!(planned(&input).lines.iter().all(|line| flags(line).is_empty()));
}

#[test]
fn an_amount_is_conditional_until_the_frame_is_decided() {
    let mut input = four_years(base_and_rate("100", "10"));
    input.frames = vec![frame(2020, "1000"), frame(2021, "1000")];
    input.frames[1].status = FrameStatus::Expected;
    let plan = planned(&input);
    let conditional = [2020, 2021, 2022].map(|year| line(&plan, "P1", year).conditional);
    assert_eq!(conditional, [false, true, true]);
}

#[test]
fn without_money_given_amounts_are_full() {
    for fit in [Fit::ScaleRate, Fit::ScaleAll, Fit::ByPriority, Fit::Exhaust, Fit::Entitlement] {
        let plan = planned(&four_years(FundingModel { fit, ..base_and_rate("100", "10") }));
        assert_eq!(in_year(&plan, 2020), [("P1", 200), ("P2", 400)], "{fit:?}");
        let year = total(&plan, 2020);
        assert_eq!((year.given, year.shortfall, &year.factor), (None, None, &None));
    }
}

#[test]
fn what_follows_from_an_amount() {
    let mut input = four_years(model(vec![base("base", "100001")]));
    input.models[0].own_contribution = share("30%");
    input.models[0].provider_share = share("1/4");
    let plan = planned(&input);
    let line = line(&plan, "P1", 2020);
    // 30 000.30 and 25 000.25, to whole kroner; the owner has the rest.
    assert_eq!(line.own_contribution, Some(kr(30_000)));
    assert_eq!((line.provider, line.owner), (Some(kr(25_000)), Some(kr(75_001))));
    // Ratios of nothing leave no lines.
    let bare = planned(&four_years(model(vec![base("base", "100001")])));
    assert_eq!(
        (bare.lines[0].own_contribution, bare.lines[0].provider, bare.lines[0].owner),
        (None, None, None)
    );
}

#[test]
fn history_does_not_move_running_projects() {
    let mut input = settled(Settlement::None);
    let before = planned(&input);
    input.history = vec![ServedYear { organisation: "a".to_owned(), year: 2018 }];
    assert_eq!(planned(&input), before);
    assert_eq!(total(&before, 2020).total, Nok::from_ore(60_000));
}
