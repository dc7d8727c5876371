//! What must hold of every plan. Each check has a negative control in `properties.rs`.

use tildel_allocation::model::{Fit, Rounding};
use tildel_allocation::{Exact, LineState, Nok, Plan, PlanInput, PlanLine, StepKind, YearTotal};

type Checked = Result<(), String>;

fn must(holds: bool, what: impl FnOnce() -> String) -> Checked {
    if holds { Ok(()) } else { Err(what()) }
}

fn ore(amount: Option<Nok>) -> i128 {
    amount.map_or(0, |amount| i128::from(amount.ore()))
}

pub(crate) fn lines_of(plan: &Plan, year: i16) -> impl Iterator<Item = &PlanLine> {
    plan.lines.iter().filter(move |line| line.year == year)
}

/// The parts of a line add up to its amount, and a missing amount has a reason.
pub(crate) fn parts_add_up(line: &PlanLine) -> Checked {
    let at = |what: &str| format!("{} {}: {what}", line.reference, line.year);
    let Some(amount) = line.amount else {
        return must(!line.flags.is_empty(), || at("a gap without a reason"));
    };
    let whole = i128::from(amount.ore());
    must(whole >= 0, || at("an amount below zero"))?;
    if line.trace.rule.is_some() {
        let received: i128 = line.recipients.iter().map(|recipient| i128::from(recipient.amount.ore())).sum();
        must(received == whole, || at(&format!("recipients have {received} of {whole}")))?;
        must(line.recipients.iter().all(|recipient| recipient.amount > Nok::ZERO), || {
            at("a recipient of nothing")
        })?;
        let numbers: Vec<_> = line.recipients.iter().map(|recipient| &recipient.organisation).collect();
        must(numbers.is_sorted_by(|left, right| left < right), || at("recipients are not sorted"))?;
    }
    if !line.instalments.is_empty() {
        let paid: i128 = line.instalments.iter().map(|instalment| i128::from(instalment.amount.ore())).sum();
        must(paid + ore(line.unpaid) - ore(line.overpaid) == whole, || at("instalments do not add up"))?;
    }
    if let (Some(provider), Some(owner)) = (line.provider, line.owner) {
        must(ore(Some(provider)) + ore(Some(owner)) == whole, || at("provider and owner do not add up"))?;
    }
    if line.state != LineState::Decided && line.fitted.is_some() {
        let sum = ore(line.fitted) + ore(line.set_aside) + ore(line.adjust);
        must(whole == sum.max(0), || at("fitted, set aside and adjust do not add up"))?;
    }
    match (line.computed, line.difference) {
        (Some(computed), Some(difference)) => {
            must(ore(Some(computed)) - whole == ore(Some(difference)), || at("the difference is wrong"))
        }
        (None, None) => Ok(()),
        _ => Err(at("computed and difference go together")),
    }
}

/// The lines of a year add up to its total, and what was rounded together adds up to what there was.
pub(crate) fn year_adds_up(input: &PlanInput, plan: &Plan, year: &YearTotal) -> Checked {
    let at = |what: &str| format!("{}: {what}", year.year);
    let lines: Vec<&PlanLine> = lines_of(plan, year.year).collect();
    let total: i128 = lines.iter().map(|line| ore(line.amount)).sum();
    must(total == ore(Some(year.total)), || at("the total is not the sum of its lines"))?;
    must(lines.len() == year.lines as usize, || at("the number of lines"))?;
    let gaps = lines.iter().filter(|line| line.amount.is_none()).count();
    must(gaps == year.lines_without_amount as usize, || at("the number of gaps"))?;
    if let Some(given) = year.given {
        must(ore(year.frame) + ore(year.carried_in) == ore(Some(given)), || at("given"))?;
        must(ore(Some(given)) - total == ore(year.left) - ore(year.shortfall), || at("left and shortfall"))?;
        must(year.left.is_none() || year.shortfall.is_none(), || at("both left and shortfall"))?;
        must(ore(year.left) == ore(year.carried_out) + ore(year.lapsed), || at("carried out and lapsed"))?;
    }
    if year.factor.is_some() {
        let unit = i128::from(input.models[0].unit.ore());
        let open: Vec<&&PlanLine> = lines.iter().filter(|line| line.state != LineState::Decided).collect();
        let decided: i128 =
            lines.iter().filter(|line| line.state == LineState::Decided).map(|line| ore(line.amount)).sum();
        let taken: i128 = open.iter().map(|line| ore(line.adjust) + ore(line.set_aside)).sum();
        let available = ore(year.given) - decided - taken;
        let fitted: i128 = open.iter().map(|line| ore(line.fitted)).sum();
        let target = available.div_euclid(unit) * unit;
        must(fitted == target, || at(&format!("rounded together are {fitted}, not {target}")))?;
        let whole = open.iter().all(|line| ore(line.fitted) % unit == 0);
        must(whole, || at("a fitted amount that is no whole number of units"))?;
    }
    Ok(())
}

