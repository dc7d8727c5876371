//! When to try again.

use std::time::Duration;

use jiff::Timestamp;
use jiff::fmt::rfc2822;

/// How often and how late to try again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retries {
    /// How often in all, the first time counted in.
    pub attempts: u32,
    /// How long to wait at most before the second attempt; each later one may take twice as long.
    pub first: Duration,
    /// The longest wait. A source that wants to be left alone for longer is an error that says how long.
    pub longest: Duration,
}

impl Default for Retries {
    /// Four attempts, after at most one, two and four seconds; up to a minute if the source asks for it.
    fn default() -> Self {
        Self { attempts: 4, first: Duration::from_secs(1), longest: Duration::from_mins(1) }
    }
}

impl Retries {
    /// How long to wait after the attempt with this number (from 1); none if it was the last or the source asks for too much.
    ///
    /// Without `retry_after` it is between half and the whole of the doubled time, so that those who failed together do not come together. With
    /// it, it is that time and up to a tenth more.
    pub fn wait_after(&self, attempt: u32, retry_after: Option<Duration>, random: u64) -> Option<Duration> {
        if attempt >= self.attempts || retry_after.is_some_and(|wanted| wanted > self.longest) {
            return None;
        }
        let whole =
            self.first.saturating_mul(1_u32.checked_shl(attempt - 1).unwrap_or(u32::MAX)).min(self.longest);
        Some(match retry_after {
            Some(wanted) => wanted + part(wanted / 10, random),
            None => whole / 2 + part(whole / 2, random),
        })
    }
}

/// A part of a time by chance.
fn part(whole: Duration, random: u64) -> Duration {
    let millis = u64::try_from(whole.as_millis()).unwrap_or(u64::MAX);
    Duration::from_millis(random % millis.saturating_add(1))
}

/// Reads `Retry-After`: seconds, or a date that has passed or not.
pub fn retry_after(header: &str, now: Timestamp) -> Option<Duration> {
    let header = header.trim();
    if let Ok(seconds) = header.parse::<u64>() {
        return Some(Duration::from_secs(seconds));
    }
    let until = rfc2822::parse(header).ok()?.timestamp();
    Some(Duration::try_from(until.duration_since(now)).unwrap_or(Duration::ZERO))
}

#[cfg(test)]
mod tests {
    use super::*;

    const RETRIES: Retries =
        Retries { attempts: 4, first: Duration::from_secs(1), longest: Duration::from_mins(1) };

    #[test]
    fn waits_double_within_their_halves() {
        for (attempt, half) in [(1, 500), (2, 1000), (3, 2000)] {
            let (least, most) = (Duration::from_millis(half), Duration::from_millis(2 * half));
            assert_eq!(RETRIES.wait_after(attempt, None, 0), Some(least));
            assert_eq!(RETRIES.wait_after(attempt, None, half), Some(most));
            let some = RETRIES.wait_after(attempt, None, 0x9e37_79b9_7f4a_7c15).unwrap();
            assert!(least <= some && some <= most);
        }
        assert_eq!(RETRIES.wait_after(4, None, 0), None);
    }

    #[test]
    fn the_source_s_own_wish_counts_up_to_a_limit() {
        let seconds = Duration::from_secs;
        assert_eq!(RETRIES.wait_after(1, Some(seconds(30)), 0), Some(seconds(30)));
        // 30 s and the tenth: 30 + 3 000 ms mod 3 001.
        assert_eq!(RETRIES.wait_after(1, Some(seconds(30)), 3000), Some(seconds(33)));
        assert_eq!(RETRIES.wait_after(1, Some(seconds(61)), 0), None);
    }

    #[test]
    fn both_forms_of_the_header_are_read() {
        let now: Timestamp = "2026-11-27T12:00:00Z".parse().unwrap();
        assert_eq!(retry_after("120", now), Some(Duration::from_mins(2)));
        assert_eq!(retry_after("Fri, 27 Nov 2026 12:01:30 GMT", now), Some(Duration::from_secs(90)));
        assert_eq!(retry_after("Fri, 27 Nov 2026 11:00:00 GMT", now), Some(Duration::ZERO));
        assert_eq!(retry_after("soon", now), None);
    }
}
