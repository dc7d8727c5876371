//! `tildel municipality` without files: by what was read of Klass.

use anyhow::{Context, Result, anyhow};
use tildel_usecases::{Credentials, sources};

use super::token::installer;
use crate::municipality::{Arguments, said};
use crate::settings::Settings;
use crate::{database, wiring};

pub(super) async fn tell(settings: &Settings, arguments: Arguments) -> Result<()> {
    let store = database::open_migrated(settings).await?;
    let service = wiring::service(settings, store, &database::journal_key(settings)?);
    let history = service.read(Credentials::Internal(installer()), sources::municipality_history).await;
    let history = history.context("failed to read the history of municipalities")?;
    let Some(text) = said(&arguments, &history, super::today()) else {
        let advice = if history.codes().len() == 0 {
            "Nothing was read of Klass yet: run `tildel sources fetch klass-municipalities`, or give files with --from."
        } else {
            "Look the number up, or read Klass again with `tildel sources fetch klass-municipalities`."
        };
        return Err(anyhow!(
            "The number {} does not occur in what was read of Klass. {advice}",
            arguments.number
        ));
    };
    print!("{}", text.map_err(|error| anyhow!(error))?);
    Ok(())
}
