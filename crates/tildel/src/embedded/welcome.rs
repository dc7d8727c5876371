//! What a newcomer sees: where to go, how to sign in, what to try.

use std::fmt::Write;

use super::Home;
use crate::case::{PracticeAccess, PracticeToken};
use crate::settings::Settings;

/// Prints it on standard output.
pub(super) fn print(home: &Home, settings: &Settings, url: &str) {
    println!("{}", text(home, settings, url));
}

fn text(home: &Home, settings: &Settings, url: &str) -> String {
    let mut text = format!("tildel {}\n\n", env!("CARGO_PKG_VERSION"));
    let place = if settings.database.url.is_empty() {
        format!("in {}", settings.data_dir.display())
    } else {
        "in the database of the configuration".to_owned()
    };
    // Writing to a text can not fail.
    let _ = match (home.is_new, &home.access) {
        (true, _) => writeln!(text, "Made new data {place}, with the practice case of Rogaland 2020."),
        (false, Some(_)) => {
            writeln!(text, "Found the data {place}, with the practice case of Rogaland 2020.")
        }
        (false, None) => {
            writeln!(text, "Found the data {place}. `tildel token create` makes tokens to sign in.")
        }
    };
    let _ = writeln!(text, "\nlistening on {url}");
    let public_url = if settings.server.public_url.is_empty() { url } else { &settings.server.public_url };
    let _ = writeln!(text, "documentation of the API: {public_url}/docs\n");
    if let Some(access) = &home.access {
        text.push_str(&table(&access.tokens));
        text.push_str(&things_to_try(access, url));
    }
    text.push_str("Ctrl-C stops.");
    text
}

/// Roles, people and tokens, in columns.
fn table(tokens: &[PracticeToken]) -> String {
    let width = |of: fn(&PracticeToken) -> &str| {
        tokens.iter().map(|token| of(token).chars().count()).max().unwrap_or(0)
    };
    let (roles, names) = (width(|token| &token.role).max(4), width(|token| &token.name).max(4));
    let mut table = format!("{:roles$}  {:names$}  token\n", "role", "name");
    for PracticeToken { role, name, secret, .. } in tokens {
        let _ = writeln!(table, "{role:roles$}  {name:names$}  {secret}");
    }
    table.push('\n');
    table
}

/// Commands to copy: a read without signing in, one with a role, and the letter.
fn things_to_try(access: &PracticeAccess, url: &str) -> String {
    let secret_of = |role: &str| {
        access.tokens.iter().find(|token| token.role == role).map_or("TOKEN", |token| token.secret.as_str())
    };
    let officer = secret_of("case_officer");
    let PracticeAccess { round_id, grant_id, letter_id, .. } = access;
    format!(
        "Three things to try:\n\n\
         1. What the joint project of Gjesdal, Klepp, Time and Hå was granted, for anybody to read:\n   \
         curl {url}/v1/grants/{grant_id}\n\n\
         2. The applications of the round, as the case officer sees them:\n   \
         curl -H \"Authorization: Bearer {officer}\" \"{url}/v1/applications?roundId={round_id}\"\n\n\
         3. The letter with the amounts, as a PDF file:\n   \
         curl -H \"Authorization: Bearer {officer}\" -o letter.pdf {url}/v1/letters/{letter_id}/documents/pdf\n\n"
    )
}
