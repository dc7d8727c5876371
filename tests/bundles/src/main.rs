//! `cargo xtask bundles`: bundles of every kind, made up from a seed, which the library and the independent verifier must judge alike.
//!
//! Each bundle is verified by both; then copies with one thing wrong are made, and both must refuse every one.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, reason = "tests may stop at once"))]

mod draw;
mod generate;
mod mutate;
mod python;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use anyhow::{Context, Result, bail};
use clap::Parser;
use tildel_allocation::{Bundle, BundleError};

use draw::Draw;
use python::{Verdict, Verifier};

/// Verifier processes at the same time.
const PROCESSES: usize = 2;
/// Draws for one bundle before the generator is taken for broken.
const TRIES: u64 = 200;

/// How many, from which seed.
#[derive(Parser)]
struct Options {
    /// Bundles that hold.
    #[arg(long, default_value_t = 2000)]
    count: u64,
    /// Bundles with one thing wrong.
    #[arg(long, default_value_t = 1000)]
    mutations: u64,
    /// What they are made up from; the same seed gives the same bundles.
    #[arg(long)]
    seed: u64,
    /// The independent verifier.
    #[arg(long, value_name = "FILE", default_value = "verify/verify.py")]
    verifier: PathBuf,
    /// What runs it.
    #[arg(long, value_name = "PROGRAM", default_value = "python3")]
    python: String,
    /// The folder to keep all bundles in; without it only those that are in dispute are kept.
    #[arg(long, value_name = "FOLDER")]
    keep: Option<PathBuf>,
}

fn main() -> ExitCode {
    let options = Options::parse();
    match run(&options) {
        Ok(line) => {
            println!("{line}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            println!("bundles: FAILED, seed {}: {error:#}", options.seed);
            ExitCode::FAILURE
        }
    }
}

fn run(options: &Options) -> Result<String> {
    let start = Instant::now();
    println!("bundles: seed {}", options.seed);
    let verifier = Verifier { python: options.python.clone(), script: options.verifier.clone() };
    verifier.check()?;
    let temporary = tempfile::Builder::new().prefix("tildel-bundles-").tempdir()?;
    let root = options.keep.clone().unwrap_or_else(|| temporary.path().to_owned());
    let outcome = campaign(options, &verifier, &root, start);
    if outcome.is_err() {
        // What is in dispute must outlive the program.
        let _ = temporary.keep();
    }
    outcome
}

fn campaign(options: &Options, verifier: &Verifier, root: &Path, start: Instant) -> Result<String> {
    let sound_folders = folders(root, "sound")?;
    let mut bundles = Vec::new();
    let mut redrawn: BTreeMap<String, u64> = BTreeMap::new();
    for place in 0..options.count {
        let text = sound(options.seed, place, &mut redrawn)?;
        let path = file(&sound_folders, place, "bundle");
        write(&path, text.as_bytes())?;
        if let Err(error) = Bundle::verify(text.as_bytes()) {
            bail!("the library refuses its own bundle {}: {error}", path.display());
        }
        bundles.push(text);
    }
    println!(
        "bundles: {} made up, {} inputs that can not be computed drawn again: {}",
        bundles.len(),
        redrawn.values().sum::<u64>(),
        told(&redrawn)
    );
    compare(verifier, &sound_folders, options.count, true)?;

    let spoilt_folders = folders(root, "spoilt")?;
    let mut kinds: BTreeMap<String, u64> = BTreeMap::new();
    for place in 0..options.mutations {
        let (kind, bytes) = spoilt(options.seed, place, &bundles)?;
        let path = file(&spoilt_folders, place, kind.name());
        write(&path, &bytes)?;
        if Bundle::verify(&bytes).is_ok() {
            bail!("the library accepts the spoilt bundle {}", path.display());
        }
        *kinds.entry(kind.name().to_owned()).or_default() += 1;
    }
    compare(verifier, &spoilt_folders, options.mutations, false)?;
    Ok(format!(
        "bundles: {} hold in the library and in the independent verifier, {} with one thing wrong ({}) are refused by both, seed {}, {} s",
        options.count,
        options.mutations,
        told(&kinds),
        options.seed,
        start.elapsed().as_secs()
    ))
}

/// A bundle for a place: the first of its draws that can be computed.
fn sound(seed: u64, place: u64, redrawn: &mut BTreeMap<String, u64>) -> Result<String> {
    for attempt in 0..TRIES {
        let input = generate::input(&mut Draw::new(seed, place * TRIES + attempt));
        match Bundle::compute(input) {
            Ok(bundle) => return Ok(bundle.to_json()?),
            Err(BundleError::Plan(error)) => *redrawn.entry(reason(&error)).or_default() += 1,
            Err(error) => bail!("bundle {place} can not be made: {error}"),
        }
    }
    bail!("no input of {TRIES} for bundle {place} can be computed: the generator is broken")
}

/// The name of the error's kind.
fn reason(error: &tildel_allocation::PlanError) -> String {
    use tildel_allocation::PlanError as E;
    match error {
        E::Input { .. } => "contradiction",
        E::FrameBelowDecided { .. } => "frame below decided",
        E::LineOverflow { .. } | E::YearOverflow { .. } => "overflow",
    }
    .to_owned()
}

fn spoilt(seed: u64, place: u64, bundles: &[String]) -> Result<(mutate::Kind, Vec<u8>)> {
    // Streams that no sound bundle has.
    let mut draw = Draw::new(seed, u64::MAX - place);
    let kind = mutate::Kind::of_place(place);
    for _ in 0..TRIES {
        let bundle = bundles.get(draw.place(bundles)).context("there is no bundle to spoil")?;
        if let Some(bytes) = mutate::mutated(&mut draw, kind, bundle)? {
            return Ok((kind, bytes));
        }
    }
    bail!("no draw spoils a bundle: the campaign is broken")
}

/// Fails on the first file that the verifier judges otherwise than the library did.
fn compare(verifier: &Verifier, folders: &[PathBuf], count: u64, is_sound: bool) -> Result<()> {
    let verdicts = verifier.verdicts(folders)?;
    if verdicts.len() as u64 != count {
        bail!("the verifier judged {} of {count} files", verdicts.len());
    }
    let in_dispute: Vec<_> =
        verdicts.iter().filter(|(_, verdict)| (**verdict == Verdict::Holds) != is_sound).collect();
    let Some((path, verdict)) = in_dispute.first() else { return Ok(()) };
    let said = match verdict {
        Verdict::Holds => "the verifier accepts the spoilt bundle",
        Verdict::Refused(said) => said,
    };
    bail!("{} of {count} in dispute, the first is {}: {said}", in_dispute.len(), path.display())
}

fn folders(root: &Path, name: &str) -> Result<Vec<PathBuf>> {
    let folders: Vec<PathBuf> = (0..PROCESSES).map(|part| root.join(format!("{name}-{part}"))).collect();
    for folder in &folders {
        fs::create_dir_all(folder).with_context(|| format!("failed to make {}", folder.display()))?;
    }
    Ok(folders)
}

/// The file of a place, with the folders taking turns.
fn file(folders: &[PathBuf], place: u64, name: &str) -> PathBuf {
    let turn = usize::try_from(place).unwrap_or(0) % folders.len();
    folders[turn].join(format!("{place:05}-{name}.json"))
}

fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    fs::write(path, bytes).with_context(|| format!("failed to write {}", path.display()))
}

fn told(counts: &BTreeMap<String, u64>) -> String {
    let told: Vec<String> = counts.iter().map(|(name, count)| format!("{name} {count}")).collect();
    if told.is_empty() { "none".to_owned() } else { told.join(", ") }
}
