//! The rates as a bar chart: each of ours below the bare thing that bounds it.

use super::Figures;
use super::sample::Rate;

const WIDTH: u64 = 780;
const BAR_LEFT: u64 = 270;
const BAR_WIDTH_MAX: u64 = 400;
const BAR_HEIGHT: u64 = 18;
const LINE: u64 = 26;
const GAP: u64 = 44;
const BARE: &str = "#9aa5b1";
const OURS: &str = "#1f6feb";

/// The chart as SVG, with one panel for reading and one for writing, each on a scale of its own.
pub(super) fn draw(figures: &Figures) -> String {
    let mut body = String::new();
    let mut top = 20;
    for (title, kinds) in [
        ("Reading an application, requests per second", ["bare HTTP answer", "read an application"]),
        ("Casting a vote, transactions per second", ["bare INSERT … COMMIT", "cast a vote"]),
    ] {
        let bars: Vec<&Rate> = figures
            .rates
            .iter()
            .filter(|rate| rate.connections == figures.connections && kinds.contains(&rate.what))
            .collect();
        top = panel(&mut body, top, title, &bars);
    }
    let note = format!("{} connections, {} processors", figures.connections, figures.processors);
    body.push_str(&text(20, top, "start", 12, &note));
    let height = top + 16;
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH}\" height=\"{height}\" \
         viewBox=\"0 0 {WIDTH} {height}\" font-family=\"sans-serif\">\n\
         <title>Requests per second beside what bounds them</title>\n\
         <rect width=\"{WIDTH}\" height=\"{height}\" fill=\"#ffffff\"/>\n{body}</svg>\n"
    )
}

/// Draws the bars and gives where the next panel begins.
fn panel(body: &mut String, top: u64, title: &str, bars: &[&Rate]) -> u64 {
    body.push_str(&text(20, top + 8, "start", 15, title));
    let most = bars.iter().map(|rate| rate.per_second).max().unwrap_or(1).max(1);
    let mut line = top + 22;
    for rate in bars {
        // A bar that can be seen at all.
        let width = (rate.per_second * BAR_WIDTH_MAX / most).max(1);
        let (colour, middle) = (if rate.percent_of_bare.is_some() { OURS } else { BARE }, line + 14);
        let percent = rate.percent_of_bare.map_or_else(String::new, |percent| format!(" ({percent} %)"));
        body.push_str(&text(BAR_LEFT - 8, middle, "end", 13, &format!("{}: {}", rate.database, rate.what)));
        let bar = format!(
            "<rect x=\"{BAR_LEFT}\" y=\"{line}\" width=\"{width}\" height=\"{BAR_HEIGHT}\" fill=\"{colour}\"/>\n"
        );
        body.push_str(&bar);
        let label = format!("{}{percent}", rate.per_second);
        body.push_str(&text(BAR_LEFT + width + 6, middle, "start", 13, &label));
        line += LINE;
    }
    line + GAP - LINE / 2
}

fn text(x: u64, y: u64, anchor: &str, size: u64, words: &str) -> String {
    format!(
        "<text x=\"{x}\" y=\"{y}\" text-anchor=\"{anchor}\" font-size=\"{size}\" fill=\"#1b1f24\">{words}</text>\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_are_as_long_as_their_rates() {
        let rate = |what, per_second, percent_of_bare| Rate {
            database: "SQLite",
            what,
            connections: 8,
            per_second,
            median_microseconds: 1,
            p99_microseconds: 1,
            percent_of_bare,
        };
        let figures = Figures {
            processors: 2,
            connections: 8,
            reads: 1,
            writes: 1,
            samples: 1,
            idle: Vec::new(),
            rates: vec![
                rate("bare HTTP answer", 1_000, None),
                rate("read an application", 250, Some(25)),
                Rate { connections: 1, ..rate("read an application", 999, Some(99)) },
            ],
        };
        let drawn = draw(&figures);
        // The longest bar has the whole width, a quarter of its rate a quarter of it.
        assert!(drawn.contains("width=\"400\"") && drawn.contains("width=\"100\""), "{drawn}");
        assert!(drawn.contains("250 (25 %)") && !drawn.contains("999"), "{drawn}");
    }
}
