//! The command line, and how the program tells that something went wrong.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand, ValueEnum};
use jiff::Timestamp;
use tildel_domain::source::SourceName;
use uuid::Uuid;

use crate::settings::SettingsError;
use crate::{apportion, count, municipality};

/// Exit code where the command line or the configuration is wrong: nothing was tried.
const EXIT_USAGE: u8 = 2;

/// Norwegian multi-year public grants, from the call to the last settled krone.
///
/// Without a command: everything in one process on data in ./tildel-data, with a practice case.
#[derive(Debug, Parser)]
#[command(name = "tildel", version)]
pub(crate) struct Cli {
    /// A configuration file; `TILDEL_CONFIG_FILE` names one too.
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Serve API and worker in one process, with a practice case on first start (the default).
    Serve,
    /// Serve the HTTP API.
    Api,
    /// Do the work that falls due: deadlines, plans, letters.
    Worker,
    /// Bring the database's schema up to this program's version.
    Migrate,
    /// Ask a running process whether it is ready; the exit code tells.
    Healthcheck {
        /// What to ask; the API of the configuration if not given.
        #[arg(long)]
        url: Option<String>,
    },
    /// Print the OpenAPI document.
    Openapi,
    /// Access tokens.
    #[command(subcommand)]
    Token(TokenCommand),
    /// The configuration.
    #[command(subcommand)]
    Config(ConfigCommand),
    /// The journal.
    #[command(subcommand)]
    Journal(JournalCommand),
    /// Work in the queue.
    #[command(subcommand)]
    Jobs(JobsCommand),
    /// Registers that Tildel reads: how they stand, or read one now.
    Sources(SourcesArguments),
    /// Cases: whole rounds as data.
    #[command(subcommand)]
    Case(CaseCommand),
    /// Compute the amounts of a case, without a server.
    Allocate {
        /// The case: a folder such as cases/dekomp-rogaland, a .toml or .json file, or a bundle.
        case: PathBuf,
        /// The folder to write to.
        #[arg(long, value_name = "FOLDER")]
        out: PathBuf,
    },
    /// Compute bundles again; the exit code tells whether all hold.
    Verify {
        /// The files.
        #[arg(required = true, value_name = "BUNDLE")]
        bundles: Vec<PathBuf>,
    },
    /// Split a total over weights in whole units.
    Apportion(apportion::Arguments),
    /// Count a budget vote in the Pabulib format.
    Count(count::Arguments),
    /// Tell what a municipality number was, is and became, by what was read of SSB's Klass or by files of it.
    Municipality(municipality::Arguments),
    /// Print the JSON Schema of a document, for editors.
    Schema {
        /// Of which document.
        document: SchemaDocument,
    },
}

/// Documents that have a JSON Schema.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum SchemaDocument {
    /// A funding model.
    FundingModel,
}

/// Commands on access tokens.
#[derive(Debug, Subcommand)]
pub(crate) enum TokenCommand {
    /// Register a person, or take one that is there, and print a new token. It is shown this once.
    Create(TokenCreate),
}

/// What a token is made of.
#[derive(Args, Debug)]
pub(crate) struct TokenCreate {
    #[arg(long, help = "applicant, member, chair, case_officer, approver, directorate or admin")]
    pub(crate) role: String,
    /// Name of the new person; with --person, what the token is for.
    #[arg(long)]
    pub(crate) name: String,
    /// Key of the office that the person works for.
    #[arg(long, value_name = "KEY")]
    pub(crate) office: Option<String>,
    /// Organisation number of whom the person acts for.
    #[arg(long, value_name = "NUMBER")]
    pub(crate) organisation: Option<String>,
    /// A person that is registered already.
    #[arg(long, value_name = "ID", conflicts_with_all = ["office", "organisation"])]
    pub(crate) person: Option<Uuid>,
}

/// Commands on the configuration.
#[derive(Debug, Subcommand)]
pub(crate) enum ConfigCommand {
    /// Check the configuration and print what came out of all layers, without secrets.
    Check,
}

/// Commands on the journal.
#[derive(Debug, Subcommand)]
pub(crate) enum JournalCommand {
    /// Recompute the chain of all entries; the exit code tells whether it is whole.
    Verify,
}

