//! `tildel healthcheck`: for containers that have no other program to ask with.

use std::net::ToSocketAddrs;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::listener::reachable;
use crate::settings::Settings;

/// Shorter than the three seconds after which Compose gives a check up, so that the reason is told.
const PATIENCE: Duration = Duration::from_millis(2_500);

pub(super) fn run(settings: &Settings, url: Option<String>) -> Result<()> {
    let url = match url {
        Some(url) => url,
        None => own_url(&settings.server.bind)?,
    };
    let client =
        reqwest::blocking::Client::builder().timeout(PATIENCE).build().context("failed to make requests")?;
    let answer = client.get(&url).send();
    let answer =
        answer.with_context(|| format!("No process answers at {url}. Start it, or give another --url"))?;
    let status = answer.status();
    let text = answer.text().unwrap_or_default();
    println!("{text}");
    if !status.is_success() {
        bail!(
            "The process at {url} is not ready (status {}). Its answer and its log say why.",
            status.as_u16()
        );
    }
    Ok(())
}

fn own_url(bind: &str) -> Result<String> {
    let address = bind.to_socket_addrs().ok().and_then(|mut found| found.next());
    let address = address.with_context(|| format!("failed to understand server.bind {bind:?}"))?;
    Ok(format!("http://{}/readyz", reachable(address)))
}
