//! A national file: units read one by one, beside bare streaming parsers that only count records, in the same run.
//!
//! ```sh
//! cargo xtask synthetic-units --out FILE
//! TILDEL_BULK_FILE=FILE cargo bench -p tildel-registers --bench bulk
//! ```

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a benchmark may stop at once")]
#![expect(clippy::float_arithmetic, clippy::cast_precision_loss, reason = "figures for people")]

use std::fmt;
use std::fs::File;
use std::io::{BufReader, Read};
use std::ops::ControlFlow;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use serde::Deserializer as _;
use serde::de::{IgnoredAny, SeqAccess, Visitor};
use tildel_registers::bulk::{BulkItem, BulkLimits, BulkReader};

/// How often each is measured; the best counts.
const RUNS: usize = 5;

fn main() {
    let Some(path) = std::env::var_os("TILDEL_BULK_FILE").map(std::path::PathBuf::from) else {
        println!(
            "TILDEL_BULK_FILE names no file: nothing was measured (cargo xtask synthetic-units makes one)"
        );
        return;
    };
    let read_units = || {
        let mut reader = BulkReader::open(File::open(&path).unwrap(), BulkLimits::default(), None).unwrap();
        let mut units = 0_u64;
        let take = |item| {
            units += u64::from(matches!(item, BulkItem::Unit(_)));
            ControlFlow::Continue(())
        };
        reader.read_on(100_000, take, |_| ()).unwrap();
        (units, reader.position().bytes)
    };
    let (units, bytes) = read_units();
    let memory = peak_memory();
    println!(
        "{units} units, {} MB packed, {} MB unpacked",
        megabytes(path.metadata().unwrap().len()),
        megabytes(bytes)
    );
    println!("peak memory of the process after reading them all: {memory}\n");
    println!("| what | seconds | MB/s unpacked | units/s |\n|---|--:|--:|--:|");
    // In turn, so that a busy moment of the machine falls on all.
    let mut best = [Duration::MAX; 4];
    for _ in 0..RUNS {
        let measured = [
            time(|| assert_eq!(read_units().0, units)),
            time(|| assert_eq!(piped(&path, count_json), units)),
            time(|| assert_eq!(piped(&path, count_bytes), units)),
            time(|| assert!(piped(&path, |out| std::io::copy(out, &mut std::io::sink()).unwrap()) > 0)),
        ];
        for (best, measured) in best.iter_mut().zip(measured) {
            *best = measured.min(*best);
        }
    }
    let names = [
        "units of ours, unpacking included",
        "`gzip -dc` and serde_json, counting",
        "`gzip -dc` and a loop over bytes, counting",
        "`gzip -dc` alone",
    ];
    for (name, time) in names.iter().zip(best) {
        let seconds = time.as_secs_f64();
        let rate = bytes as f64 / seconds / 1e6;
        println!("| {name} | {seconds:.2} | {rate:.0} | {:.0} |", units as f64 / seconds);
    }
    let ratio = |other: usize| 100.0 * best[other].as_secs_f64() / best[0].as_secs_f64();
    println!("\nthroughput of ours: {:.0} % of the first count, {:.0} % of the second", ratio(1), ratio(2));
}

fn time(work: impl FnOnce()) -> Duration {
    let begun = Instant::now();
    work();
    begun.elapsed()
}

fn megabytes(bytes: u64) -> u64 {
    bytes / 1_000_000
}

/// The output of gzip, read by a function.
fn piped<T>(path: &std::path::Path, read: impl FnOnce(&mut ChildStdout) -> T) -> T {
    let mut child: Child = Command::new("gzip").arg("-dc").arg(path).stdout(Stdio::piped()).spawn().unwrap();
    let mut out = child.stdout.take().unwrap();
    let outcome = read(&mut out);
    assert!(child.wait().unwrap().success());
    outcome
}

/// A bare streaming parser: the general one, that keeps nothing.
fn count_json(out: &mut ChildStdout) -> u64 {
    struct Count;
    impl<'de> Visitor<'de> for Count {
        type Value = u64;

        fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
            formatter.write_str("an array")
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<u64, A::Error> {
            let mut count = 0;
            while seq.next_element::<IgnoredAny>()?.is_some() {
                count += 1;
            }
            Ok(count)
        }
    }
    let mut deserializer = serde_json::Deserializer::from_reader(BufReader::with_capacity(256 * 1024, out));
    deserializer.deserialize_seq(Count).unwrap()
}

/// A barer one: it looks at each byte for what opens and closes, and checks nothing.
fn count_bytes(out: &mut ChildStdout) -> u64 {
    let (mut count, mut depth, mut in_string, mut escaped) = (0, 0_u32, false, false);
    let mut buffer = vec![0; 256 * 1024];
    loop {
        let read = out.read(&mut buffer).unwrap();
        if read == 0 {
            return count;
        }
        for byte in &buffer[..read] {
            match byte {
                _ if escaped => escaped = false,
                b'\\' if in_string => escaped = true,
                b'"' => in_string = !in_string,
                b'{' if !in_string => {
                    depth += 1;
                    count += u64::from(depth == 1);
                }
                b'}' if !in_string => depth -= 1,
                _ => {}
            }
        }
    }
}

/// As Linux counts it.
fn peak_memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM:"));
    line.map_or("unknown".to_owned(), |line| line.trim_start_matches("VmHWM:").trim().to_owned())
}
