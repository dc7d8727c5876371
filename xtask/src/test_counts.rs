//! Counting tests, in all and on each database, from what the test runner reports.

use std::collections::BTreeSet;

/// Results of tests. A test made by `both_backends!` is named `…::sqlite` or `…::postgres`.
#[derive(Debug, Default)]
pub(crate) struct TestCounts {
    pub(crate) passed: usize,
    pub(crate) failed: usize,
    sqlite: BTreeSet<String>,
    postgres: BTreeSet<String>,
    /// Test programs seen so far: two programs may have tests of the same name.
    programs: usize,
}

impl TestCounts {
    /// Reads a `JUnit` report, as nextest writes it.
    pub(crate) fn from_junit(report: &str) -> Self {
        let mut counts = Self::default();
        let suites = report.split("<testsuite ").skip(1);
        for suite in suites {
            let program = attribute(suite, "name").unwrap_or_default();
            for case in suite.split("<testcase ").skip(1) {
                let name = attribute(case, "name").unwrap_or_default();
                // Failures of earlier tries are `<flakyFailure` and `<rerunFailure`; the profile has no retries.
                let failed = case.contains("<failure") || case.contains("<error");
                counts.add(&format!("{program}::{name}"), !failed);
            }
        }
        counts
    }

    /// Reads one line of `cargo test`: `running 3 tests`, then `test some::name ... ok`.
    pub(crate) fn see_libtest_line(&mut self, line: &str) {
        if line.starts_with("running ") {
            self.programs += 1;
        }
        let Some((name, result)) = line.strip_prefix("test ").and_then(|rest| rest.split_once(" ... "))
        else {
            return;
        };
        let name = format!("program {}::{name}", self.programs);
        match result {
            "ok" => self.add(&name, true),
            "FAILED" => self.add(&name, false),
            _ => {}
        }
    }

    /// Adds the results of another run.
    pub(crate) fn extend(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.sqlite.extend(other.sqlite);
        self.postgres.extend(other.postgres);
    }

    /// Tests that ran on `SQLite` and on `PostgreSQL`.
    pub(crate) fn by_database(&self) -> (usize, usize) {
        (self.sqlite.len(), self.postgres.len())
    }

    /// Tests that ran on one of the databases only, without the last part of their names.
    pub(crate) fn on_one_database_only(&self) -> Vec<&str> {
        self.sqlite.symmetric_difference(&self.postgres).map(String::as_str).collect()
    }

    fn add(&mut self, name: &str, passed: bool) {
        if passed {
            self.passed += 1;
        } else {
            self.failed += 1;
        }
        if let Some(base) = name.strip_suffix("::sqlite") {
            self.sqlite.insert(base.to_owned());
        } else if let Some(base) = name.strip_suffix("::postgres") {
            self.postgres.insert(base.to_owned());
        }
    }
}

/// The value of an attribute in the tag that the text begins inside of.
fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let tag = tag.split('>').next()?;
    let value = tag.split_once(&format!("{name}=\""))?.1;
    value.split('"').next()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The form nextest 0.9.143 writes.
    const REPORT: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="nextest-run" tests="4" failures="1" errors="0" uuid="x" time="0.1">
    <testsuite name="tildel-storage::jobs" tests="3" disabled="0" errors="0" failures="1">
        <testcase name="claim_is_single::sqlite" classname="tildel-storage::jobs" time="0.021">
        </testcase>
        <testcase name="claim_is_single::postgres" classname="tildel-storage::jobs" time="0.105">
            <failure type="test failure">thread panicked</failure>
        </testcase>
        <testcase name="lonely::sqlite" classname="tildel-storage::jobs" time="0.105">
        </testcase>
    </testsuite>
    <testsuite name="tildel-domain" tests="1" disabled="0" errors="0" failures="0">
        <testcase name="nok::adds" classname="tildel-domain" time="0.004">
        </testcase>
    </testsuite>
</testsuites>"#;

    #[test]
    fn a_junit_report_is_counted_by_database() {
        let counts = TestCounts::from_junit(REPORT);
        assert_eq!((counts.passed, counts.failed), (3, 1));
        assert_eq!(counts.by_database(), (2, 1));
        assert_eq!(counts.on_one_database_only(), ["tildel-storage::jobs::lonely"]);
    }

    #[test]
    fn libtest_lines_are_counted_by_program() {
        let mut counts = TestCounts::default();
        for line in [
            "running 3 tests",
            "test a::sqlite ... ok",
            "test a::postgres ... FAILED",
            "test result: FAILED. 1 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out",
            "running 2 tests",
            "test a::sqlite ... ok",
            "test src/lib.rs - c (line 3) ... ok",
            "test src/lib.rs - d (line 9) ... ignored",
        ] {
            counts.see_libtest_line(line);
        }
        assert_eq!((counts.passed, counts.failed), (3, 1));
        assert_eq!(counts.by_database(), (2, 1));
        assert_eq!(counts.on_one_database_only(), ["program 2::a"]);
    }
}
