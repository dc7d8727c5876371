//! `tildel municipality`: what a municipality number was, is and became.

mod arguments;
mod show;

use std::fs;

use jiff::civil::Date;
use tildel_registers::klass::KlassFile;
use tildel_registers::municipality::{History, SplitWeights, tell};

pub(crate) use arguments::Arguments;

/// Tells what becomes of the number by the files of the arguments; what is wrong with them is told in one sentence.
pub(crate) fn run(arguments: &Arguments, today: Date) -> Result<String, String> {
    let history = history(arguments)?;
    said(arguments, &history, today)
        .unwrap_or_else(|| Err(format!("the number `{}` occurs in none of the files", arguments.number)))
}

/// What there is to say by a history; none where the number does not occur in it.
pub(crate) fn said(arguments: &Arguments, history: &History, today: Date) -> Option<Result<String, String>> {
    let day = arguments.as_of.unwrap_or(today);
    let told = tell(history, &arguments.number, day, &SplitWeights::none())?;
    if !arguments.json {
        return Some(Ok(show::text(&told)));
    }
    // The struct has nothing that JSON can not hold.
    let json = serde_json::to_string_pretty(&told).map_err(|error| error.to_string());
    Some(json.map(|json| format!("{json}\n")))
}

fn history(arguments: &Arguments) -> Result<History, String> {
    let mut builder = History::builder();
    for path in &arguments.from {
        let failed =
            |what: &dyn std::fmt::Display| format!("the file {} can not be read: {what}", path.display());
        let body = fs::read(path).map_err(|error| failed(&error))?;
        builder = match KlassFile::read(&body).map_err(|error| failed(&error))? {
            KlassFile::Changes(changes) => builder.changes(changes),
            KlassFile::Codes(codes) => builder.codes(codes),
        };
    }
    Ok(builder.build())
}
