//! `cargo xtask test`: every check and test, on both databases, with nothing skipped in silence.

use std::fs;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use clap::Args;

use crate::steps::{Done, Steps};
use crate::test_counts::TestCounts;
use crate::workspace::Workspace;
use crate::{bundles, crash, house, licences, migrations, postgres, schemathesis, shell, spec};

/// What to leave out.
#[derive(Args)]
pub(crate) struct Options {
    /// Leave out the campaigns of bundles and crashes, the tests of documentation and schemathesis.
    #[arg(long)]
    quick: bool,
}

/// The build step, which later steps wait for.
const BUILD: &str = "build";

/// Runs all steps and prints the result; a failure if any failed.
pub(crate) fn run(workspace: &Workspace, options: &Options) -> ExitCode {
    let mut steps = Steps::default();
    let mut counts = TestCounts::default();
    checks(workspace, &mut steps);
    let built = steps.run(BUILD, "mend what the compiler says", || {
        // All packages and targets at once: cargo then settles on one set of features and compiles nothing twice.
        shell::run(&mut shell::cargo(workspace, ["build", "--workspace", "--all-targets", "--locked"]))?;
        Ok(Done::Passed)
    });
    if built {
        after_build(workspace, options, &mut steps, &mut counts);
    } else {
        for name in ["document", "cases", "postgresql", "tests"] {
            steps.blocked(name, BUILD);
        }
    }
    steps.print_table();
    close(options, &steps, &counts)
}

/// What needs no build. Formatting and lints come first since they fail soonest.
fn checks(workspace: &Workspace, steps: &mut Steps) {
    steps.run("format", "run `cargo fmt --all`", || {
        shell::run(&mut shell::cargo(workspace, ["fmt", "--all", "--check"]))?;
        Ok(Done::Passed)
    });
    steps
        .run("house", "see docs and xtask/src/house for the reason of each rule", || house::check(workspace));
    steps.run("migrations", "see xtask/src/migrations/rules.rs for the reason of each rule", || {
        migrations::check(workspace)
    });
    steps.run("licences", "choose another package, or allow the licence in deny.toml", || {
        licences::check(workspace)
    });
    steps.run("clippy", "mend what clippy says", || {
        let lints = ["clippy", "--workspace", "--all-targets", "--locked", "--", "-D", "warnings"];
        shell::run(&mut shell::cargo(workspace, lints))?;
        Ok(Done::Passed)
    });
}

fn after_build(workspace: &Workspace, options: &Options, steps: &mut Steps, counts: &mut TestCounts) {
    steps.run("document", "run `cargo xtask spec` and commit the document", || spec::check(workspace));
    steps.run("postgresql", "install PostgreSQL, or set PG_BIN or TILDEL_TEST_POSTGRES", || {
        postgres::start(workspace)
    });
    steps.run("tests", "see the failures above; run one with `cargo test -p <package> <name>`", || {
        run_tests(workspace, counts)
    });
    steps.run(
        "cases",
        "compute the case named above with `tildel allocate`, and compare the verifiers",
        || bundles::check_cases(workspace),
    );
    if !options.quick {
        steps.run("bundles", "repeat with `cargo xtask bundles --seed <the seed above>`", || {
            bundles::check(workspace, &bundles::Options::short())
        });
        steps.run("crash", "repeat with the seed above: TILDEL_TEST_SEED=<seed> cargo xtask crash", || {
            crash::check(workspace, &crash::Options::short())
        });
    }
    postgres::stop(workspace);
    if options.quick {
        return;
    }
    steps.run("documentation tests", "mend the examples in the doc comments", || {
        run_documentation_tests(workspace, counts)
    });
    steps.run("schemathesis", "repeat with `cargo xtask schemathesis --seed <the seed above>`", || {
        schemathesis::check(workspace, &schemathesis::Options::short())
    });
}

fn run_tests(workspace: &Workspace, counts: &mut TestCounts) -> Result<Done> {
    let has_nextest = shell::succeeds(&mut shell::cargo(workspace, ["nextest", "--version"]));
    let (ended_well, found) = if has_nextest { run_nextest(workspace)? } else { run_cargo_test(workspace)? };
    let lonely: Vec<String> = found.on_one_database_only().into_iter().map(str::to_owned).collect();
    let failed = found.failed;
    counts.extend(found);
    if failed > 0 || !ended_well {
        bail!("{failed} tests failed");
    }
    if !lonely.is_empty() {
        bail!("some tests ran on one database only: {}", lonely.join(", "));
    }
    Ok(Done::Passed)
}

/// The report is removed first, so that an old one cannot be counted.
fn run_nextest(workspace: &Workspace) -> Result<(bool, TestCounts)> {
    // nextest keeps its reports below the workspace, wherever cargo's target folder is.
    let report = workspace.root().join("target/nextest/default/junit.xml");
    if report.exists() {
        fs::remove_file(&report).with_context(|| format!("failed to remove {}", report.display()))?;
    }
    let arguments =
        ["nextest", "run", "--workspace", "--locked", "--profile", "default", "--run-ignored", "all"];
    let ended_well = shell::run(&mut shell::cargo(workspace, arguments)).is_ok();
    let text = fs::read_to_string(&report).context("nextest left no report of the tests")?;
    Ok((ended_well, TestCounts::from_junit(&text)))
}

fn run_cargo_test(workspace: &Workspace) -> Result<(bool, TestCounts)> {
    let mut counts = TestCounts::default();
    println!("cargo-nextest is not installed: running the same tests with `cargo test`");
    let arguments =
        ["test", "--workspace", "--all-targets", "--locked", "--no-fail-fast", "--", "--include-ignored"];
    let mut command = shell::cargo(workspace, arguments);
    let ended_well = shell::watch(&mut command, |line| counts.see_libtest_line(line))?;
    Ok((ended_well, counts))
}

fn run_documentation_tests(workspace: &Workspace, counts: &mut TestCounts) -> Result<Done> {
    let mut found = TestCounts::default();
    let mut command = shell::cargo(workspace, ["test", "--workspace", "--doc", "--locked", "--no-fail-fast"]);
    let ended_well = shell::watch(&mut command, |line| found.see_libtest_line(line))?;
    let failed = found.failed;
    counts.extend(found);
    if !ended_well {
        bail!("{failed} documentation tests failed");
    }
    Ok(Done::Passed)
}

/// The last lines: what ran on which database, and the sum of steps and tests.
fn close(options: &Options, steps: &Steps, counts: &TestCounts) -> ExitCode {
    if options.quick {
        println!("\n--quick left out: campaigns of bundles and crashes, documentation tests, schemathesis");
    }
    let (sqlite, postgres) = counts.by_database();
    let failed = steps.failed() + counts.failed;
    println!("\nsqlite: {sqlite}, postgres: {postgres}");
    println!("{} passed, {failed} failed", steps.passed() + counts.passed);
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
