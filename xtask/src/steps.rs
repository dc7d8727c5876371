//! A list of steps: each with a line of progress and its time, and a table at the end.

use std::time::{Duration, Instant};

use anyhow::Result;

/// How a step ended well.
pub(crate) enum Done {
    /// It ran and found nothing.
    Passed,
    /// It could not run here; the reason is shown. Only for steps that need something optional.
    NotRun(String),
}

enum Outcome {
    Passed,
    NotRun(String),
    Failed { error: String, advice: &'static str },
}

struct Step {
    name: &'static str,
    outcome: Outcome,
    time: Duration,
}

/// The steps so far. A failed step does not stop the list.
#[derive(Default)]
pub(crate) struct Steps {
    steps: Vec<Step>,
}

impl Steps {
    /// Runs one step and returns whether it passed; `advice` says what to do when it fails.
    pub(crate) fn run(
        &mut self,
        name: &'static str,
        advice: &'static str,
        step: impl FnOnce() -> Result<Done>,
    ) -> bool {
        println!("\n=== {}. {name}", self.steps.len() + 1);
        let start = Instant::now();
        let outcome = match step() {
            Ok(Done::Passed) => Outcome::Passed,
            Ok(Done::NotRun(reason)) => Outcome::NotRun(reason),
            Err(error) => Outcome::Failed { error: format!("{error:#}"), advice },
        };
        let time = start.elapsed();
        match &outcome {
            Outcome::Passed => println!("=== {name}: passed in {}", shown(time)),
            Outcome::NotRun(reason) => println!("=== {name}: not run: {reason}"),
            Outcome::Failed { error, .. } => println!("=== {name}: FAILED in {}: {error}", shown(time)),
        }
        let passed = matches!(outcome, Outcome::Passed);
        self.steps.push(Step { name, outcome, time });
        passed
    }

    /// Notes a step that cannot run because an earlier one failed.
    pub(crate) fn blocked(&mut self, name: &'static str, by: &'static str) {
        self.run(name, "mend the step it waits for", || anyhow::bail!("not run, because `{by}` failed"));
    }

    /// Steps that passed.
    pub(crate) fn passed(&self) -> usize {
        self.steps.iter().filter(|step| matches!(step.outcome, Outcome::Passed)).count()
    }

    /// Steps that failed or were blocked.
    pub(crate) fn failed(&self) -> usize {
        self.steps.iter().filter(|step| matches!(step.outcome, Outcome::Failed { .. })).count()
    }

    /// The closing table, and below it what failed and what to do.
    pub(crate) fn print_table(&self) {
        println!();
        for step in &self.steps {
            let word = match step.outcome {
                Outcome::Passed => "passed",
                Outcome::NotRun(_) => "not run",
                Outcome::Failed { .. } => "FAILED",
            };
            println!("{:<24} {word:<8} {:>10}", step.name, shown(step.time));
        }
        for step in &self.steps {
            match &step.outcome {
                Outcome::Passed => {}
                Outcome::NotRun(reason) => println!("\n{} was not run: {reason}", step.name),
                Outcome::Failed { error, advice } => {
                    println!("\n{} failed: {error}\n  what to do: {advice}", step.name);
                }
            }
        }
    }
}

fn shown(time: Duration) -> String {
    let tenths = time.as_millis() / 100;
    format!("{}.{} s", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_step_is_counted_and_the_list_goes_on() {
        let mut steps = Steps::default();
        assert!(steps.run("a", "", || Ok(Done::Passed)));
        assert!(!steps.run("b", "", || anyhow::bail!("broken")));
        assert!(!steps.run("c", "", || Ok(Done::NotRun("no Python".into()))));
        steps.blocked("d", "b");
        assert_eq!((steps.passed(), steps.failed()), (1, 2));
    }

    #[test]
    fn times_show_tenths() {
        assert_eq!(shown(Duration::from_millis(12_340)), "12.3 s");
    }
}
