//! Cases that every method must get right: some written out here, the rest from the shared file.

use std::path::{Path, PathBuf};

use serde::Deserialize;
use tildel_allocation::apportionment::{Method, apportion, apportion_weights};

use crate::support::{claims, parts};

/// Balinski and Young (1975), 100 and 26 seats, in the order of [`Method::ALL`].
const TEXTBOOK: [(i64, [u128; 5], [[i64; 5]; 7]); 2] = [
    (
        100,
        [5_117, 4_400, 162, 161, 160],
        [
            [51, 44, 2, 2, 1],
            [51, 43, 2, 2, 2],
            [51, 43, 2, 2, 2],
            [52, 45, 1, 1, 1],
            [51, 43, 2, 2, 2],
            [51, 43, 2, 2, 2],
            [51, 43, 2, 2, 2],
        ],
    ),
    (
        26,
        [9_061, 7_179, 5_259, 3_319, 1_182],
        [
            [9, 7, 5, 4, 1],
            [9, 8, 5, 3, 1],
            [9, 8, 5, 3, 1],
            [10, 7, 5, 3, 1],
            [9, 7, 5, 3, 2],
            [9, 7, 6, 3, 1],
            [9, 7, 5, 4, 1],
        ],
    ),
];

#[test]
fn the_textbook_cases() {
    for (seats, votes, expected) in TEXTBOOK {
        for (method, expected) in Method::ALL.into_iter().zip(expected) {
            assert_eq!(parts(seats, &votes, method), expected, "{method}, {seats} seats");
        }
    }
}

#[test]
fn a_parliament() {
    // The Austrian National Council 2019, lists past the threshold of 4 per cent, by D'Hondt.
    let votes = [1_789_417, 1_011_868, 772_666, 387_124, 664_055];
    assert_eq!(parts(183, &votes, Method::DHondt), [71, 40, 31, 15, 26]);
}

#[test]
fn the_first_of_1_4_costs_a_small_one_its_seat() {
    // Two seats over 22 and 8. Divisors 1, 3: 22, 7.33 against 8. Divisors 1.4, 3: 15.7, 7.33 against 5.7.
    assert_eq!(parts(2, &[22, 8], Method::SainteLague), [1, 1]);
    assert_eq!(parts(2, &[22, 8], Method::ModifiedSainteLague), [2, 0]);
}

#[derive(Deserialize)]
struct Vectors {
    vectors: Vec<Vector>,
}

#[derive(Deserialize)]
struct Vector {
    id: String,
    method: String,
    weights: Vec<u64>,
    seats: i64,
    expected: Vec<i64>,
    tie: bool,
    #[serde(default)]
    tied_indices: Vec<usize>,
}

fn shared() -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    let named = std::env::var_os("TILDEL_SHARED").map(PathBuf::from);
    std::iter::once(beside)
        .chain(named)
        .map(|folder| folder.join("data/apportionment.json"))
        .find(|file| file.is_file())
}

#[test]
fn the_shared_vectors() {
    let Some(file) = shared() else {
        println!("shared data is absent (TILDEL_SHARED names its folder): its vectors were not compared");
        return;
    };
    let Vectors { vectors } = serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap();
    assert!(vectors.len() >= 300, "only {} vectors", vectors.len());
    for vector in &vectors {
        let method: Method = vector.method.parse().unwrap();
        let weights: Vec<u128> = vector.weights.iter().copied().map(u128::from).collect();
        let split = apportion(vector.seats, &claims(&weights), method).unwrap();
        assert_eq!(split.parts, vector.expected, "{}", vector.id);
        let tied = split.ties.first().map(|tie| tie.claims.clone()).unwrap_or_default();
        assert_eq!(tied, vector.tied_indices, "{}", vector.id);
        assert_eq!(!split.ties.is_empty(), vector.tie, "{}", vector.id);
        assert_eq!(apportion_weights(vector.seats, &vector.weights, method).unwrap(), split, "{}", vector.id);
    }
    println!("{} vectors compared", vectors.len());
}
