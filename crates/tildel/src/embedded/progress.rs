//! How far a long piece of work is: a bar on a terminal, plain lines elsewhere.

use std::io::IsTerminal;

use indicatif::{ProgressBar, ProgressStyle};

/// Shows progress on standard error.
pub(super) struct Display {
    title: &'static str,
    bar: Option<ProgressBar>,
}

impl Display {
    /// Begins to show the progress of something.
    pub(super) fn new(title: &'static str) -> Self {
        let bar = std::io::stderr().is_terminal().then(|| {
            let bar = ProgressBar::new(0).with_prefix(title);
            match ProgressStyle::with_template("{prefix} [{bar:30}] {pos}/{len} {msg}") {
                Ok(style) => bar.with_style(style),
                Err(_) => bar,
            }
        });
        Self { title, bar }
    }

    /// Tells that `done` of `all` steps are done, the last of them `name`.
    pub(super) fn step(&self, done: usize, all: usize, name: &str) {
        match &self.bar {
            Some(bar) => {
                bar.set_length(all as u64);
                bar.set_position(done as u64);
                bar.set_message(name.to_owned());
            }
            None => eprintln!("{}: {done}/{all} {name}", self.title),
        }
    }
}

impl Drop for Display {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
