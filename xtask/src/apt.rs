//! Installing what the tests need with apt, where that is allowed.

use std::process::Command;

use anyhow::{Result, bail};

use crate::shell;

/// Installs as root or through a sudo that asks no password.
pub(crate) fn install(package: &str) -> Result<()> {
    let prefix: &[&str] = if is_root() { &[] } else { &["sudo", "-n"] };
    let allowed = prefix.is_empty() || shell::succeeds(Command::new("sudo").args(["-n", "true"]));
    if !allowed || !shell::succeeds(Command::new("apt-get").arg("--version")) {
        bail!("{package} is not installed, and this account may not install it with apt-get");
    }
    let apt = |arguments: &[&str]| {
        let words: Vec<&str> = prefix.iter().chain(&["apt-get"]).chain(arguments).copied().collect();
        let mut command = Command::new(words[0]);
        shell::run(command.args(&words[1..]).env("DEBIAN_FRONTEND", "noninteractive"))
    };
    apt(&["update"])?;
    apt(&["install", "--yes", "--no-install-recommends", package])
}

fn is_root() -> bool {
    let user = Command::new("id").arg("-u").output();
    user.is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}
