//! Histories of rows that nobody would write.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::{Date, date};
use num_rational::BigRational;
use num_traits::One;
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use tildel_registers::klass::{CodeChange, CodeName, KlassCode};
use tildel_registers::municipality::{Finding, History, SplitWeights, StepKind};

use crate::mutant::{random, rounds};

fn named(code: u32) -> CodeName {
    CodeName { code: format!("{code:04}"), name: format!("Place {code}") }
}

/// Any rows among a few numbers and days, so that they meet often.
fn any_rows(random: &mut ChaCha8Rng) -> Vec<CodeChange> {
    let rows = random.random_range(0..40);
    let code =
        |random: &mut ChaCha8Rng| (random.random_range(0..10) > 0).then(|| named(random.random_range(1..9)));
    (0..rows)
        .map(|_| {
            let on = date(1900 + random.random_range(0..8), 1, 1);
            CodeChange { on, old: code(random), new: code(random) }
        })
        .collect()
}

#[test]
fn any_rows_make_a_history_whose_sums_hold() {
    let mut random = random("histories");
    let mut found = BTreeSet::new();
    for round in 0..rounds(4000) {
        let rows = any_rows(&mut random);
        let history = History::builder().changes(rows.clone()).build();
        found.extend(
            history.findings().iter().map(std::mem::discriminant::<Finding>).map(|kind| format!("{kind:?}")),
        );
        for code in history.codes() {
            let lives = history.lives_of(code);
            for id in lives {
                for year in [1899, 1900, 1903, 1907, 1950] {
                    let day = date(year, 6, 1);
                    let resolved = history.resolve(*id, day, &SplitWeights::none());
                    let sum: BigRational =
                        resolved.successors.iter().map(|place| &place.share).sum::<BigRational>()
                            + &resolved.lost;
                    assert_eq!(sum, BigRational::one(), "round {round}, {code} on {day}: {rows:?}");
                    for place in resolved.successors {
                        let life = history.life(place.life);
                        assert!(life.to.is_none_or(|to| to > day), "round {round}, {code}");
                    }
                }
            }
        }
        // The same rows in another order, and twice, make the same.
        let mut turned: Vec<CodeChange> = rows.iter().rev().chain(&rows).cloned().collect();
        turned.rotate_left(rows.len() / 2);
        let again = History::builder().changes(turned).build();
        assert_eq!(again.findings(), history.findings());
        for year in 1899..1909 {
            assert_eq!(again.as_of(date(year, 6, 1)), history.as_of(date(year, 6, 1)), "round {round}");
        }
    }
    assert!(found.len() >= 4, "the rows reach circles, gaps, ends and unclear parts: {found:?}");
}

/// A country that is made up forwards, so that what is true is known: the answers come from the making, not from the rows.
struct Country {
    /// Numbers that are valid, with how much of each first place is in it.
    valid: BTreeMap<u32, BTreeMap<u32, BigRational>>,
    rows: Vec<CodeChange>,
    next: u32,
}

impl Country {
    fn row(&mut self, on: Date, old: u32, new: u32) {
        self.rows.push(CodeChange { on, old: Some(named(old)), new: Some(named(new)) });
    }

    fn fresh(&mut self) -> u32 {
        self.next += 1;
        self.next
    }

    fn add(&mut self, to: u32, from: &BTreeMap<u32, BigRational>, parts: i64) {
        let held = self.valid.entry(to).or_default();
        for (origin, share) in from {
            let part = share / BigRational::from_integer(parts.into());
            *held.entry(*origin).or_default() += part;
        }
    }

    /// One reform of a kind: merger, split, new number, or a boundary that moves.
    fn reform(&mut self, on: Date, random: &mut ChaCha8Rng, touched: &mut BTreeSet<u32>) {
        let mut free: Vec<u32> = self.valid.keys().copied().filter(|code| !touched.contains(code)).collect();
        let mut pick = |random: &mut ChaCha8Rng| {
            (!free.is_empty()).then(|| free.swap_remove(random.random_range(0..free.len())))
        };
        let (Some(one), Some(other)) = (pick(random), pick(random)) else { return };
        touched.extend([one, other]);
        match random.random_range(0..5) {
            0 => {
                let new = self.fresh();
                for old in [one, other] {
                    let gone = self.valid.remove(&old).unwrap();
                    self.add(new, &gone, 1);
                    self.row(on, old, new);
                }
                touched.insert(new);
            }
            1 => {
                let gone = self.valid.remove(&one).unwrap();
                for _ in 0..2 {
                    let new = self.fresh();
                    self.add(new, &gone, 2);
                    self.row(on, one, new);
                    touched.insert(new);
                }
            }
            2 => {
                let (gone, new) = (self.valid.remove(&one).unwrap(), self.fresh());
                self.add(new, &gone, 1);
                self.row(on, one, new);
                touched.insert(new);
            }
            3 => {
                let gone = self.valid.remove(&one).unwrap();
                self.add(other, &gone, 1);
                self.row(on, one, other);
                self.row(on, other, other);
            }
            _ => {
                self.row(on, one, one);
                self.row(on, one, other);
            }
        }
    }
}

#[test]
fn a_country_that_is_made_up_is_found_again() {
    let mut random = random("countries");
    for round in 0..rounds(400) {
        let mut country = Country { valid: BTreeMap::new(), rows: Vec::new(), next: 20 };
        let begin: Vec<u32> = (1..=20).collect();
        country.valid.extend(begin.iter().map(|code| (*code, BTreeMap::from([(*code, BigRational::one())]))));
        for year in 1838..1858 {
            let mut touched = BTreeSet::new();
            for _ in 0..random.random_range(0..3) {
                country.reform(date(year, 1, 1), &mut random, &mut touched);
            }
        }
        let listed = |code: u32| KlassCode {
            code: format!("{code:04}"),
            parent: None,
            level: None,
            name: String::new(),
            from: Some(date(1800, 1, 1)),
            to: None,
        };
        let history = History::builder()
            .changes(country.rows.clone())
            .codes(begin.iter().map(|code| listed(*code)))
            .build();
        let day = date(1900, 1, 1);
        let valid: BTreeSet<String> = country.valid.keys().map(|code| format!("{code:04}")).collect();
        let found: BTreeSet<String> = history.as_of(day).keys().map(|code| (*code).to_owned()).collect();
        assert_eq!(found, valid, "round {round}: {:?}", country.rows);
        for origin in &begin {
            let code = format!("{origin:04}");
            let life =
                history.life_on(&code, date(1837, 1, 1)).unwrap_or_else(|| panic!("round {round}: {code}"));
            let resolved = history.resolve(life, day, &SplitWeights::none());
            let shares = resolved
                .successors
                .iter()
                .map(|place| (history.life(place.life).code.clone(), place.share.clone()));
            let made = country
                .valid
                .iter()
                .filter_map(|(code, held)| Some((format!("{code:04}"), held.get(origin)?.clone())));
            assert_eq!(shares.collect::<BTreeMap<_, _>>(), made.collect(), "round {round}: {code}");
        }
        // Nothing is a boundary move that ends a place, and no boundary move is a split.
        for code in history.codes().map(str::to_owned).collect::<Vec<_>>() {
            for id in history.lives_of(&code) {
                for step in history.steps_from(*id) {
                    let ended = history.life(*id).to == Some(step.on);
                    assert_eq!(step.kind.ends_the_old(), ended);
                    assert!(ended || step.kind == StepKind::BoundaryMoved);
                }
            }
        }
    }
}
