//! The negative controls of the properties: each check finds what is spoilt.

use tildel_allocation::model::Fit;
use tildel_allocation::{Nok, Plan, PlanInput, plan};

use crate::checks;
use crate::properties::part_before;

type Spoil = fn(&mut Plan);

/// A plan in which all checks have something to find: settled, rounded together, in parts, with accounts.
pub(crate) fn checked() -> (PlanInput, Plan) {
    use crate::fixture::{ceased, decided, frame, org, running, share, waiting, with_partners};
    let mut model = crate::fixture::base_and_rate("100", "10");
    model.fit = Fit::Exhaust;
    model.settlement = tildel_allocation::model::Settlement::Next;
    model.admission.rule = tildel_allocation::model::AdmissionRule::Accounts;
    model.caps = crate::fixture::of_project("900");
    model.floors = crate::fixture::of_project("110");
    model.carry_over = share("1");
    model.provider_share = share("1/3");
    model.instalments = ["1/3", "2/3"]
        .map(|text| tildel_allocation::model::InstalmentShare { date: None, share: share(text) })
        .to_vec();
    let projects = vec![
        decided(running("P0", "a", 2020..=2021), 2020, "150"),
        with_partners(running("P1", "b", 2020..=2021), &["a"]),
        waiting("P2", 1, "c", 2021..=2021),
    ];
    let organisations = vec![
        org("a", "10"),
        ceased(org("b", "30"), "2021-01-01", &[("a", "1/3"), ("c", "2/3")]),
        org("c", "20"),
    ];
    let input = crate::fixture::input(
        2020..=2021,
        model,
        vec![frame(2020, "777"), frame(2021, "2001")],
        organisations,
        projects,
    );
    let plan = plan(&input).unwrap();
    (input, plan)
}

#[test]
fn each_check_finds_what_is_spoilt() {
    let (input, plan) = checked();
    assert_eq!(checks::all(&input, &plan), Ok(()));
    let spoils: [(&str, Spoil); 13] = [
        ("a recipient", |plan| plan.lines[2].recipients[0].amount = Nok::from_ore(1)),
        ("the order of recipients", |plan| plan.lines[3].recipients.reverse()),
        ("an instalment", |plan| plan.lines[2].instalments[0].amount = Nok::from_ore(1)),
        ("the provider", |plan| plan.lines[2].provider = Some(Nok::from_ore(1))),
        ("the adjustment", |plan| plan.lines[1].adjust = None),
        ("the difference", |plan| plan.lines[0].difference = Some(Nok::from_ore(1))),
        ("a fitted amount", |plan| {
            plan.lines[3].fitted = Some(Nok::from_ore(100));
            plan.lines[3].adjust =
                Some(plan.lines[3].amount.unwrap().checked_sub(Nok::from_ore(100)).unwrap());
        }),
        ("the total", |plan| plan.years[1].total = Nok::from_ore(1)),
        ("what is left", |plan| plan.years[0].left = Some(Nok::from_ore(1))),
        ("what is carried", |plan| plan.years[1].carried_in = Some(Nok::from_ore(1))),
        ("a part of an account", |plan| plan.years[1].accounts[0].part = Nok::from_ore(1)),
        ("what an account kept", |plan| {
            let account = &mut plan.years[1].accounts[0];
            account.carried_in = account.carried_in.checked_add(Nok::from_ore(1)).unwrap();
            account.returned = account.returned.checked_add(Nok::from_ore(1)).unwrap();
        }),
        ("what is uncovered", |plan| plan.years[0].uncovered = Some(Nok::from_ore(1))),
    ];
    for (what, spoil) in spoils {
        let mut changed = plan.clone();
        spoil(&mut changed);
        assert_ne!(changed, plan, "{what}");
        assert!(checks::all(&input, &changed).is_err(), "{what}");
    }
    // Rounded together, but not to what there was: a krone more for a line and the total.
    let mut changed = plan.clone();
    let line = changed.lines.iter_mut().find(|line| line.reference == "P2").unwrap();
    line.fitted = Some(line.fitted.unwrap().checked_add(Nok::from_ore(100)).unwrap());
    let year = changed.years[1].clone();
    assert!(year.factor.is_some());
    assert!(checks::year_adds_up(&input, &changed, &year).is_err());
    // A gap without a flag.
    let mut changed = plan;
    changed.lines[0].amount = None;
    assert!(checks::parts_add_up(&changed.lines[0]).is_err());
}

#[test]
fn a_later_change_does_move_later_years() {
    let (input, before) = checked();
    let mut changed = input.clone();
    changed.frames[1].amount = Some(crate::fixture::kr(3_500));
    let after = plan(&changed).unwrap();
    assert_eq!(part_before(before.clone(), 2021), part_before(after.clone(), 2021));
    assert_ne!(part_before(before, 2022), part_before(after, 2022));
}