/// Money and accounts go from year to year as they should.
pub(crate) fn years_follow(input: &PlanInput, plan: &Plan) -> Checked {
    for pair in plan.years.windows(2) {
        let carried = if pair[0].given.is_some() { pair[0].carried_out } else { None };
        must(pair[1].carried_in == carried, || format!("{}: carried in", pair[1].year))?;
    }
    let mut kept = std::collections::BTreeMap::new();
    for year in plan.years.iter().filter(|year| !year.accounts.is_empty()) {
        let at = |what: &str| format!("{}: {what}", year.year);
        let sum = |of: fn(&tildel_allocation::Account) -> Nok| -> i128 {
            year.accounts.iter().map(|account| i128::from(of(account).ore())).sum()
        };
        must(sum(|account| account.part) == ore(year.frame), || at("parts do not add up to the frame"))?;
        for account in &year.accounts {
            let amounts =
                [account.part, account.carried_in, account.spent, account.carried_out, account.returned];
            must(amounts.iter().all(|amount| *amount >= Nok::ZERO), || at("an account below zero"))?;
            let [part, carried_in, spent, carried_out, returned] =
                amounts.map(|amount| i128::from(amount.ore()));
            must(part + carried_in == spent + carried_out + returned, || at("an account does not balance"))?;
            let before = kept.insert(account.organisation.clone(), account.carried_out).unwrap_or(Nok::ZERO);
            must(account.carried_in == before, || at("an account forgot what it kept"))?;
        }
        let taken: i128 = lines_of(plan, year.year).map(|line| takes(input, line)).sum();
        let spent = sum(|account| account.spent) + ore(year.uncovered);
        must(spent == taken, || at(&format!("accounts spent {spent} of {taken}")))?;
    }
    Ok(())
}

/// What a project takes from accounts: what was decided, else its cost; nothing while it is not known.
fn takes(input: &PlanInput, line: &PlanLine) -> i128 {
    if line.state == LineState::Decided {
        return ore(line.amount);
    }
    let within = line.trace.steps[0].steps[0].result.as_ref();
    within.map_or(0, |within| {
        let exact: Exact = within.parse().unwrap();
        i128::from(exact.nearest(input.models[0].unit).unwrap().ore())
    })
}

/// A fitted amount lies between its floor and its cap, unless the money ended, or it is the one that takes the
/// remainder of rounding to the nearest, which has no bounds (section 8).
pub(crate) fn within_limits(input: &PlanInput, plan: &Plan, line: &PlanLine) -> Checked {
    let Some(fitted) = line.fitted else { return Ok(()) };
    let model = &input.models[0];
    let year = plan.years.iter().find(|year| year.year == line.year).unwrap();
    let remainder = model.rounding == Rounding::Nearest && year.factor.is_some();
    let entitlement = &line.trace.steps[0].steps[0];
    assert_eq!(entitlement.step, StepKind::Entitlement);
    let limit = |name: &str| entitlement.input(name).map(|text| text.parse::<Nok>().unwrap());
    let low = limit("low").filter(|_| model.fit != Fit::ByPriority).unwrap_or(Nok::ZERO);
    let high = limit("high").unwrap_or(Nok::from_ore(i64::MAX));
    must(remainder || (low <= fitted && fitted <= high), || {
        format!("{} {}: {fitted} is not within {low} and {high}", line.reference, line.year)
    })
}

/// All of the above.
pub(crate) fn all(input: &PlanInput, plan: &Plan) -> Checked {
    for line in &plan.lines {
        parts_add_up(line)?;
        within_limits(input, plan, line)?;
    }
    for year in &plan.years {
        year_adds_up(input, plan, year)?;
    }
    years_follow(input, plan)
}
