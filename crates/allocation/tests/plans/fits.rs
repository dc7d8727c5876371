//! The five ways to fit amounts to a frame, rounding together, and money set aside, by hand.

use tildel_allocation::model::{Divide, Fit, OnShortage, Rounding};
use tildel_allocation::{FundingModel, OrganisationInput, Plan, PlanInput};

use crate::fixture::{
    base, base_and_rate, base_per, flags, frame, in_year, input, kr, line, model, nok, of_project, org,
    planned, running, set_aside, tagged, total,
};

/// Projects P1, P2, … of one organisation each with so many man-years, in 2020.
fn projects(model: FundingModel, given: &str, counts: &[&str]) -> PlanInput {
    let number = |place: usize| format!("org-{place}");
    let organisations: Vec<OrganisationInput> =
        counts.iter().enumerate().map(|(place, count)| org(&number(place), count)).collect();
    let projects = (0..counts.len())
        .map(|place| running(&format!("P{}", place + 1), &number(place), 2020..=2020))
        .collect();
    input(2020..=2020, model, vec![frame(2020, given)], organisations, projects)
}

/// Base 100, 10 a head.
fn hundred_and_ten(fit: Fit) -> FundingModel {
    FundingModel { fit, ..base_and_rate("100", "10") }
}

/// P1 costs 100 + 100 = 200, P2 100 + 300 = 400.
fn two(fit: Fit, given: &str) -> PlanInput {
    projects(hundred_and_ten(fit), given, &["10", "30"])
}

fn kroner(plan: &Plan) -> Vec<i64> {
    in_year(plan, 2020).into_iter().map(|(_, kroner)| kroner).collect()
}

fn factor(plan: &Plan) -> Option<&str> {
    total(plan, 2020).factor.as_deref()
}

#[test]
fn an_entitlement_is_not_fitted() {
    let plan = planned(&two(Fit::Entitlement, "400"));
    assert_eq!((kroner(&plan), factor(&plan)), (vec![200, 400], None));
    assert_eq!((total(&plan, 2020).shortfall, total(&plan, 2020).left), (Some(kr(200)), None));
}

#[test]
fn scaling_the_rate_keeps_the_base() {
    // 200 + s × 400 = 400: s = 1/2.
    let plan = planned(&two(Fit::ScaleRate, "400"));
    assert_eq!((kroner(&plan), factor(&plan)), (vec![150, 250], Some("1/2")));
    // s = 201/400: 150.25 and 250.75; the krone left goes to the larger rest.
    let plan = planned(&two(Fit::ScaleRate, "401.99"));
    assert_eq!((kroner(&plan), factor(&plan)), (vec![150, 251], Some("201/400")));
    assert_eq!(total(&plan, 2020).left, Some(nok("0.99")));
    // The money suffices: nothing is scaled.
    let plan = planned(&two(Fit::ScaleRate, "600"));
    assert_eq!((kroner(&plan), factor(&plan)), (vec![200, 400], None));
    // Not even the bases fit: they stand, and the shortfall is told.
    let plan = planned(&two(Fit::ScaleRate, "150"));
    assert_eq!((kroner(&plan), factor(&plan)), (vec![100, 100], None));
    assert_eq!(total(&plan, 2020).shortfall, Some(kr(50)));
}

#[test]
fn scaling_all_scales_the_base_too() {
    // s = 2/3: 133.33 and 266.67.
    let plan = planned(&two(Fit::ScaleAll, "400"));
    assert_eq!((kroner(&plan), factor(&plan)), (vec![133, 267], Some("2/3")));
    let plan = planned(&two(Fit::ScaleAll, "150"));
    assert_eq!((kroner(&plan), factor(&plan)), (vec![50, 100], Some("1/4")));
    // A floor of 120: P1 stands at it, and P2 has 400 s = 240.
    let mut floored = two(Fit::ScaleAll, "360");
    floored.models[0].floors = of_project("120");
    let plan = planned(&floored);
    // Without the floor 120 and 240: the floor does not bind yet.
    assert_eq!((kroner(&plan), factor(&plan)), (vec![120, 240], Some("3/5")));
    floored.frames = vec![frame(2020, "300")];
    let plan = planned(&floored);
    // 120 + 400 s = 300: s = 9/20.
    assert_eq!((kroner(&plan), factor(&plan)), (vec![120, 180], Some("9/20")));
}

