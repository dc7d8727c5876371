//! The figures as tables, and the page and the picture that show them.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use super::picture;
use super::{Figures, Idle};

/// The tables of the page stand between these lines.
const BEGIN: &str = "<!-- figures: written by `cargo xtask load` -->";
const END: &str = "<!-- end of figures -->";

/// The figures in Markdown.
pub(super) fn tables(figures: &Figures) -> String {
    let mut text = format!(
        "{} processors; {} and 1 connections; {} reads and {} writes per sample; the median of {} samples.\n\n\
         | database | processes | cold start | idle memory |\n|---|--:|--:|--:|\n",
        figures.processors, figures.connections, figures.reads, figures.writes, figures.samples
    );
    for idle in &figures.idle {
        text.push_str(&idle_row(idle));
    }
    text.push_str(
        "\n| database | what | connections | per second | p50 | p99 | of bare |\n|---|---|--:|--:|--:|--:|--:|\n",
    );
    for rate in &figures.rates {
        let percent = rate.percent_of_bare.map_or_else(String::new, |percent| format!("{percent} %"));
        let (median, p99) = (milliseconds(rate.median_microseconds), milliseconds(rate.p99_microseconds));
        let row = format!(
            "| {} | {} | {} | {} | {median} ms | {p99} ms | {percent} |\n",
            rate.database, rate.what, rate.connections, rate.per_second
        );
        text.push_str(&row);
    }
    text
}

fn idle_row(idle: &Idle) -> String {
    let memory =
        idle.resident_kilobytes.map_or_else(String::new, |kilobytes| format!("{} MiB", kilobytes / 1024));
    format!("| {} | {} | {} ms | {memory} |\n", idle.database, idle.processes, idle.cold_start_milliseconds)
}

/// With two decimals, cut off.
fn milliseconds(microseconds: u64) -> String {
    format!("{}.{:02}", microseconds / 1_000, microseconds % 1_000 / 10)
}

/// Writes the figures as JSON, the picture, and the tables into the page.
pub(super) fn write(folder: &Path, figures: &Figures) -> Result<()> {
    let page = folder.join("performance.md");
    let text = fs::read_to_string(&page).with_context(|| format!("failed to read {}", page.display()))?;
    let files = [
        ("performance.json", serde_json::to_string_pretty(figures)? + "\n"),
        ("performance.svg", picture::draw(figures)),
        ("performance.md", with_tables(&text, &tables(figures))?),
    ];
    for (name, content) in files {
        let path = folder.join(name);
        fs::write(&path, content).with_context(|| format!("failed to write {}", path.display()))?;
    }
    Ok(())
}

/// The page with other tables.
fn with_tables(page: &str, tables: &str) -> Result<String> {
    let (before, rest) = page.split_once(BEGIN).context("failed to find where the figures begin")?;
    let (_, after) = rest.split_once(END).context("failed to find where the figures end")?;
    Ok(format!("{before}{BEGIN}\n\n{tables}\n{END}{after}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_of_a_page_are_replaced() {
        let page = format!("before\n{BEGIN}\nold\n{END}\nafter\n");
        let replaced = with_tables(&page, "new\n").unwrap();
        assert_eq!(replaced, format!("before\n{BEGIN}\n\nnew\n\n{END}\nafter\n"));
        assert_eq!(with_tables(&replaced, "new\n").unwrap(), replaced);
        assert!(with_tables("no place", "new").is_err());
    }

    #[test]
    fn milliseconds_show_hundredths() {
        assert_eq!([milliseconds(7), milliseconds(1_234), milliseconds(20_050)], ["0.00", "1.23", "20.05"]);
    }
}
