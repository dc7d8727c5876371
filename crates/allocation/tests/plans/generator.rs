//! Arbitrary inputs that reach every rule: see `reach.rs` for how often.

use std::hash::{BuildHasher, Hasher, RandomState};

use jiff::civil::Date;
use proptest::collection::vec;
use proptest::option::{of, weighted};
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::RngSeed;
use tildel_allocation::{
    CountedUnit, FrameInput, FrameStatus, Headcount, HeadcountRecord, Measure, Nok, OrganisationInput,
    Ownership, PlanInput, ProjectInput, ProjectStatus, PromiseState, PromisedYear, Quantity, RenewalInput,
    RenewalOutcome, ServedYear, SuccessorInput, UnitKind,
};

use crate::fixture::share;
use crate::generated_models::models;

/// The first year of every horizon.
pub(crate) const FIRST: i16 = 2020;
const ORGANISATIONS: usize = 6;

/// So many cases, from a seed that is printed; `TILDEL_TEST_SEED` repeats it.
pub(crate) fn config(cases: u32) -> ProptestConfig {
    let seed = match std::env::var_os("TILDEL_TEST_SEED") {
        Some(text) => text.to_str().unwrap().parse().expect("TILDEL_TEST_SEED is a whole number"),
        None => RandomState::new().build_hasher().finish(),
    };
    println!("random seed {seed} (set TILDEL_TEST_SEED={seed} to repeat)");
    ProptestConfig {
        cases,
        rng_seed: RngSeed::Fixed(seed),
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

/// How large numbers are: amounts that meet each other and the frames, or anything up to the largest.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Scale {
    Small,
    Extreme,
}

/// Amounts of at least zero; `most` kroner on the small scale.
pub(crate) fn amount(scale: Scale, most: i64) -> BoxedStrategy<Nok> {
    let small = prop_oneof![
        4 => (0..=most / 10).prop_map(|tens| tens * 1000),
        2 => (0..=most).prop_map(|kroner| kroner * 100),
        1 => 0..=most * 100,
    ];
    match scale {
        Scale::Small => small.prop_map(Nok::from_ore).boxed(),
        Scale::Extreme => prop_oneof![
            2 => small,
            1 => select(vec![i64::MAX, i64::MAX - 1, i64::MAX / 100 * 100, i64::MAX / 2, 1_i64 << 53, 1]),
            1 => 0..=i64::MAX,
        ]
        .prop_map(Nok::from_ore)
        .boxed(),
    }
}

fn quantity(scale: Scale) -> BoxedStrategy<Quantity> {
    // Few different counts, so that projects weigh the same and ties are met.
    let small = prop_oneof![4 => select(vec![0, 10_000, 20_000]), 2 => (0_i64..40).prop_map(|whole| whole * 1000), 1 => 0_i64..40_000];
    match scale {
        Scale::Small => small.prop_map(|milli| Quantity::from_milli(milli).unwrap()).boxed(),
        Scale::Extreme => {
            prop_oneof![2 => small, 1 => select(vec![i64::MAX, i64::MAX / 1000 * 1000, 1]), 1 => 0..=i64::MAX]
                .prop_map(|milli| Quantity::from_milli(milli).unwrap())
                .boxed()
        }
    }
}

pub(crate) fn ownership() -> impl Strategy<Value = Option<Ownership>> {
    prop_oneof![3 => Just(None), 1 => Just(Some(Ownership::Public)), 1 => Just(Some(Ownership::Private))]
}

/// A date in or about the horizon, mostly before it.
pub(crate) fn date() -> impl Strategy<Value = Date> {
    let year = prop_oneof![4 => Just(2019_i16), 1 => FIRST..FIRST + 3];
    (year, select(vec![1_i8, 2, 7, 10, 12]), select(vec![1_i8, 15, 28]))
        .prop_map(|(year, month, day)| Date::constant(year, month, day))
}

fn headcount(scale: Scale) -> impl Strategy<Value = HeadcountRecord> {
    let value = prop_oneof![
        24 => quantity(scale).prop_map(Headcount::Known),
        3 => Just(Headcount::Withheld),
        2 => Just(Headcount::NoneRegistered),
        1 => Just(Headcount::Unknown),
    ];
    let owner = prop_oneof![6 => Just(None), 1 => ownership()];
    (
        select(vec![UnitKind::PrimarySchool, UnitKind::Kindergarten]),
        owner,
        date(),
        value,
        "[ab]",
        weighted_bool(),
        weighted(0.2, "[uv]".prop_map(|number| CountedUnit { name: number.clone(), number })),
    )
        .prop_map(|(unit_kind, ownership, date, value, source, practice, unit)| HeadcountRecord {
            unit_kind,
            measure: Measure::ManYears,
            ownership,
            date,
            value,
            source,
            practice,
            unit,
        })
}

fn weighted_bool() -> impl Strategy<Value = bool> {
    prop::bool::weighted(0.1)
}

/// Counts of both kinds and of each ownership at the start, and some more; one in four ceases, to later ones.
fn organisation(scale: Scale, place: usize) -> impl Strategy<Value = OrganisationInput> {
    let first = vec(quantity(scale), 6);
    let fate = weighted(0.25, (date(), vec(place + 1..ORGANISATIONS + 1, 1..3)));
    (first, vec(headcount(scale), 0..5), prop::bool::weighted(0.96), 0..3_u8, fate).prop_map(
        move |(first, more, known, municipality, fate)| {
            let owners = [None, Some(Ownership::Public), Some(Ownership::Private)];
            let kinds = [UnitKind::PrimarySchool, UnitKind::Kindergarten];
            let pairs = kinds.into_iter().flat_map(|kind| owners.map(|owner| (kind, owner)));
            let first = pairs.zip(first).map(|((unit_kind, ownership), count)| HeadcountRecord {
                unit_kind,
                ownership,
                ..crate::fixture::record("2018-10-01", Headcount::Known(count))
            });
            let (ceased, to) = fate.unzip();
            OrganisationInput {
                municipality: Some(format!("M{municipality}")),
                ceased,
                successors: successors(to.unwrap_or_default()),
                headcounts: if known { first.chain(more).collect() } else { more },
                ..crate::fixture::org(&number(place), "0")
            }
        },
    )
}

pub(crate) fn number(place: usize) -> String {
    format!("org-{place}")
}

fn successors(mut places: Vec<usize>) -> Vec<SuccessorInput> {
    places.sort_unstable();
    places.dedup();
    let parts: &[&str] = if places.len() == 2 { &["3/7", "4/7"] } else { &["1"] };
    let successor =
        |(place, part): (usize, &&str)| SuccessorInput { organisation: number(place), share: share(part) };
    places.into_iter().zip(parts).map(successor).collect()
}

fn project(scale: Scale, place: usize) -> impl Strategy<Value = ProjectInput> {
    let span = (-2_i16..2, 0_i16..5);
    let status = select(vec![ProjectStatus::Running, ProjectStatus::Waiting]);
    let others = proptest::sample::subsequence((0..ORGANISATIONS).collect::<Vec<_>>(), 1..4);
    let tags = proptest::sample::subsequence(vec!["theme", "remainder"], 0..3);
    let renewal = (FIRST..FIRST + 4, prop::bool::weighted(0.3));
    let promise =
        (FIRST..FIRST + 3, prop::bool::weighted(0.6), amount(scale, 150), vec(amount(scale, 60), 0..2));
    let later = (vec(renewal, 0..2), vec(promise, 0..3));
    (span, status, of(0_u32..3), others, 0..3_usize, tags, later).prop_map(
        move |((from, more), status, priority, others, partners, tags, (renewals, promises))| {
            let (lead, rest) = others.split_first().unwrap();
            let texts = |places: &[usize]| places.iter().map(|place| number(*place)).collect::<Vec<_>>();
            let partners = partners.min(rest.len());
            let first_year = FIRST + from;
            let mut made = ProjectInput {
                status,
                priority,
                partners: texts(&rest[..partners]),
                supporters: texts(&rest[partners..]),
                tags: tags.into_iter().map(str::to_owned).collect(),
                ..crate::fixture::running(
                    &format!("P{place}"),
                    &number(*lead),
                    first_year..=first_year + more,
                )
            };
            for (year, stops) in renewals {
                let outcome = if stops { RenewalOutcome::Stopped } else { RenewalOutcome::Renewed };
                made.renewals.push(RenewalInput { year, outcome });
            }
            for (year, decided, amount, paid) in promises {
                let state = if decided { PromiseState::Decided } else { PromiseState::PreNotified };
                made.years.push(PromisedYear { year, state, amount, run: None, decision: None, paid });
            }
            made
        },
    )
}

fn frame(scale: Scale, year: i16) -> impl Strategy<Value = Vec<FrameInput>> {
    let status = select(vec![FrameStatus::Decided, FrameStatus::Expected]);
    let money = weighted(0.95, amount(scale, 900).prop_map(|nok| Nok::from_ore(nok.ore().max(20_000))));
    vec((status, money, weighted(0.3, 1_u32..6)), 0..=1).prop_map(move |frames| {
        let made = |(status, amount, places)| FrameInput { year, status, amount, places };
        frames.into_iter().map(made).collect()
    })
}

/// Inputs of one to three years, up to five projects and six organisations with a seventh that comes after all.
pub(crate) fn inputs(scale: Scale) -> impl Strategy<Value = PlanInput> {
    let organisations: Vec<_> = (0..ORGANISATIONS).map(|place| organisation(scale, place)).collect();
    let projects = (1_usize..6)
        .prop_flat_map(move |count| (0..count).map(|place| project(scale, place)).collect::<Vec<_>>());
    let history = vec((0..ORGANISATIONS, 2015..FIRST), 0..3);
    let frames: Vec<_> = (FIRST..FIRST + 3).map(|year| prop_oneof![1 => frame(scale, year), 5 => frame(scale, year).prop_filter("a frame", |frames| !frames.is_empty())]).collect();
    (models(scale), organisations, projects, frames, weighted(0.2, amount(scale, 300)), history, 0_i16..3)
        .prop_map(|(model, mut organisations, projects, frames, carried_in, history, more)| {
            organisations.push(crate::fixture::org(&number(ORGANISATIONS), "5"));
            let history =
                history.into_iter().map(|(place, year)| ServedYear { organisation: number(place), year });
            let mut made =
                crate::fixture::input(FIRST..=FIRST + more, model, frames.concat(), organisations, projects);
            made.carried_in = carried_in;
            made.history = history.collect();
            tidy(&mut made);
            made
        })
}

/// Takes out what an input must not have twice.
fn tidy(input: &mut PlanInput) {
    let parts = input.models[0].instalments.len();
    for project in &mut input.projects {
        project.renewals.sort_unstable();
        project.renewals.dedup_by_key(|renewal| renewal.year);
        project.years.sort_unstable();
        project.years.dedup_by_key(|promised| promised.year);
        for promised in &mut project.years {
            if parts > 0 {
                promised.paid.truncate(parts);
            }
        }
    }
}
