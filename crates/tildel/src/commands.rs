//! What each command does.

mod api;
mod bundles;
mod healthcheck;
mod jobs;
mod journal;
mod municipalities;
mod probes;
mod sources;
mod token;
mod worker;

use std::future::Future;
use std::time::Duration;

use anyhow::{Context, Result};

use crate::cli::{
    CaseCommand, Cli, Command, ConfigCommand, Failed, JobsCommand, JournalCommand, SchemaDocument,
    SourcesArguments, SourcesCommand, TokenCommand,
};
use crate::settings::{self, Environment, Settings};
use crate::{apportion, case, count, database, embedded, municipality, plan_case, stop, telemetry, wiring};

/// How long the process waits at its end for work that cannot be broken off, such as a database call.
const LAST_PATIENCE: Duration = Duration::from_secs(2);

/// Does what the command line says.
pub(crate) fn run(cli: Cli) -> Result<(), Failed> {
    // These are the same whatever the configuration says, also where that is broken.
    match &cli.command {
        Some(Command::Openapi) => {
            println!("{}", tildel_api::openapi_json());
            return Ok(());
        }
        Some(Command::Schema { document: SchemaDocument::FundingModel }) => {
            println!("{:#}", tildel_allocation::model::funding_model_schema());
            return Ok(());
        }
        Some(Command::Allocate { case, out }) => return Ok(plan_case::command(case, out)?),
        Some(Command::Verify { bundles }) => {
            return if bundles::verify(bundles) { Ok(()) } else { Err(Failed::No) };
        }
        Some(Command::Apportion(arguments)) => {
            print!("{}", apportion::run(arguments).map_err(Failed::Arguments)?);
            return Ok(());
        }
        Some(Command::Count(arguments)) => {
            print!("{}", count::run(arguments).map_err(Failed::Arguments)?);
            return Ok(());
        }
        Some(Command::Municipality(arguments)) if !arguments.from.is_empty() => {
            print!("{}", municipality::run(arguments, today()).map_err(Failed::Arguments)?);
            return Ok(());
        }
        _ => {}
    }
    let settings = settings::load(cli.config.as_deref(), &Environment::of_process())?;
    match cli.command.unwrap_or(Command::Serve) {
        Command::Openapi
        | Command::Schema { .. }
        | Command::Allocate { .. }
        | Command::Verify { .. }
        | Command::Apportion(_)
        | Command::Count(_) => {}
        Command::Config(ConfigCommand::Check) => check(&settings)?,
        Command::Healthcheck { url } => healthcheck::run(&settings, url)?,
        Command::Case(CaseCommand::Run { folder, out }) => {
            telemetry::start(&settings.log)?;
            to_the_end(case::command(&folder, &out))?;
        }
        command => {
            let figures = telemetry::start(&settings.log)?;
            to_the_end(serve_or_ask(command, &settings, figures))?;
        }
    }
    Ok(())
}

/// The day in Norway, for a command that is told none.
#[expect(clippy::disallowed_methods, reason = "the program itself is where the time comes from")]
fn today() -> jiff::civil::Date {
    let now = jiff::Timestamp::now();
    now.in_tz("Europe/Oslo").unwrap_or_else(|_| now.to_zoned(jiff::tz::TimeZone::UTC)).date()
}

/// Commands that need the database.
async fn serve_or_ask(command: Command, settings: &Settings, figures: telemetry::Figures) -> Result<()> {
    match command {
        Command::Serve => embedded::run(settings, figures, stop::on_signals()?).await,
        Command::Api => api::run(settings, figures, stop::on_signals()?).await,
        Command::Worker => worker::run(settings, figures, stop::on_signals()?).await,
        Command::Migrate => until_stopped(migrate(settings)).await,
        Command::Token(TokenCommand::Create(what)) => until_stopped(token::create(settings, what)).await,
        Command::Journal(JournalCommand::Verify) => until_stopped(journal::verify(settings)).await,
        Command::Jobs(JobsCommand::List { state, limit }) => {
            until_stopped(jobs::list(settings, state.as_deref(), limit)).await
        }
        Command::Jobs(JobsCommand::Retry { id }) => until_stopped(jobs::retry(settings, id)).await,
        Command::Sources(SourcesArguments { command: None, json }) => {
            until_stopped(sources::list(settings, json)).await
        }
        Command::Sources(SourcesArguments { command: Some(SourcesCommand::Fetch(what)), .. }) => {
            until_stopped(sources::fetch(settings, what)).await
        }
        Command::Municipality(arguments) => until_stopped(municipalities::tell(settings, arguments)).await,
        // Done before the database is asked.
        _ => Ok(()),
    }
}

/// Runs an asynchronous command on threads of its own.
fn to_the_end(command: impl Future<Output = Result<()>>) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("failed to start the threads of the program")?;
    let outcome = runtime.block_on(command);
    runtime.shutdown_timeout(LAST_PATIENCE);
    outcome
}

/// Breaks a command off that is told to stop: what it had not committed is undone.
async fn until_stopped(command: impl Future<Output = Result<()>>) -> Result<()> {
    let stop = stop::on_signals()?;
    tokio::select! {
        outcome = command => outcome,
        () = stop.cancelled() => anyhow::bail!("Stopped before the command was done. Run it again."),
    }
}

fn check(settings: &Settings) -> Result<()> {
    let shown = toml::to_string(settings).context("failed to write the configuration")?;
    print!("{shown}");
    Ok(())
}

async fn migrate(settings: &Settings) -> Result<()> {
    let store = database::open(settings).await?;
    let applied =
        wiring::blocking(move || store.migrate().context("failed to bring the schema up to date")).await?;
    for name in &applied {
        println!("applied {name}");
    }
    println!("the schema is up to date");
    Ok(())
}
