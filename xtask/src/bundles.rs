//! `cargo xtask bundles`: seeded bundles that the library and the independent verifier must judge alike.
//!
//! The campaign itself is the package `tildel-bundles`. It is built optimised, as only then it is short enough to wait for, and it rests
//! on little, so that this takes a minute.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result, bail};
use clap::Args;

use crate::steps::Done;
use crate::workspace::Workspace;
use crate::{apt, shell};

/// How many, from which seed.
#[derive(Args)]
pub(crate) struct Options {
    /// Bundles that hold.
    #[arg(long, default_value_t = 2000)]
    count: u64,
    /// Bundles with one thing wrong.
    #[arg(long, default_value_t = 1000)]
    mutations: u64,
    /// What they are made up from; a run prints the one it used.
    #[arg(long)]
    seed: Option<u64>,
}

impl Options {
    /// The form that `cargo xtask test` runs.
    pub(crate) fn short() -> Self {
        Self { count: 2000, mutations: 1000, seed: None }
    }
}

/// The command.
pub(crate) fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    check(workspace, options).map(drop)
}

/// Builds the campaign and runs it. Without Python it fails: one side alone proves nothing.
pub(crate) fn check(workspace: &Workspace, options: &Options) -> Result<Done> {
    need_python()?;
    shell::run(&mut shell::cargo(
        workspace,
        ["build", "--quiet", "--release", "--locked", "--package", "tildel-bundles"],
    ))?;
    let program = workspace.target().join("release/tildel-bundles");
    let mut command: Command = shell::command(workspace, program);
    let seed = match (options.seed, shell::variable("TILDEL_TEST_SEED")) {
        (Some(seed), _) => seed,
        (None, Some(text)) => text.parse()?,
        (None, None) => fresh_seed(),
    };
    command.args(["--count", &options.count.to_string(), "--mutations", &options.mutations.to_string()]);
    shell::run(command.args(["--seed", &seed.to_string()]))?;
    Ok(Done::Passed)
}

/// Computes the shipped cases with the program already built, and has both verifiers judge their bundles.
pub(crate) fn check_cases(workspace: &Workspace) -> Result<Done> {
    need_python()?;
    let out = tempfile::Builder::new().prefix("tildel-cases-").tempdir()?;
    let program = workspace.built_program("tildel");
    let mut bundles = Vec::new();
    for case in subfolders(&workspace.root().join("cases"))? {
        let target = out.path().join(case.file_name().unwrap_or_default());
        let mut allocate = shell::command(workspace, &program);
        shell::run(allocate.arg("allocate").arg(&case).arg("--out").arg(&target))?;
        // A case of several plans has a folder for each.
        let folders = std::iter::once(target.clone()).chain(subfolders(&target)?);
        bundles.extend(folders.map(|folder| folder.join("bundle.json")).filter(|bundle| bundle.is_file()));
    }
    shell::run(shell::command(workspace, &program).arg("verify").args(&bundles))?;
    shell::run(shell::command(workspace, "python3").args(["-B", "verify/verify.py"]).args(&bundles))?;
    Ok(Done::Passed)
}

fn subfolders(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries =
        fs::read_dir(folder).with_context(|| format!("failed to read the folder {}", folder.display()))?;
    let mut folders: Vec<PathBuf> =
        entries.flatten().map(|entry| entry.path()).filter(|path| path.is_dir()).collect();
    folders.sort_unstable();
    Ok(folders)
}

/// Small enough to type.
#[expect(clippy::disallowed_methods, reason = "a seed that is printed may come from anywhere")]
fn fresh_seed() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| u64::from(time.subsec_micros()))
}

fn need_python() -> Result<()> {
    let is_there = || shell::succeeds(Command::new("python3").arg("--version"));
    if is_there() {
        return Ok(());
    }
    println!("installing Python 3 with apt-get");
    apt::install("python3")?;
    if !is_there() {
        bail!("Python 3 was installed but does not start");
    }
    Ok(())
}
