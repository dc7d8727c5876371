//! The national case, computed with all traces, against what a bare loop over its lines takes; and the memory of a line.
//!
//! `cargo bench -p tildel-allocation --bench plan`. Everything is on one core; the input is in memory.

#![expect(clippy::float_arithmetic, reason = "milliseconds and ratios for people; no money is near")]

use std::error::Error;
use std::fmt;
use std::hint::black_box;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use tildel_allocation::{Bundle, Nok, Plan, PlanInput, Step, plan};

use plan_case::{Folder, find, read};

/// The reader of the program, from its source: the bench computes what `tildel allocate cases/national` does.
#[allow(dead_code, unused_imports, unreachable_pub, reason = "only the reader is used here")]
#[path = "../../tildel/src/plan_case"]
mod plan_case {
    mod build;
    mod cell;
    mod document;
    mod files;
    mod problem;
    mod table;

    pub(crate) use files::{Folder, find, read};
}

const RUNS: u32 = 50;
/// What the issue allows for all three plans together.
const ALLOWED_MS: f64 = 20.0;

fn main() -> Result<(), Box<dyn Error>> {
    let inputs = national()?;
    // The bench runs itself for each size, as the peak of a process never falls again.
    let mut arguments = std::env::args().skip(1).skip_while(|argument| argument != "--memory");
    if let Some(times) = arguments.nth(1) {
        return memory_of(&inputs, times.parse()?);
    }
    let plans = inputs.iter().map(plan).collect::<Result<Vec<Plan>, _>>()?;
    let lines: usize = plans.iter().map(|plan| plan.lines.len()).sum();
    let values: Vec<String> =
        plans.iter().flat_map(|plan| &plan.lines).flat_map(|line| values(&line.trace)).collect();
    for (input, plan_of) in inputs.iter().zip(&plans) {
        println!("{}: {} lines: {}", input.scheme, plan_of.lines.len(), taken(|| plan(input)));
    }
    drop(plans);
    let ours = taken(|| inputs.iter().map(plan).collect::<Vec<_>>());
    let bare = taken(|| bare(lines, &values));
    println!(
        "national case: {lines} lines, {} values in traces: {ours}; {ALLOWED_MS} ms are allowed",
        values.len()
    );
    let ratio = milliseconds(ours.least) / milliseconds(bare.least);
    println!("bare loop with a text for each value: {bare}; ratio {ratio:.1}");
    let bundles = taken(|| inputs.iter().cloned().map(Bundle::compute).collect::<Vec<_>>());
    println!("the same as bundles, with canonical form and hashes: {bundles}");
    let program = std::env::current_exe()?;
    let without_plan = peak_of(&program, "0")?;
    for times in ["1", "2", "4"] {
        let bytes = peak_of(&program, times)? - without_plan;
        let lines = u32::try_from(lines)? * times.parse::<u32>()?;
        println!(
            "memory at {times}×: {lines} lines, {:.0} bytes each",
            f64::from(u32::try_from(bytes)?) / f64::from(lines)
        );
    }
    Ok(())
}

fn national() -> Result<Vec<PlanInput>, Box<dyn Error>> {
    let case = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../cases/national");
    let documents = find(&case)?;
    let read = |path| -> Result<PlanInput, Box<dyn Error>> {
        let mut input = read(path, &Folder)?.input;
        input.canonicalise();
        Ok(input)
    };
    documents.iter().map(|path| read(path)).collect()
}

/// What a run takes.
struct Taken {
    /// The least time by the clock.
    least: Duration,
    /// The processor's time for this thread, averaged as the system counts it in ticks; what others do on a busy machine does not count.
    processor: Duration,
}

/// Several runs; what comes out is dropped outside the time.
fn taken<R>(mut run: impl FnMut() -> R) -> Taken {
    let (mut least, mut processor) = (Duration::MAX, Duration::ZERO);
    for _ in 0..RUNS {
        let (start, before) = (Instant::now(), processor_time());
        let output = black_box(run());
        processor += Duration::from_nanos(processor_time().saturating_sub(before));
        least = least.min(start.elapsed());
        drop(output);
    }
    Taken { least, processor: processor / RUNS }
}

impl fmt::Display for Taken {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (least, processor) = (milliseconds(self.least), milliseconds(self.processor));
        write!(formatter, "least {least:.1} ms, processor {processor:.1} ms")
    }
}

/// In nanoseconds; 0 where the system does not tell.
fn processor_time() -> u64 {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    told.split_whitespace().next().and_then(|time| time.parse().ok()).unwrap_or(0)
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

/// The texts of all inputs of a trace.
fn values(step: &Step) -> Vec<String> {
    let own = step.inputs.iter().map(|input| input.value.to_string());
    own.chain(step.steps.iter().flat_map(values)).collect()
}

/// What cannot be done without: base and rate times count for each line, and one text of its own for each value that is shown.
fn bare(lines: usize, values: &[String]) -> (i128, Vec<String>) {
    let (base, rate) = black_box((5_000_000_i128, 40_000_i128));
    let sum = (0..lines).map(|line| base + rate * i128::try_from(black_box(line)).unwrap_or(0)).sum();
    (sum, values.to_vec())
}

/// Computes the case so many times as large, and prints the peak of the process's memory in bytes.
fn memory_of(inputs: &[PlanInput], times: usize) -> Result<(), Box<dyn Error>> {
    let plans = inputs.iter().map(|input| (times > 0).then(|| plan(&larger(input, times))).transpose());
    let plans = plans.collect::<Result<Vec<_>, _>>()?;
    let status = std::fs::read_to_string("/proc/self/status")?;
    let peak = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .ok_or("no peak of memory is told here")?;
    let kibibytes: u64 = peak.trim().trim_end_matches(" kB").parse()?;
    println!("{}", kibibytes * 1024);
    drop(black_box(plans));
    Ok(())
}

fn peak_of(program: &Path, times: &str) -> Result<u64, Box<dyn Error>> {
    let output = Command::new(program).args(["--memory", times]).output()?;
    Ok(String::from_utf8(output.stdout)?.trim().parse()?)
}

/// The case so many times, beside itself, with as many times the money.
fn larger(input: &PlanInput, times: usize) -> PlanInput {
    let mut large = input.clone();
    for copy in 1..times {
        let renamed = |number: &str| format!("{number}-{copy}");
        for organisation in &input.organisations {
            let mut organisation = organisation.clone();
            organisation.number = renamed(&organisation.number);
            for successor in &mut organisation.successors {
                successor.organisation = renamed(&successor.organisation);
            }
            large.organisations.push(organisation);
        }
        for project in &input.projects {
            let mut project = project.clone();
            project.id = renamed(&project.id);
            project.reference = renamed(&project.reference);
            project.lead = renamed(&project.lead);
            large.projects.push(project);
        }
    }
    for frame in &mut large.frames {
        let ore = frame.amount.map_or(0, Nok::ore) * i64::try_from(times).unwrap_or(1);
        frame.amount = Some(Nok::from_ore(ore));
    }
    large
}