/// Commands on the queue.
#[derive(Debug, Subcommand)]
pub(crate) enum JobsCommand {
    /// List the newest jobs.
    List {
        /// Only those in this state: ready, running, done, dead or cancelled.
        #[arg(long)]
        state: Option<String>,
        /// How many at most.
        #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=1000))]
        limit: u32,
    },
    /// Put a dead job into the queue again.
    Retry {
        /// Its id.
        id: Uuid,
    },
}

/// What is asked of sources.
#[derive(Args, Debug)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct SourcesArguments {
    #[command(subcommand)]
    pub(crate) command: Option<SourcesCommand>,
    /// Print JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

/// Commands on sources.
#[derive(Debug, Subcommand)]
pub(crate) enum SourcesCommand {
    /// Read a source now, from its address or from files. Broken off, it goes on where it was when it is run again.
    Fetch(SourcesFetch),
}

/// What to read.
#[derive(Args, Debug)]
pub(crate) struct SourcesFetch {
    /// The source, such as enhetsregisteret-sub-units, nsr or klass-municipalities; `tildel sources` lists them.
    #[arg(value_parser = source_name)]
    pub(crate) name: SourceName,
    /// Read these files instead of the source's address. A national file of Enhetsregisteret, packed or not, or any
    /// answer that was saved.
    #[arg(long = "from", num_args = 1.., value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// When the files were made, such as 2026-11-20T04:00:00Z, where they do not say so themselves.
    #[arg(long, value_name = "INSTANT", requires = "files")]
    pub(crate) as_of: Option<Timestamp>,
    /// Print JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

fn source_name(text: &str) -> Result<SourceName, String> {
    text.parse().map_err(|_| {
        let names = SourceName::ALL.map(SourceName::as_str).join(", ");
        format!("take one of {names}")
    })
}

/// Commands on cases.
#[derive(Debug, Subcommand)]
pub(crate) enum CaseCommand {
    /// Run a whole round from a folder and write amounts, minutes and letters.
    Run {
        /// The folder of the case, such as cases/rogaland-2020.
        folder: PathBuf,
        /// The folder to write to.
        #[arg(long, value_name = "FOLDER")]
        out: PathBuf,
    },
}

/// Why the program ends without having done what it was asked.
pub(crate) enum Failed {
    /// The command line; also where it asks for help, which is no failure.
    Usage(clap::Error),
    /// The configuration.
    Settings(SettingsError),
    /// What the arguments ask for can not be done.
    Arguments(String),
    /// The answer is no, and it was printed.
    No,
    /// Anything else.
    Run(anyhow::Error),
}

impl Failed {
    /// Tells it in one sentence and gives the exit code.
    pub(crate) fn tell(self) -> ExitCode {
        match self {
            Self::Usage(error) if !error.use_stderr() => {
                // Nobody is left to be told if help can not be printed.
                let _ = error.print();
                ExitCode::SUCCESS
            }
            Self::Usage(error) => {
                eprintln!("tildel: {} Run `tildel --help` for all commands.", sentence(&error));
                ExitCode::from(EXIT_USAGE)
            }
            Self::Settings(error) => {
                eprintln!("tildel: {error}");
                ExitCode::from(EXIT_USAGE)
            }
            Self::Arguments(sentence) => {
                eprintln!("tildel: {sentence}.");
                ExitCode::from(EXIT_USAGE)
            }
            Self::No => ExitCode::FAILURE,
            Self::Run(error) => {
                eprintln!("tildel: {error:#}");
                ExitCode::FAILURE
            }
        }
    }
}

impl From<clap::Error> for Failed {
    fn from(error: clap::Error) -> Self {
        Self::Usage(error)
    }
}

impl From<SettingsError> for Failed {
    fn from(error: SettingsError) -> Self {
        Self::Settings(error)
    }
}

impl From<anyhow::Error> for Failed {
    fn from(error: anyhow::Error) -> Self {
        Self::Run(error)
    }
}

/// clap's several lines up to the usage, as one sentence.
fn sentence(error: &clap::Error) -> String {
    let text = error.to_string();
    let lines = text.lines().take_while(|line| !line.starts_with("Usage:")).map(str::trim);
    let words: Vec<&str> = lines.filter(|line| !line.is_empty() && !line.starts_with("For more")).collect();
    let joined = words.join("; ").replace(":; ", ": ").replace("tip: ", "");
    format!("{}.", joined.trim_start_matches("error: "))
}
