//! The stub as a program.

use std::net::IpAddr;
use std::process::ExitCode;

use clap::Parser;
use jiff::Timestamp;
use tildel_register_stub::{Scene, Stub, server};

/// Answers as the Norwegian registers do, from made-up data, with faults on demand.
#[derive(Parser)]
struct Options {
    /// The address to listen at.
    #[arg(long, default_value = "127.0.0.1")]
    bind: IpAddr,
    /// The port to listen at.
    #[arg(long, default_value_t = 8099)]
    port: u16,
    /// Made-up units besides the practice data.
    #[arg(long, default_value_t = 0)]
    units: usize,
    /// Entries of the feed on made-up units.
    #[arg(long, default_value_t = 0)]
    entries: usize,
    /// What units and entries are made up from.
    #[arg(long, default_value_t = 2026)]
    seed: u64,
    /// When the files of last night were made; the feed begins there. The same instant and seed give the same answers.
    #[arg(long, value_name = "INSTANT", default_value = "2026-11-01T03:00:00Z")]
    at: Timestamp,
}

fn main() -> ExitCode {
    let options = Options::parse();
    let scene = Scene::practice(options.at).with_synthetic(options.units, options.entries, options.seed);
    let (units, entries) = scene.size();
    let stub = Stub::new(scene, now);
    let served = server::serve(
        (options.bind, options.port),
        move |asked, _| stub.answer(asked),
        |at| {
            println!(
                "The registers' stub answers at http://{at}/ with {units} units and {entries} entries of feeds."
            );
        },
    );
    match served {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: failed to listen at {}:{}: {error}", options.bind, options.port);
            ExitCode::FAILURE
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "what is changed by hand is dated by the clock on the wall")]
fn now() -> Timestamp {
    Timestamp::now()
}
