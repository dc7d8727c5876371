//! Funding models in all their versions.

use tildel_allocation::model::{
    Admission, AdmissionRule, Band, BasePer, Completion, Component, CountFilter, Divide, Fit, FundingModel,
    InstalmentShare, Limits, LumpPer, OnShortage, PayTo, Rate, Renewal, Rounding, Settlement,
};
use tildel_allocation::{Nok, Quantity, Share};

use super::Frame;
use super::organisations::{KINDS, MEASURES, OWNERSHIPS, any_day, day};
use crate::draw::Draw;

const ROUNDINGS: [Rounding; 8] = [
    Rounding::LargestRemainder,
    Rounding::SainteLague,
    Rounding::ModifiedSainteLague,
    Rounding::Dhondt,
    Rounding::Adams,
    Rounding::HuntingtonHill,
    Rounding::Dean,
    Rounding::Nearest,
];
const FITS: [Fit; 5] = [Fit::Entitlement, Fit::ScaleRate, Fit::ScaleAll, Fit::ByPriority, Fit::Exhaust];
const RULES: [AdmissionRule; 6] = [
    AdmissionRule::List,
    AdmissionRule::ReservedShare,
    AdmissionRule::LeastServed,
    AdmissionRule::PerpetualQuota,
    AdmissionRule::PerpetualConsensus,
    AdmissionRule::Accounts,
];
/// The purposes of shares and the tags of projects.
pub(super) const PURPOSES: [&str; 3] = ["small", "coast", "remainder"];

/// One to three versions of a model, which may leave years without one.
pub(super) fn models(draw: &mut Draw, frame: &Frame) -> Vec<FundingModel> {
    let count = draw.one(&[1, 1, 1, 2, 3]);
    (1..=count)
        .map(|version| {
            let (from, to) = if version == 1 && draw.chance(92) {
                (frame.first_year, frame.last_year)
            } else {
                let from = draw.year(frame.first_year, frame.last_year);
                (from, draw.year(from, frame.last_year))
            };
            model(draw, frame, version, from, to)
        })
        .collect()
}

fn model(draw: &mut Draw, frame: &Frame, version: u32, from: i16, to: i16) -> FundingModel {
    let fit = draw.one(&FITS);
    let rule = draw.one(&RULES);
    let mut components = components(draw, frame);
    if rule == AdmissionRule::ReservedShare {
        components.push(share(draw, "newcomers"));
    }
    let (floors, caps) = limits(draw, frame);
    FundingModel {
        key: "øving".to_owned(),
        version,
        valid_from_year: from,
        valid_to_year: to,
        legal_basis: format!("Øvingsmodell § {version}"),
        unit: unit(draw, frame),
        rounding: draw.one(&ROUNDINGS),
        fit,
        components,
        floors,
        caps,
        withheld_assumed: Quantity::from_milli(draw.one(&[1000, 2500, 3000, 4000])).unwrap_or(Quantity::ZERO),
        split_year: draw.chance(25),
        renewal: draw.maybe(20, |_| Renewal::Required),
        admission: admission(draw, rule, fit),
        settlement: draw.one(&[Settlement::None, Settlement::Next, Settlement::Spread]),
        carry_over: draw.one(&["0", "1/20", "1", "1/3"]).parse().unwrap_or(Share::ZERO),
        own_contribution: draw.one(&["3/10", "0", "1/3", "1"]).parse().unwrap_or(Share::ZERO),
        provider_share: draw.one(&["0", "0", "1/2", "2/7"]).parse().unwrap_or(Share::ZERO),
        pay_to: draw.one(&[PayTo::Lead, PayTo::Parties]),
        instalments: instalments(draw),
        tie_seed: draw.maybe(25, Draw::hexadecimal),
    }
}

/// Kroner, tenths, single øre, or coarse units; fine ones where amounts are small.
fn unit(draw: &mut Draw, frame: &Frame) -> Nok {
    let ore = if frame.scale < 1_000 {
        draw.one(&[1, 1, 7, 100])
    } else {
        draw.one(&[100, 100, 100, 1, 50, 100_000, 333])
    };
    Nok::from_ore(ore)
}

fn admission(draw: &mut Draw, rule: AdmissionRule, fit: Fit) -> Admission {
    let shortages: &[OnShortage] = if fit == Fit::ByPriority {
        &[OnShortage::Stop, OnShortage::Skip, OnShortage::Partial]
    } else {
        &[OnShortage::Stop, OnShortage::Skip]
    };
    let is_accounts = rule == AdmissionRule::Accounts;
    let cap = |draw: &mut Draw| draw.one(&["0", "1/2", "1", "1/4"]).parse().unwrap_or(Share::ONE);
    Admission {
        rule,
        on_shortage: draw.one(shortages),
        commit_ceiling: draw.maybe(20, |draw| draw.one(&["1/2", "4/5", "1"]).parse().unwrap_or(Share::ONE)),
        account_cap: if is_accounts { draw.maybe(60, cap) } else { None },
        completion: if is_accounts { draw.maybe(50, |_| Completion::List) } else { None },
    }
}

