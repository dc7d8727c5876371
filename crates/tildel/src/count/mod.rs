//! `tildel count`: counts a budget vote in the Pabulib format.

mod arguments;
mod progress;
mod show;

use std::time::Instant;

use tildel_voting::{PabulibVote, tally_budget_with};

pub(crate) use arguments::Arguments;

use progress::Progress;

/// Counts, and gives the text to print; what is wrong with the file or the arguments is told in one sentence.
pub(crate) fn run(arguments: &Arguments) -> Result<String, String> {
    let (rule, ties) = (arguments.rule()?, arguments.ties()?);
    let file = arguments.file.display();
    let bytes = std::fs::read(&arguments.file).map_err(|error| format!("{file} can not be read: {error}"))?;
    let vote = PabulibVote::read(&bytes).map_err(|error| format!("{file}: {error}"))?;
    let instance = vote.instance().map_err(|error| format!("{file}: {error}"))?;
    let mut progress = Progress::new();
    let start = Instant::now();
    let tally = tally_budget_with(&instance, &rule, &ties, &mut |step| progress.tell(step))
        .map_err(|error| format!("{file}: {error}"))?;
    let seconds = start.elapsed();
    drop(progress);
    let report = tally.report();
    Ok(if arguments.json {
        show::json(arguments, &report, seconds)
    } else {
        show::table(&vote, &report, seconds)
    })
}