#[test]
fn exhausting_raises_and_lowers_the_rate_until_the_frame_is_used() {
    // 200 + 400 s = 1000: s = 2.
    let plan = planned(&two(Fit::Exhaust, "1000"));
    assert_eq!((kroner(&plan), factor(&plan)), (vec![300, 700], Some("2")));
    let plan = planned(&two(Fit::Exhaust, "400"));
    assert_eq!((kroner(&plan), factor(&plan)), (vec![150, 250], Some("1/2")));
    assert_eq!(total(&plan, 2020).left, None);
}

#[test]
fn water_fills_up_to_caps_and_from_floors() {
    let mut capped = two(Fit::Exhaust, "900");
    capped.models[0].caps = of_project("500");
    // P2 reaches 500 at s = 4/3; P1 then takes the rest: 100 + 100 s = 400, s = 3.
    let plan = planned(&capped);
    assert_eq!((kroner(&plan), factor(&plan)), (vec![400, 500], Some("3")));
    // Both caps add up to the frame: s = 4, where the last one is reached.
    capped.frames = vec![frame(2020, "1000")];
    let plan = planned(&capped);
    assert_eq!((kroner(&plan), factor(&plan)), (vec![500, 500], Some("4")));
    // One krone more reaches nobody.
    capped.frames = vec![frame(2020, "1001")];
    let plan = planned(&capped);
    assert_eq!((kroner(&plan), factor(&plan)), (vec![500, 500], None));
    assert_eq!(total(&plan, 2020).left, Some(kr(1)));

    let mut floored = two(Fit::Exhaust, "250");
    floored.models[0].floors = of_project("120");
    // Both begin at 120; P2 leaves it at s = 1/15 and has 100 + 300 s = 130 at s = 1/10, where P1 has 110 < 120.
    let plan = planned(&floored);
    assert_eq!((kroner(&plan), factor(&plan)), (vec![120, 130], Some("1/10")));
    // 100 + 100 s + 100 + 300 s = 300: s = 1/4, above both floors.
    floored.frames = vec![frame(2020, "300")];
    let plan = planned(&floored);
    assert_eq!((kroner(&plan), factor(&plan)), (vec![125, 175], Some("1/4")));
    // The floors alone use the frame, or more than it.
    floored.frames = vec![frame(2020, "240")];
    assert_eq!((kroner(&planned(&floored)), factor(&planned(&floored))), (vec![120, 120], None));
}

#[test]
fn the_smallest_factor_of_a_plateau_counts() {
    let mut flat = projects(hundred_and_ten(Fit::Exhaust), "260", &["10", "0"]);
    flat.models[0].caps = of_project("150");
    flat.models[0].floors = of_project("110");
    // P1 100 + 100 s up to 150, P2 stands at the floor of 110: 260 is reached at s = 1/2 and never passed.
    let plan = planned(&flat);
    assert_eq!((kroner(&plan), factor(&plan)), (vec![150, 110], Some("1/2")));
}

#[test]
fn nothing_per_head_leaves_the_frame_alone() {
    let plan = planned(&projects(
        FundingModel { fit: Fit::Exhaust, ..model(vec![base("base", "100")]) },
        "900",
        &["1", "2"],
    ));
    assert_eq!((kroner(&plan), factor(&plan)), (vec![100, 100], None));
    assert_eq!(total(&plan, 2020).left, Some(kr(700)));
}

#[test]
fn a_priority_list_ends_skips_or_gives_the_rest() {
    // Costs 200, 400 and 300 with 550.50 given.
    let of = |on_shortage| {
        let mut model = hundred_and_ten(Fit::ByPriority);
        model.admission.on_shortage = on_shortage;
        let plan = planned(&projects(model, "550.50", &["10", "30", "20"]));
        let exhausted: Vec<bool> = plan.lines.iter().map(|line| !flags(line).is_empty()).collect();
        assert!(plan.lines.iter().flat_map(flags).all(|flag| flag == "frame_exhausted"));
        (kroner(&plan), exhausted)
    };
    assert_eq!(of(OnShortage::Stop), (vec![200, 0, 0], vec![false, true, true]));
    assert_eq!(of(OnShortage::Skip), (vec![200, 0, 300], vec![false, true, false]));
    assert_eq!(of(OnShortage::Partial), (vec![200, 350, 0], vec![false, true, true]));
}

