//! How often the generated inputs meet each rule: a property that is never reached proves nothing.

use std::collections::BTreeMap;

use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use tildel_allocation::{LineState, Plan, PlanInput, plan};

use crate::generator::{Scale, config, inputs};

/// What a case met, by name.
fn met(input: &PlanInput, plan: &Plan) -> Vec<String> {
    let model = &input.models[0];
    let text = |value: serde_json::Value| value.as_str().unwrap().to_owned();
    let name = |kind: &str, value: &dyn Fn() -> serde_json::Value| format!("{kind} {}", text(value()));
    let waiting = !plan.waiting.is_empty() || plan.lines.iter().any(|line| line.admitted);
    let together = plan.years.iter().any(|year| year.factor.is_some());
    let mut met = vec![name("fit", &|| serde_json::to_value(model.fit).unwrap())];
    let mut when = |holds: bool, name: String| {
        if holds {
            met.push(name);
        }
    };
    when(waiting, name("rule", &|| serde_json::to_value(model.admission.rule).unwrap()));
    when(together, "rounded together".to_owned());
    when(together, name("together", &|| serde_json::to_value(model.rounding).unwrap()));
    let any = |holds: &dyn Fn(&tildel_allocation::PlanLine) -> bool| plan.lines.iter().any(holds);
    when(any(&|line| line.admitted), "admitted".to_owned());
    when(!plan.waiting.is_empty(), "not admitted".to_owned());
    when(any(&|line| line.adjust.is_some()), "settled".to_owned());
    when(any(&|line| line.set_aside.is_some()), "set aside".to_owned());
    when(any(&|line| line.state == LineState::Decided), "decided".to_owned());
    when(any(&|line| line.conditional), "conditional".to_owned());
    when(any(&|line| line.amount.is_none()), "gap".to_owned());
    when(any(&|line| line.instalments.len() > 1), "instalments".to_owned());
    when(any(&|line| line.overpaid.is_some()), "overpaid".to_owned());
    when(any(&|line| line.recipients.len() > 1), "several recipients".to_owned());
    let limited = |name: &'static str| {
        plan.lines.iter().any(|line| {
            let fit = line.trace.steps.first();
            fit.and_then(|fit| fit.steps.first()).is_some_and(|entitlement| entitlement.input(name).is_some())
        })
    };
    when(limited("low"), "floor".to_owned());
    when(limited("high"), "cap".to_owned());
    when(plan.years.iter().any(|year| year.carried_out.is_some()), "carried over".to_owned());
    when(plan.years.iter().any(|year| year.shortfall.is_some()), "shortfall".to_owned());
    when(plan.years.iter().any(|year| !year.ties.is_empty()), "tie".to_owned());
    when(plan.years.iter().any(|year| !year.accounts.is_empty()), "accounts".to_owned());
    let parties = |input: &PlanInput, line: &tildel_allocation::PlanLine| {
        let project = input.projects.iter().find(|project| project.id == line.project).unwrap();
        project.parties().map(str::to_owned).collect::<Vec<_>>()
    };
    let succeeded = |line: &tildel_allocation::PlanLine| {
        line.recipients.iter().any(|recipient| !parties(input, line).contains(&recipient.organisation))
    };
    when(any(&succeeded), "successor".to_owned());
    for flag in plan.lines.iter().flat_map(|line| &line.flags) {
        met.push(format!("flag {}", text(serde_json::to_value(flag.code).unwrap())));
    }
    met.sort_unstable();
    met.dedup();
    met
}

#[test]
fn the_generated_inputs_reach_every_rule() {
    let cases = 2_000_u32;
    let mut runner = TestRunner::new(config(cases));
    let strategy = inputs(Scale::Small);
    let mut counts: BTreeMap<String, u32> = BTreeMap::new();
    for _ in 0..cases {
        let input = strategy.new_tree(&mut runner).unwrap().current();
        if let Ok(plan) = plan(&input) {
            *counts.entry("computed".to_owned()).or_default() += 1;
            for name in met(&input, &plan) {
                *counts.entry(name).or_default() += 1;
            }
        }
    }
    println!("{counts:#?}");
    let at_least = |per_mille: u32, names: &[&str]| {
        for name in names {
            let count = counts.get(*name).copied().unwrap_or(0);
            assert!(count * 1000 >= cases * per_mille, "{name}: {count} of {cases}");
        }
    };
    at_least(850, &["computed"]);
    at_least(
        50,
        &[
            "fit entitlement",
            "fit scale_rate",
            "fit scale_all",
            "fit by_priority",
            "fit exhaust",
            "rule list",
            "rule reserved_share",
            "rule least_served",
            "rule perpetual_quota",
            "rule perpetual_consensus",
            "rule accounts",
            "rounded together",
            "admitted",
            "not admitted",
            "settled",
            "set aside",
            "decided",
            "conditional",
            "gap",
            "instalments",
            "several recipients",
            "floor",
            "cap",
            "carried over",
            "shortfall",
            "accounts",
            "successor",
            "flag predecessor_counts",
            "flag withheld_assumed",
            "flag renewal_pending",
            "flag practice_headcount",
        ],
    );
    at_least(
        10,
        &[
            "together largest_remainder",
            "together sainte_lague",
            "together modified_sainte_lague",
            "together dhondt",
            "together adams",
            "together huntington_hill",
            "together dean",
            "together nearest",
            "overpaid",
            "flag limits_crossed",
            "flag frame_exhausted",
            "flag headcount_unknown",
        ],
    );
    at_least(3, &["tie", "flag headcount_conflict", "flag by_completion"]);
}

#[test]
fn extreme_inputs_are_computed_and_refused() {
    let cases = 1_000_u32;
    let mut runner = TestRunner::new(config(cases));
    let strategy = inputs(Scale::Extreme);
    let computed =
        (0..cases).filter(|_| plan(&strategy.new_tree(&mut runner).unwrap().current()).is_ok()).count();
    println!("{computed} of {cases} were computed");
    assert!((100..=900).contains(&computed), "{computed} of {cases}");
}
