//! What a run of requests took.

use std::time::Duration;

use anyhow::{Context, Result};
use serde::Serialize;
use tildel_test_support::Backend;

use crate::name_of;

/// A run of requests, or of transactions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Sample {
    /// How long each one took, in microseconds, ascending.
    latencies: Vec<u64>,
    /// How long they took together.
    elapsed: Duration,
}

/// A figure of the report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Rate {
    pub(super) database: &'static str,
    pub(super) what: &'static str,
    pub(super) connections: u32,
    pub(super) per_second: u64,
    pub(super) median_microseconds: u64,
    pub(super) p99_microseconds: u64,
    /// The rate in per cent of the bare thing's; none for the bare thing itself.
    pub(super) percent_of_bare: Option<u64>,
}

impl Sample {
    /// A sample of what several connections did in one stretch of time.
    pub(super) fn new(mut latencies: Vec<u64>, elapsed: Duration) -> Self {
        latencies.sort_unstable();
        Self { latencies, elapsed }
    }

    /// The sample with the median rate; of two in the middle, the slower one.
    pub(super) fn median(mut samples: Vec<Self>) -> Result<Self> {
        samples.sort_by_key(Self::per_second);
        let middle = samples.len().saturating_sub(1) / 2;
        samples.into_iter().nth(middle).context("failed to take a sample")
    }

    fn per_second(&self) -> u64 {
        let count = self.latencies.len() as u128;
        let rate = count * 1_000_000 / self.elapsed.as_micros().max(1);
        u64::try_from(rate).unwrap_or(u64::MAX)
    }

    /// The smallest latency that this many per cent of the requests do not exceed.
    fn percentile(&self, percent: usize) -> u64 {
        let rank = (self.latencies.len() * percent).div_ceil(100).max(1);
        self.latencies.get(rank - 1).copied().unwrap_or_default()
    }
}

impl Rate {
    /// The bare thing, and ours in relation to it.
    pub(super) fn pair(
        backend: Backend,
        connections: u32,
        what: [&'static str; 2],
        [bare, ours]: [Sample; 2],
    ) -> [Self; 2] {
        let rate = |what, sample: &Sample| Self {
            database: name_of(backend),
            what,
            connections,
            per_second: sample.per_second(),
            median_microseconds: sample.percentile(50),
            p99_microseconds: sample.percentile(99),
            percent_of_bare: None,
        };
        let (bare, ours) = (rate(what[0], &bare), rate(what[1], &ours));
        let percent = ours.per_second * 100 / bare.per_second.max(1);
        [bare, Self { percent_of_bare: Some(percent), ..ours }]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_and_percentiles() {
        // A hundred requests of 1, 2, … 100 ms, in two seconds: 50 per second; half take at most 50 ms.
        let sample = Sample::new((1..=100).rev().map(|ms| ms * 1_000).collect(), Duration::from_secs(2));
        assert_eq!((sample.per_second(), sample.percentile(50), sample.percentile(99)), (50, 50_000, 99_000));
        let single = Sample::new(vec![7], Duration::from_micros(7));
        assert_eq!((single.percentile(50), single.percentile(99)), (7, 7));
    }

    #[test]
    fn the_median_sample_counts_and_ours_is_told_in_per_cent_of_the_bare_one() {
        let of = |per_second: u64| {
            Sample::new(vec![1; usize::try_from(per_second).unwrap()], Duration::from_secs(1))
        };
        assert_eq!(Sample::median(vec![of(30), of(10), of(20)]).unwrap(), of(20));
        assert!(Sample::median(Vec::new()).is_err());
        let [bare, ours] = Rate::pair(Backend::Sqlite, 1, ["bare", "ours"], [of(40), of(10)]);
        assert_eq!((bare.percent_of_bare, ours.percent_of_bare), (None, Some(25)));
    }
}
