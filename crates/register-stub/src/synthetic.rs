//! Made-up sub-units and what became of them: the same of each seed.

use jiff::{SignedDuration, Timestamp};

use crate::places::MUNICIPALITIES;
use crate::random::Random;
use crate::scene::{Employees, Entry, FIRST_ID, Scene, Trade, Unit, test_numbers};

/// Units of this many in a hundred are there when the files are made; the others come later.
const LISTED_PERCENT: usize = 90;

pub(crate) fn extend(scene: &mut Scene, count: usize, entries: usize, seed: u64) {
    let mut random = Random::new(seed);
    let numbers: Vec<String> = test_numbers().take(count).collect();
    let listed = count * LISTED_PERCENT / 100;
    for number in &numbers[..listed] {
        let unit = made_up(number, 0, scene.listed_at);
        scene.listed.insert(number.clone(), unit.clone());
        scene.units.insert(number.clone(), unit);
    }
    let (mut known, mut id, mut at) = (listed, FIRST_ID, scene.listed_at);
    for _ in 0..entries {
        if numbers.is_empty() {
            break;
        }
        // Ids have gaps, and several entries the same time.
        id += 1 + i64::try_from(random.below(3)).unwrap_or_default();
        at = at
            .saturating_add(SignedDuration::from_millis(i64::try_from(random.below(90)).unwrap_or_default()))
            .unwrap_or(at);
        let draw = random.below(100);
        let is_new = known < numbers.len() && (known == 0 || draw < 4);
        let place = if is_new { known } else { random.place(known) };
        known += usize::from(is_new);
        let number = &numbers[place];
        if scene.units.get(number).is_some_and(|unit| unit.is_removed) {
            continue;
        }
        let mut unit = made_up(number, id, at);
        let change = match draw {
            _ if is_new => "Ny",
            92..=96 => {
                unit.deleted_on = Some(at.strftime("%Y-%m-%d").to_string());
                "Sletting"
            }
            97 => {
                unit.is_removed = true;
                "Fjernet"
            }
            98 => "Ukjent",
            _ => "Endring",
        };
        scene.feeds[1].push(Entry { id, at, number: number.clone(), change });
        scene.units.insert(number.clone(), unit);
    }
}

/// A unit as the entry with this id left it.
fn made_up(number: &str, revision: i64, at: Timestamp) -> Unit {
    let seed = number
        .bytes()
        .fold(revision.unsigned_abs(), |sum, digit| sum.wrapping_mul(31).wrapping_add(u64::from(digit)));
    let mut random = Random::new(seed);
    let trade =
        [Trade::Kindergarten, Trade::PrimarySchool, Trade::UpperSecondary, Trade::Other][random.place(4)];
    let name = ["FJELLTUN", "HAVBLIKK", "SOLVANG", "ÅSEN", "ØYGARD"][random.place(5)];
    let count = u32::try_from(random.below(9) * random.below(9)).unwrap_or_default();
    Unit {
        number: number.to_owned(),
        name: format!("{name} {}", &number[5..]),
        trade,
        is_sub: true,
        is_private: random.below(4) == 0,
        parent: Some("964965137".to_owned()),
        owner: Some("964965137".to_owned()),
        municipality: MUNICIPALITIES[random.place(MUNICIPALITIES.len())].0,
        employees: Employees::of(count),
        employees_on: at.strftime("%Y-%m-%d").to_string(),
        deleted_on: None,
        is_removed: false,
        written_at: at,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_makes_the_same_feed_and_the_feed_ends_in_the_units() {
        let scene = |seed| Scene::practice(Timestamp::UNIX_EPOCH).with_synthetic(500, 3_000, seed);
        let (first, again, other) = (scene(1), scene(1), scene(2));
        assert_eq!(first.feeds, again.feeds);
        assert_eq!(first.units, again.units);
        assert_ne!(first.feeds, other.feeds);
        let feed = &first.feeds[1];
        assert!(feed.windows(2).all(|pair| pair[0].id < pair[1].id && pair[0].at <= pair[1].at));
        for change in ["Ny", "Endring", "Sletting", "Fjernet", "Ukjent"] {
            assert!(feed.iter().any(|entry| entry.change == change), "{change}");
        }
        for unit in first.units.values().filter(|unit| unit.number.starts_with('2')) {
            let last = feed.iter().rev().find(|entry| entry.number == unit.number);
            assert_eq!(last.is_some_and(|entry| entry.change == "Sletting"), unit.deleted_on.is_some());
            assert_eq!(last.is_some_and(|entry| entry.change == "Fjernet"), unit.is_removed);
        }
    }
}