#[test]
fn a_priority_list_follows_the_priority_and_then_the_reference() {
    let mut input = projects(hundred_and_ten(Fit::ByPriority), "500", &["10", "30", "20"]);
    input.projects[1].priority = Some(2);
    input.projects[2].priority = Some(1);
    // P3 (300) and then P2 (400), which does not fit; P1 has no priority and comes last, after the stop.
    assert_eq!(kroner(&planned(&input)), [0, 0, 300]);
}

#[test]
fn nearest_leaves_the_remainder_to_the_tagged_line() {
    let of = |given: &str, tag: usize| {
        let model = FundingModel {
            fit: Fit::ScaleAll,
            rounding: Rounding::Nearest,
            ..model(vec![base("base", "100")])
        };
        let mut input = projects(model, given, &["1", "1", "1"]);
        if let Some(project) = input.projects.get_mut(tag) {
            *project = tagged(project.clone(), &["remainder"]);
        }
        kroner(&planned(&input))
    };
    // 66.67 each is 67; the one too much is taken from the tagged line, or from the first of all.
    assert_eq!(of("200", 1), [67, 66, 67]);
    assert_eq!(of("200", 9), [66, 67, 67]);
    // 33.33 each is 33; the one that is missing is added to it.
    assert_eq!(of("100", 2), [33, 33, 34]);
    assert_eq!(of("100", 9), [34, 33, 33]);
}

#[test]
fn methods_round_apart_from_each_other() {
    let of = |rounding, counts: [&str; 2], given: &str| {
        let model = FundingModel { fit: Fit::ScaleAll, rounding, ..base_and_rate("0", "10") };
        kroner(&planned(&projects(model, given, &counts)))
    };
    // 2 over 10 and 50: exactly 1/3 and 5/3. Quotients of D'Hondt 50, 25 > 10; Adams gives each one first;
    // Sainte-Laguë 50, 16.7 > 10; Huntington-Hill and Dean give each one first.
    let counts = ["10", "50"];
    for rounding in
        [Rounding::LargestRemainder, Rounding::Dhondt, Rounding::SainteLague, Rounding::ModifiedSainteLague]
    {
        assert_eq!(of(rounding, counts, "2"), [0, 2], "{rounding:?}");
    }
    for rounding in [Rounding::Adams, Rounding::HuntingtonHill, Rounding::Dean] {
        assert_eq!(of(rounding, counts, "2"), [1, 1], "{rounding:?}");
    }
    // 2 over 10 and 29: Sainte-Laguë 29, 10 > 9.67; modified 29 ÷ 1.4 = 20.7, 9.67 > 10 ÷ 1.4 = 7.1.
    assert_eq!(of(Rounding::SainteLague, ["10", "29"], "2"), [1, 1]);
    assert_eq!(of(Rounding::ModifiedSainteLague, ["10", "29"], "2"), [0, 2]);
}

#[test]
fn ties_are_reported_and_go_by_rank_or_by_lot() {
    let model = FundingModel { fit: Fit::ScaleAll, ..model(vec![base("base", "100")]) };
    let mut input = projects(model, "100", &["1", "1", "1"]);
    // 33.33 each; the one krone left is a tie of all three, and goes to the first reference.
    let plan = planned(&input);
    assert_eq!(kroner(&plan), [34, 33, 33]);
    let ties = serde_json::to_value(&total(&plan, 2020).ties).unwrap();
    assert_eq!(ties, serde_json::json!([{"among": ["P1", "P2", "P3"], "units": 1}]));
    // A priority goes before the reference.
    input.projects[2].priority = Some(1);
    assert_eq!(kroner(&planned(&input)), [33, 33, 34]);
    // By lot: the lowest SHA-256 of the seed and the reference wins. With the byte 00 (`printf '\x00P2' | sha256sum`):
    // P1 227d…, P2 212b…, P3 4b9c…; with 01: P1 3317…, P2 3fde…, P3 54fb….
    input.models[0].tie_seed = Some("00".to_owned());
    assert_eq!(kroner(&planned(&input)), [33, 34, 33]);
    input.models[0].tie_seed = Some("01".to_owned());
    assert_eq!(kroner(&planned(&input)), [34, 33, 33]);
}

