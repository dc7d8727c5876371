//! `tildel municipality`: what a municipality number was, is and became.

mod arguments;
mod show;

use std::fs;

use jiff::civil::Date;
use tildel_registers::klass::KlassFile;
use tildel_registers::municipality::{History, SplitWeights, tell};

pub(crate) use arguments::Arguments;

/// Reads the files and tells what becomes of the number; what is wrong with the arguments is told in one sentence.
pub(crate) fn run(arguments: &Arguments, today: Date) -> Result<String, String> {
    let history = history(arguments)?;
    let day = arguments.as_of.unwrap_or(today);
    let number = &arguments.number;
    let Some(told) = tell(&history, number, day, &SplitWeights::none()) else {
        return Err(format!("the number `{number}` occurs in none of the files"));
    };
    if arguments.json {
        // The struct has nothing that JSON can not hold.
        let json = serde_json::to_string_pretty(&told).map_err(|error| error.to_string())?;
        return Ok(format!("{json}\n"));
    }
    Ok(show::text(&told))
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
