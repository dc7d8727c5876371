//! Arbitrary funding models, as part of arbitrary inputs.

use proptest::collection::vec;
use proptest::option::{of, weighted};
use proptest::prelude::*;
use proptest::sample::select;
use tildel_allocation::model::{
    Admission, AdmissionRule, Band, BasePer, Completion, Component, CountFilter, Divide, Fit,
    InstalmentShare, Limits, LumpPer, OnShortage, PayTo, Rate, Renewal, Rounding, Settlement,
};
use tildel_allocation::{FundingModel, Measure, Nok, Quantity, Share, UnitKind};

use crate::fixture::{model, share};
use crate::generator::{Scale, amount, date, ownership};

fn filter() -> impl Strategy<Value = CountFilter> {
    (select(vec![UnitKind::PrimarySchool, UnitKind::Kindergarten]), ownership())
        .prop_map(|(unit_kind, ownership)| CountFilter { unit_kind, measure: Measure::ManYears, ownership })
}

fn component(scale: Scale) -> impl Strategy<Value = Component> {
    let named = |kind: &str| (kind.to_owned(), None::<String>);
    let per = select(vec![BasePer::Project, BasePer::Partner, BasePer::Municipality]);
    let base = (per, amount(scale, 200)).prop_map(move |(per, amount)| {
        let (id, legal_basis) = named("base");
        Component::Base { id, legal_basis, per, amount }
    });
    let rates =
        (amount(scale, 20), weighted(0.4, (date(), amount(scale, 20)))).prop_map(|(first, second)| {
            let first = Rate { from: None, rate: first };
            std::iter::once(first)
                .chain(second.map(|(from, rate)| Rate { from: Some(from), rate }))
                .collect::<Vec<_>>()
        });
    let per_head = (rates, filter()).prop_map(move |(rates, filter)| {
        let (id, legal_basis) = named("per-head");
        Component::PerHead { id, legal_basis, rates, count: vec![filter] }
    });
    let bands = (amount(scale, 100), amount(scale, 5), amount(scale, 300)).prop_map(|(low, rate, high)| {
        let from = |whole| Quantity::from_whole(whole);
        vec![
            Band { from: from(1), amount: low, rate },
            Band { from: from(17), amount: high, rate: Nok::ZERO },
        ]
    });
    let lump = (select(vec![LumpPer::Project, LumpPer::Partner]), bands, filter()).prop_map(
        move |(per, bands, filter)| {
            let (id, legal_basis) = named("lump");
            Component::Lump { id, legal_basis, per, bands, count: vec![filter] }
        },
    );
    let divide = select(vec![Divide::Equal, Divide::ByEntitlement]);
    let set_aside = (some_share(), divide).prop_map(move |(share, divide)| {
        let (id, legal_basis) = named("theme");
        Component::Share { id, legal_basis, purpose: "theme".to_owned(), share, divide }
    });
    prop_oneof![2 => base, 4 => per_head, 1 => lump, 2 => set_aside]
}

/// Shares below the whole, some of them awkward.
fn some_share() -> impl Strategy<Value = Share> {
    select(vec!["0", "1/10", "1/4", "1/3", "3/7", "58.33333%"]).prop_map(share)
}

fn limits(scale: Scale, least: i64, most: i64) -> impl Strategy<Value = Option<Limits>> {
    let limit = move |probability, most: i64| {
        weighted(
            probability,
            amount(scale, most).prop_map(move |nok| Nok::from_ore(nok.ore().max(least * 100))),
        )
    };
    let limits = (limit(0.6, most), limit(0.3, most / 20), limit(0.3, most));
    weighted(
        0.4,
        limits.prop_map(|(project, per_head, municipality)| Limits { project, per_head, municipality }),
    )
}

