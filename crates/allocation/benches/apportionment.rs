//! Largest remainder over a million weights, against sorting and against adding up the same array.
//!
//! `cargo bench -p tildel-allocation --bench apportionment`. Times are the least of the runs; ratios are of that run.

#![expect(clippy::float_arithmetic, reason = "milliseconds and ratios for people; no money is near")]

use std::hint::black_box;
use std::time::{Duration, Instant};

use rand_chacha::ChaCha12Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use tildel_allocation::apportionment::{
    ApportionError, Apportionment, Claim, Method, apportion, apportion_weights,
};

const SEED: u64 = 20_200_601;
const RECIPIENTS: usize = 1_000_000;
const RUNS: usize = 25;
const TOTAL: i64 = 1_234_567_890_123_456_789;

/// The least time of several runs; what a run needs is made ready outside its time.
fn least<T, R>(runs: usize, mut ready: impl FnMut() -> T, mut run: impl FnMut(T) -> R) -> Duration {
    let mut least = Duration::MAX;
    for _ in 0..runs {
        let input = ready();
        let start = Instant::now();
        let output = black_box(run(black_box(input)));
        least = least.min(start.elapsed());
        drop(output);
    }
    least
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

/// What a split holds when it is done, weights included.
fn bytes_per_recipient(weights: &[u64], split: &Apportionment) -> f64 {
    let tied: usize = split.ties.iter().map(|tie| size_of_val(tie.claims.as_slice())).sum();
    let bytes = size_of_val(weights) + size_of_val(split.parts.as_slice()) + tied;
    let (Ok(bytes), Ok(recipients)) = (u32::try_from(bytes), u32::try_from(weights.len())) else {
        return f64::NAN;
    };
    f64::from(bytes) / f64::from(recipients)
}

fn compare(name: &str, weights: &[u64]) -> Result<(), ApportionError> {
    let split = apportion_weights(TOTAL, weights, Method::LargestRemainder)?;
    let sum = least(RUNS, || (), |()| weights.iter().map(|weight| u128::from(*weight)).sum::<u128>());
    let sort = least(
        RUNS,
        || weights.to_vec(),
        |mut copy| {
            copy.sort_unstable();
            copy
        },
    );
    let ours = least(RUNS, || (), |()| apportion_weights(TOTAL, weights, Method::LargestRemainder));
    let write = least(RUNS, || (), |()| vec![1_i64; weights.len()]);
    println!(
        "{name:<24} split {:>7.3} ms   sort_unstable {:>7.3} ms   sum {:>6.3} ms   writing parts {:>6.3} ms   split/sort {:>5.2}   split/sum {:>5.1}   tied {:>7}   {:.1} bytes per recipient",
        milliseconds(ours),
        milliseconds(sort),
        milliseconds(sum),
        milliseconds(write),
        ours.as_secs_f64() / sort.as_secs_f64(),
        ours.as_secs_f64() / sum.as_secs_f64(),
        split.ties.first().map_or(0, |tie| tie.claims.len()),
        bytes_per_recipient(weights, &split),
    );
    Ok(())
}

fn main() -> Result<(), ApportionError> {
    let mut random = ChaCha12Rng::seed_from_u64(SEED);
    let mut draw =
        |weight: fn(u64) -> u64| -> Vec<u64> { (0..RECIPIENTS).map(|_| weight(random.next_u64())).collect() };
    println!("{RECIPIENTS} recipients, {TOTAL} units, seed {SEED}, least of {RUNS} runs");
    let uniform = draw(|random| random >> 24);
    compare("uniform, 40 bits", &uniform)?;
    compare("uniform, 64 bits", &draw(|random| random))?;
    compare("all equal", &vec![7; RECIPIENTS])?;
    compare("two values", &draw(|random| 7 + (random & 1)))?;
    compare("heavy tail", &draw(|random| (1 << 40) / (1 + (random >> 44))))?;
    compare("headcounts, many ties", &draw(|random| random % 1_000))?;

    println!("\nwith bounds or another method, claims of {} bytes, one run each", size_of::<Claim>());
    let claims: Vec<Claim> =
        (0..).zip(&uniform).map(|(rank, weight)| Claim::new(u128::from(*weight), rank)).collect();
    let bounded: Vec<Claim> = claims
        .iter()
        .map(|claim| Claim { lower: u64::from(claim.rank % 3), upper: Some(3_000_000_000_000), ..*claim })
        .collect();
    for method in Method::ALL {
        let free = least(1, || (), |()| apportion(TOTAL, &claims, method));
        let within = least(1, || (), |()| apportion(TOTAL, &bounded, method));
        println!(
            "{:<24} claims {:>8.1} ms   with bounds {:>8.1} ms",
            method.key(),
            milliseconds(free),
            milliseconds(within)
        );
    }
    Ok(())
}
