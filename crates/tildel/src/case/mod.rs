//! Cases: whole rounds as data, run through the same use cases as everything else.
//!
//! A case file tells who there is and what each did when. [`run`] plays it on a store with the case's own clock and seeded
//! ids, so that it comes out the same each time; `tildel case run` writes what came of it, and the embedded mode
//! starts with it.

mod access;
mod ballot;
mod cast;
mod check;
mod clock;
mod command;
mod file;
mod forum_steps;
mod minutes_text;
mod money_steps;
mod output;
mod practice;
mod round_steps;
mod setup;
mod sources;

use std::sync::Arc;

use anyhow::Result;
use jiff::Timestamp;
use tildel_storage::Store;
use tildel_usecases::ambient::SeededRandomness;
use tildel_usecases::{Randomness, Service, ServiceParts};

pub use access::{PracticeAccess, PracticeToken};
pub use command::command;
pub use file::CaseFile;
pub use practice::load_practice;
pub use sources::CaseSources;

use cast::Cast;
use clock::CaseClock;

/// Told after each step: how many are done, of how many, and what the last one was.
pub type Progress<'a> = &'a mut dyn FnMut(usize, usize, &str);

/// The steps of a case, in order, for the progress bar.
const STEPS: usize = 9;

/// What a played case leaves: the service that still stands at its last moment, and who and what there is.
pub(crate) struct Played {
    pub(crate) service: Service,
    /// Makes access tokens: with randomness of its own, as a seed that anybody can read must not open doors.
    pub(crate) token_service: Service,
    pub(crate) clock: Arc<CaseClock>,
    pub(crate) case: CaseFile,
    pub(crate) cast: Cast,
}

/// Plays a case on an empty, migrated store.
pub(crate) async fn play(
    sources: &CaseSources,
    store: Store,
    journal_key: Vec<u8>,
    secrets: Arc<dyn Randomness>,
    progress: Progress<'_>,
) -> Result<Played> {
    let case = CaseFile::parse(&sources.case)?;
    let clock = Arc::new(CaseClock::new(case.begins_at));
    let service_with = |randomness: Arc<dyn Randomness>| {
        Service::new(ServiceParts {
            store: store.clone(),
            clock: clock.clone(),
            randomness,
            journal_key: journal_key.clone(),
            concurrent_calls: 1,
        })
    };
    let service = service_with(Arc::new(SeededRandomness::new(case.seed)));
    let token_service = service_with(secrets);
    let mut played = Played { service, token_service, clock, case, cast: Cast::default() };
    let mut done = 0;
    let mut step = |name: &str| {
        done += 1;
        progress(done, STEPS, name);
    };
    setup::people_and_bodies(&mut played, sources).await?;
    step("offices, people, forums");
    setup::headcounts(&mut played).await?;
    step("headcounts");
    round_steps::call(&mut played).await?;
    step("call");
    round_steps::apply(&mut played).await?;
    step("applications");
    round_steps::screen(&mut played).await?;
    step("screening");
    forum_steps::meet(&mut played).await?;
    step("forum meetings");
    money_steps::decide(&mut played).await?;
    step("decision");
    money_steps::inform(&mut played).await?;
    step("information letter");
    money_steps::grant_amounts(&mut played).await?;
    step("amounts and letter");
    Ok(played)
}

impl Played {
    /// Sets the case's clock. It never goes back: a case that asks for it is broken.
    pub(crate) fn at(&self, instant: Timestamp) -> Result<()> {
        self.clock.set(instant)
    }
}