fn arbitrary_admission(fit: Fit) -> impl Strategy<Value = Admission> {
    let rules = select(vec![
        AdmissionRule::List,
        AdmissionRule::ReservedShare,
        AdmissionRule::LeastServed,
        AdmissionRule::PerpetualQuota,
        AdmissionRule::PerpetualConsensus,
        AdmissionRule::Accounts,
        AdmissionRule::Accounts,
    ]);
    let shortages = if fit == Fit::ByPriority {
        vec![OnShortage::Stop, OnShortage::Skip, OnShortage::Partial]
    } else {
        vec![OnShortage::Stop, OnShortage::Skip]
    };
    (rules, select(shortages), weighted(0.2, some_share()), of(some_share()), any::<bool>()).prop_map(
        |(rule, on_shortage, commit_ceiling, cap, completes)| {
            let accounts = rule == AdmissionRule::Accounts;
            Admission {
                rule,
                on_shortage,
                commit_ceiling,
                account_cap: cap.filter(|_| accounts),
                completion: (accounts && completes).then_some(Completion::List),
            }
        },
    )
}

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

/// Models that hold in all of the horizon.
pub(crate) fn models(scale: Scale) -> impl Strategy<Value = FundingModel> {
    let fits = vec![Fit::Entitlement, Fit::ScaleRate, Fit::ScaleAll, Fit::ByPriority, Fit::Exhaust];
    let ways = select(fits).prop_flat_map(|fit| (Just(fit), arbitrary_admission(fit)));
    let units = select(vec![1, 100, 100, 1000, 10_000]);
    let settlement = select(vec![
        Settlement::None,
        Settlement::Next,
        Settlement::Next,
        Settlement::Spread,
        Settlement::Spread,
    ]);
    let profile = select(vec![vec![], vec!["1"], vec!["7/12", "5/12"], vec!["1/3", "1/3", "0", "1/3"]]);
    let flags = (any::<bool>(), any::<bool>(), any::<bool>(), of(select(vec!["00", "c0ffee"])));
    let components = vec(component(scale), 1..5);
    let limits = (limits(scale, 0, 150), limits(scale, 1, 400));
    let shares = (some_share(), some_share(), some_share());
    (components, ways, units, select(&ROUNDINGS[..]), settlement, profile, flags, limits, shares).prop_map(
        |(
            components,
            (fit, admission),
            unit,
            rounding,
            settlement,
            profile,
            flags,
            (floors, caps),
            shares,
        )| {
            let (split_year, renewal, parties, seed) = flags;
            let mut made = model(components);
            for (component, place) in made.components.iter_mut().zip(0..) {
                rename(component, place);
            }
            if admission.rule == AdmissionRule::ReservedShare {
                made.components.push(crate::fixture::set_aside("newcomers", "1/3", Divide::Equal));
            }
            made.floors = floors;
            made.caps = caps;
            cross_not(&mut made);
            FundingModel {
                fit,
                admission,
                unit: Nok::from_ore(unit),
                rounding,
                settlement,
                instalments: profile
                    .into_iter()
                    .map(|text| InstalmentShare { date: None, share: share(text) })
                    .collect(),
                split_year,
                renewal: renewal.then_some(Renewal::Required),
                pay_to: if parties { PayTo::Parties } else { PayTo::Lead },
                tie_seed: seed.map(str::to_owned),
                carry_over: shares.0,
                own_contribution: shares.1,
                provider_share: shares.2,
                ..made
            }
        },
    )
}

/// Each component has a name of its own, and shares are small enough that four of them are not the whole frame.
fn rename(component: &mut Component, place: usize) {
    match component {
        Component::Base { id, .. } | Component::PerHead { id, .. } | Component::Lump { id, .. } => {
            *id = format!("{id}-{place}");
        }
        Component::Share { id, share: part, .. } => {
            *id = format!("{id}-{place}");
            if part.exact() > share("1/10").exact() {
                *part = share("1/10");
            }
        }
    }
}

/// Floors do not lie above caps of their own kind.
fn cross_not(model: &mut FundingModel) {
    if let (Some(floors), Some(caps)) = (&mut model.floors, &model.caps) {
        let lower = |floor: &mut Option<Nok>, cap: Option<Nok>| {
            if let (Some(floor), Some(cap)) = (floor, cap) {
                *floor = cap.min(*floor);
            }
        };
        lower(&mut floors.project, caps.project);
        lower(&mut floors.per_head, caps.per_head);
        lower(&mut floors.municipality, caps.municipality);
    }
}