fn components(draw: &mut Draw, frame: &Frame) -> Vec<Component> {
    let mut components = Vec::new();
    let count = draw.between(1, 4);
    for place in 0..count {
        let id = format!("c{place}");
        let legal_basis = draw.maybe(25, |draw| format!("§ {}", draw.below(9)));
        components.push(match draw.below(if place == 0 { 8 } else { 11 }) {
            0 | 1 => Component::Base {
                id,
                legal_basis,
                per: draw.one(&[BasePer::Project, BasePer::Partner, BasePer::Municipality]),
                amount: frame.money(draw),
            },
            2..=6 => Component::PerHead { id, legal_basis, rates: rates(draw, frame), count: filters(draw) },
            7 | 8 => Component::Lump {
                id,
                legal_basis,
                per: draw.one(&[LumpPer::Project, LumpPer::Partner]),
                bands: bands(draw, frame),
                count: filters(draw),
            },
            _ => share(draw, &id),
        });
    }
    components
}

/// A share: `newcomers`, or one for a purpose where a name of a component is given. Few and small, so that all fit.
fn share(draw: &mut Draw, id: &str) -> Component {
    let is_for_newcomers = id == "newcomers";
    Component::Share {
        id: id.to_owned(),
        legal_basis: None,
        purpose: if is_for_newcomers { id.to_owned() } else { draw.one(&PURPOSES).to_owned() },
        share: draw.one(&["1/10", "1/7", "1/5"]).parse().unwrap_or(Share::ZERO),
        divide: draw.one(&[Divide::Equal, Divide::ByEntitlement]),
    }
}

/// A rate per person, so that some hundred people give about what the scale says.
fn rates(draw: &mut Draw, frame: &Frame) -> Vec<Rate> {
    let rate = |draw: &mut Draw| Nok::from_ore(draw.between(0, frame.scale / 100 + 1));
    let mut rates = vec![Rate { from: None, rate: rate(draw) }];
    if draw.chance(20) {
        rates[0].from = Some(day(draw.year(frame.first_year - 1, frame.last_year), 1, 1));
    }
    for _ in 0..draw.one(&[0, 0, 1, 2]) {
        let from = draw.year(frame.first_year, frame.last_year);
        let from = if draw.chance(50) { day(from, 8, 1) } else { any_day(draw, from) };
        if rates.last().is_some_and(|last| last.from < Some(from)) {
            rates.push(Rate { from: Some(from), rate: rate(draw) });
        }
    }
    rates
}

fn bands(draw: &mut Draw, frame: &Frame) -> Vec<Band> {
    let mut from = draw.one(&[0, 0, 5_000]);
    (0..draw.between(1, 4))
        .map(|_| {
            let band = Band {
                from: Quantity::from_milli(from).unwrap_or(Quantity::ZERO),
                amount: frame.money(draw),
                rate: Nok::from_ore(draw.between(0, frame.scale / 500)),
            };
            from += draw.between(1, 400_000);
            band
        })
        .collect()
}

/// Filters that do not overlap: each kind and measure at most once, or once for each ownership.
fn filters(draw: &mut Draw) -> Vec<CountFilter> {
    let mut filters = Vec::new();
    for unit_kind in KINDS {
        for measure in MEASURES {
            if draw.chance(35) {
                filters.push(CountFilter { unit_kind, measure, ownership: draw.one(&OWNERSHIPS) });
            }
        }
    }
    if filters.is_empty() {
        filters.push(CountFilter { unit_kind: KINDS[1], measure: MEASURES[1], ownership: None });
    }
    if draw.chance(30) {
        filters.reverse();
    }
    filters
}

fn limits(draw: &mut Draw, frame: &Frame) -> (Option<Limits>, Option<Limits>) {
    let of = |draw: &mut Draw, percent: u64, times: i64| {
        let money =
            |draw: &mut Draw, part: i64| Nok::from_ore(draw.between(0, frame.scale / part + 1) * times);
        Limits {
            project: draw.maybe(percent, |draw| money(draw, 2)),
            per_head: draw.maybe(percent / 2, |draw| money(draw, 300)),
            municipality: draw.maybe(percent / 2, |draw| money(draw, 3)),
        }
    };
    let floors = of(draw, 30, 1);
    let mut caps = of(draw, 30, 3);
    for (floor, cap) in [
        (floors.project, &mut caps.project),
        (floors.per_head, &mut caps.per_head),
        (floors.municipality, &mut caps.municipality),
    ] {
        if let (Some(floor), Some(cap)) = (floor, cap.as_mut()) {
            *cap = floor.max(*cap);
        }
    }
    // An empty table is written as one, as an input may have it.
    (draw.maybe(70, |_| floors), draw.maybe(70, |_| caps))
}

fn instalments(draw: &mut Draw) -> Vec<InstalmentShare> {
    let profiles: [&[(&str, &str)]; 5] = [
        &[],
        &[],
        &[("03-15", "7/12"), ("09-15", "5/12")],
        &[("", "1/3"), ("", "1/3"), ("12-01", "1/3")],
        &[("02-28", "0"), ("", "1")],
    ];
    draw.one(&profiles)
        .iter()
        .map(|(date, share)| InstalmentShare {
            date: (!date.is_empty()).then(|| (*date).to_owned()),
            share: share.parse().unwrap_or(Share::ZERO),
        })
        .collect()
}
