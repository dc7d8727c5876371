//! How long counts of real votes take, alone and in memory.
//!
//! `cargo bench -p tildel-voting --bench budget [-- WORDS]` takes the rules that are named in full, such as `mes_cost`, and
//! the files whose name contains one of the other words. Files are looked
//! for in `../shared/data/pabulib` or where `TILDEL_SHARED` says. `TILDEL_OTHER_TIMES` may name a file with lines of
//! instance, rule and seconds of another implementation, measured on the same machine: then ratios are printed.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::float_arithmetic,
    reason = "a bench may stop and print"
)]

use std::collections::BTreeMap;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use tildel_voting::{
    Add1Until, BudgetInstance, BudgetRule, Completion, PabulibKind, PabulibVote, Satisfaction, TieChain,
    TieLink, tally_budget,
};

fn rules(kind: PabulibKind) -> Vec<(&'static str, BudgetRule)> {
    let shares = |satisfaction, completion| BudgetRule::EqualShares { satisfaction, completion };
    let greedy = |satisfaction| BudgetRule::Greedy { satisfaction };
    let add1 = |until| shares(Satisfaction::Cost, Completion::Add1 { until });
    let mut rules = vec![
        ("greedy_cost", greedy(Satisfaction::Cost)),
        ("greedy_card", greedy(Satisfaction::Cardinality)),
        ("mes_cost", shares(Satisfaction::Cost, Completion::None)),
        ("mes_card", shares(Satisfaction::Cardinality, Completion::None)),
        ("phragmen", BudgetRule::Phragmen),
        ("mes_cost_add1", add1(Add1Until::Exhaustive)),
        ("mes_cost_add1_nostop", add1(Add1Until::Budget)),
    ];
    let native = match kind {
        PabulibKind::Approval | PabulibKind::ChooseOne => None,
        PabulibKind::Ordinal => Some(Satisfaction::Borda),
        PabulibKind::Cumulative | PabulibKind::Scoring => Some(Satisfaction::Points),
    };
    if let Some(native) = native {
        rules.push(("greedy_native", greedy(native)));
        rules.push(("mes_native", shares(native, Completion::None)));
    }
    rules
}

/// The least of nine times, each of enough calls to be measured; long counts are run once or thrice.
fn time(instance: &BudgetInstance, rule: BudgetRule) -> f64 {
    let chain = TieChain(vec![TieLink::Lexicographic]);
    let run = |calls: u32| {
        let start = Instant::now();
        for _ in 0..calls {
            black_box(tally_budget(black_box(instance), &rule, &chain).unwrap());
        }
        start.elapsed().as_secs_f64() / f64::from(calls)
    };
    let first = run(1);
    let runs = if first > 2.0 {
        1
    } else if first > 0.2 {
        3
    } else {
        9
    };
    let mut calls = 1;
    while calls < 1 << 20 && run(calls) * f64::from(calls) < 1e-3 {
        calls *= 2;
    }
    (0..runs).map(|_| run(calls)).fold(first, f64::min)
}

fn main() {
    let words = std::env::args().skip(1).filter(|argument| !argument.starts_with('-'));
    let is_rule = |word: &String| rules(PabulibKind::Ordinal).iter().any(|(name, _)| name == word);
    let (wanted_rules, wanted): (Vec<String>, Vec<String>) = words.partition(is_rule);
    let shared = std::env::var_os("TILDEL_SHARED")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"), PathBuf::from);
    let folder = shared.join("data/pabulib");
    let Ok(entries) = std::fs::read_dir(&folder) else {
        println!("no votes in {}", folder.display());
        return;
    };
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "pb"));
    files.sort();
    let others = other_times();
    let mut ratios: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
    for path in files {
        let file = path.file_stem().unwrap().to_string_lossy().into_owned();
        if !wanted.is_empty() && !wanted.iter().any(|part| file.contains(part)) {
            continue;
        }
        let bytes = std::fs::read(&path).unwrap();
        let start = Instant::now();
        let vote = PabulibVote::read(&bytes).unwrap();
        let reading = start.elapsed();
        let start = Instant::now();
        let instance = vote.instance().unwrap();
        let grouping = start.elapsed();
        print_reading(&file, bytes.len(), reading, grouping);
        for (name, rule) in rules(vote.kind) {
            if !wanted_rules.is_empty() && !wanted_rules.iter().any(|wanted| wanted == name) {
                continue;
            }
            let ours = time(&instance, rule);
            let theirs = others.get(&(file.clone(), name.to_owned()));
            let ratio = theirs.map(|theirs| ours / theirs);
            let shown = ratio.map(|ratio| format!("  ratio {ratio:.3}")).unwrap_or_default();
            println!("{file:50} {name:22} {:>12.2} µs{shown}", ours * 1e6);
            ratios.entry(name).or_default().extend(ratio);
        }
    }
    print_summary(&ratios);
}

fn print_reading(file: &str, bytes: usize, reading: Duration, grouping: Duration) {
    let megabytes = f64::from(u32::try_from(bytes).unwrap()) / 1e6;
    let speed = megabytes / reading.as_secs_f64();
    println!("{file:50} read at {speed:.0} MB/s in {reading:.0?}, grouped in {grouping:.0?}");
}

fn print_summary(ratios: &BTreeMap<&str, Vec<f64>>) {
    let mean = |ratios: &[f64]| {
        let logs: f64 = ratios.iter().map(|ratio| ratio.ln()).sum();
        (logs / f64::from(u32::try_from(ratios.len()).unwrap())).exp()
    };
    let all: Vec<f64> = ratios.values().flatten().copied().collect();
    for (name, ratios) in ratios.iter().map(|(name, ratios)| (*name, ratios)).chain([("all", &all)]) {
        if !ratios.is_empty() {
            let most = ratios.iter().copied().fold(0.0, f64::max);
            let (count, mean) = (ratios.len(), mean(ratios));
            println!("{name:22} {count:>4} ratios, geometric mean {mean:.3}, largest {most:.3}");
        }
    }
}

/// Seconds by instance and rule.
fn other_times() -> BTreeMap<(String, String), f64> {
    let Some(path) = std::env::var_os("TILDEL_OTHER_TIMES") else { return BTreeMap::new() };
    let text = std::fs::read_to_string(path).unwrap();
    let lines = text.lines().map(|line| {
        let words: Vec<&str> = line.split_whitespace().collect();
        ((words[0].to_owned(), words[1].to_owned()), words[2].parse().unwrap())
    });
    lines.collect()
}
