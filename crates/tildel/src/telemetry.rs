//! Logs and figures: set up once, at start, for the whole process.

mod figures;
mod logs;

use anyhow::Result;

use crate::settings::LogSettings;

pub(crate) use figures::{Figures, keep_up};

/// Starts to log and to count.
pub(crate) fn start(settings: &LogSettings) -> Result<Figures> {
    logs::start(settings)?;
    figures::start()
}