/// 1001 given; a tenth is set aside for coordination, which P1 and P2 share.
fn with_share(fit: Fit, divide: Divide) -> PlanInput {
    let mut input = two(fit, "1001");
    input.models[0].components.push(set_aside("coordination", "1/10", divide));
    for project in &mut input.projects {
        *project = tagged(project.clone(), &["coordination"]);
    }
    input
}

#[test]
fn a_share_of_the_frame_is_divided_over_those_with_its_purpose() {
    let plan = planned(&with_share(Fit::Exhaust, Divide::Equal));
    // The pot is 100 (of 100.10); 901 is left: s = 701/400: 275.25 and 625.75.
    assert_eq!(kroner(&plan), [275 + 50, 626 + 50]);
    assert_eq!(factor(&plan), Some("701/400"));
    let first = line(&plan, "P1", 2020);
    assert_eq!((first.fitted, first.set_aside), (Some(kr(275)), Some(kr(50))));
    let step = &first.trace.steps[1];
    assert_eq!((step.input("pot"), step.input("sharers")), (Some("100.00"), Some("2")));
    assert_eq!(step.rule.as_deref(), Some("practice@1#share-coordination"));
    assert_eq!(first.trace.steps[0].input("available"), Some("901.00"));

    // By entitlement 200 : 400 of 100: 33.33 and 66.67.
    let plan = planned(&with_share(Fit::Entitlement, Divide::ByEntitlement));
    assert_eq!(kroner(&plan), [200 + 33, 400 + 67]);
}

#[test]
fn a_share_without_takers_stays_in_the_common_money() {
    let mut input = with_share(Fit::Exhaust, Divide::Equal);
    for project in &mut input.projects {
        project.tags = vec!["theatre".to_owned()];
    }
    // All of 1001: s = 801/400: 300.25 and 700.75.
    assert_eq!(kroner(&planned(&input)), [300, 701]);
    // One taker has all of the pot.
    input.projects[1].tags.push("coordination".to_owned());
    assert_eq!(kroner(&planned(&input)), [275, 626 + 100]);
}

#[test]
fn a_share_by_entitlement_of_nothing_is_equal() {
    let mut input = with_share(Fit::Entitlement, Divide::ByEntitlement);
    input.models[0].components[0] = base_per("base", tildel_allocation::model::BasePer::Project, "0");
    for organisation in &mut input.organisations {
        organisation.headcounts[0].value = tildel_allocation::Headcount::NoneRegistered;
    }
    assert_eq!(kroner(&planned(&input)), [50, 50]);
}

#[test]
fn a_value_before_rounding_is_exact_however_long_it_is() {
    // With M = 2^63 − 1: P1 has M øre for each of M thousandths, P2 one øre for one thousandth, and one øre is given.
    // s = 1000 ÷ (M² + 1), so that P1 has M² ÷ (M² + 1) øre, which is a hundredth of it in kroner.
    let most = tildel_allocation::Nok::from_ore(i64::MAX);
    let model = FundingModel { unit: nok("0.01"), ..hundred_and_ten(Fit::Exhaust) };
    let mut input = projects(model, "0.01", &["9223372036854775.807", "0"]);
    input.models[0].caps = of_project("1");
    let children = tildel_allocation::Measure::Children;
    let filter =
        tildel_allocation::model::CountFilter { measure: children, ..crate::fixture::MAN_YEARS_FILTER };
    let rates = |rate| vec![tildel_allocation::model::Rate { from: None, rate }];
    input.models[0].components =
        [("heads", most, crate::fixture::MAN_YEARS_FILTER), ("children", nok("0.01"), filter)]
            .map(|(id, rate, filter)| tildel_allocation::model::Component::PerHead {
                id: id.to_owned(),
                legal_basis: None,
                rates: rates(rate),
                count: vec![filter],
            })
            .to_vec();
    for (organisation, count) in input.organisations.iter_mut().zip(["0", "0.001"]) {
        let record = crate::fixture::record("2019-10-01", crate::fixture::known(count));
        organisation.headcounts.push(tildel_allocation::HeadcountRecord { measure: children, ..record });
    }
    let plan = planned(&input);
    let rounding = line(&plan, "P1", 2020).trace.steps[0].rounding.as_ref().unwrap();
    assert_eq!(
        rounding.before,
        "85070591730234615847396907784232501249/8507059173023461584739690778423250125000"
    );
}
