//! The account a cluster runs under. PostgreSQL refuses to run as root, so root hands over to `postgres`.

use std::ffi::OsStr;
use std::os::unix::fs::{MetadataExt, chown};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

/// The user and group to switch to, or none where the tests' own account serves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Account {
    switch_to: Option<(u32, u32)>,
}

impl Account {
    /// The account for the clusters of the running process.
    pub(super) fn of_this_process() -> Result<Self> {
        // The owner of a new file is who we are; asking the system directly would need unsafe code.
        let new_file = tempfile::tempfile().context("failed to make a temporary file")?;
        let user = new_file.metadata().context("failed to look up the owner of a temporary file")?.uid();
        if user != 0 {
            return Ok(Self { switch_to: None });
        }
        let accounts = std::fs::read_to_string("/etc/passwd").context("failed to read /etc/passwd")?;
        match find_user(&accounts, "postgres") {
            Some(ids) => Ok(Self { switch_to: Some(ids) }),
            None => bail!(
                "PostgreSQL refuses to run as root and there is no user `postgres` to run it: \
                 add one (`useradd --system postgres`) or run the tests as another user"
            ),
        }
    }

    /// Gives a file or folder to the account.
    pub(super) fn own(self, path: &Path) -> Result<()> {
        if let Some((user, group)) = self.switch_to {
            chown(path, Some(user), Some(group))
                .with_context(|| format!("failed to give {} to the user `postgres`", path.display()))?;
        }
        Ok(())
    }

    /// A command that runs under the account, inside `folder`, apart from the terminal and the test that starts it.
    pub(super) fn command(self, program: impl AsRef<OsStr>, folder: &Path) -> Command {
        let mut command = Command::new(program);
        command.current_dir(folder).env("LC_ALL", "C").stdin(Stdio::null()).process_group(0);
        if let Some((user, group)) = self.switch_to {
            command.uid(user).gid(group);
        }
        command
    }
}

/// The ids of a user in the text of a `passwd` file.
fn find_user(accounts: &str, name: &str) -> Option<(u32, u32)> {
    accounts.lines().find_map(|line| {
        let mut fields = line.split(':');
        if fields.next() != Some(name) {
            return None;
        }
        Some((fields.nth(1)?.parse().ok()?, fields.next()?.parse().ok()?))
    })
}

#[cfg(test)]
mod tests {
    use super::find_user;

    #[test]
    fn a_user_is_found_by_whole_name() {
        let accounts =
            "root:x:0:0::/root:/bin/sh\npostgresql:x:5:6::/:\npostgres:x:101:104:admin:/var:/bin/sh\n";
        assert_eq!(find_user(accounts, "postgres"), Some((101, 104)));
        assert_eq!(find_user(accounts, "post"), None);
    }
}
