//! The long forms of the campaigns on forums.

use std::time::Instant;

use anyhow::Result;
use tildel_test_support::TestRandom;
use tildel_tests::{histories as played, interference as compared};

use crate::{Databases, name_of};

/// How many and on what.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// Forums or histories on each database.
    #[arg(long)]
    count: usize,
    /// On which databases.
    #[arg(long, value_enum)]
    backend: Databases,
}

/// What recused members learn.
pub(crate) async fn interference(options: &Options) -> Result<()> {
    let random = TestRandom::from_environment();
    for backend in options.backend.list() {
        let begun = Instant::now();
        let report = compared::report(*backend, options.count, &random).await?;
        println!("{}: {report}; {} s", name_of(*backend), begun.elapsed().as_secs());
    }
    Ok(())
}

/// Whether what clients were told can have happened.
pub(crate) async fn histories(options: &Options) -> Result<()> {
    let random = TestRandom::from_environment();
    for backend in options.backend.list() {
        let begun = Instant::now();
        let report = played::report(*backend, options.count, &random).await?;
        println!("{}: {report}; {} s", name_of(*backend), begun.elapsed().as_secs());
    }
    Ok(())
}
