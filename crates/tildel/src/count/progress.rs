//! How far a long count is: a line that is renewed, on a terminal only.

use std::io::IsTerminal;
use std::ops::ControlFlow;

use indicatif::ProgressBar;
use tildel_voting::BudgetProgress;

/// Shows progress on standard error.
pub(super) struct Progress(Option<ProgressBar>);

impl Progress {
    pub(super) fn new() -> Self {
        Self(std::io::stderr().is_terminal().then(ProgressBar::new_spinner))
    }

    /// Tells a step. The count always goes on: who tires of it presses Ctrl-C.
    pub(super) fn tell(&mut self, step: BudgetProgress) -> ControlFlow<()> {
        if let Some(bar) = &self.0 {
            bar.set_message(match step {
                BudgetProgress::ShareRound { round, .. } => format!("round {round} of equal shares"),
                BudgetProgress::Selected { selected } => format!("{selected} projects selected"),
            });
            bar.tick();
        }
        ControlFlow::Continue(())
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some(bar) = &self.0 {
            bar.finish_and_clear();
        }
    }
}
