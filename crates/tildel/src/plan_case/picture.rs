//! The picture of a plan: a bar for each recipient and year, with its amount.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use tildel_allocation::{Bundle, Language, Nok};

use super::csv_files::names;
use super::texts;

/// More rows than a page holds help nobody; the smaller recipients are added up.
const ROWS_AT_MOST: usize = 40;
const LEFT: usize = 250;
const TOP: usize = 74;
const COLUMN: usize = 128;
const BAR_AT_MOST: usize = 112;
const ROW: usize = 30;

/// A recipient with what it gets in each year and in all, in øre.
struct Row {
    name: String,
    by_year: Vec<i128>,
    total: i128,
    /// Many together have no bars: beside them all others would be dots.
    is_many: bool,
}

impl Row {
    fn new(name: String, by_year: Vec<i128>) -> Self {
        let total = by_year.iter().sum();
        Self { name, by_year, total, is_many: false }
    }
}

/// Draws it.
pub(super) fn svg(title: &str, bundle: &Bundle, language: Language) -> String {
    let years = &bundle.result.years;
    let rows = rows(bundle, language);
    let most =
        rows.iter().filter(|row| !row.is_many).flat_map(|row| row.by_year.iter().copied()).max().unwrap_or(0);
    let width = LEFT + COLUMN * (years.len() + 1) + 16;
    let height = TOP + ROW * (rows.len() + 2) + 28;
    let mut svg = String::new();
    let title = escaped(title);
    let heading = texts::heading(language);
    let lang = language.code();
    // Nothing can go wrong when text is written to a text.
    let _ = write!(
        svg,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" \
         role=\"img\" xml:lang=\"{lang}\" font-family=\"system-ui, sans-serif\" font-size=\"12\" fill=\"#1a1a1a\">\n\
         <title>{title}</title>\n<desc>{heading}</desc>\n\
         <rect width=\"{width}\" height=\"{height}\" fill=\"#ffffff\"/>\n\
         <text x=\"16\" y=\"26\" font-size=\"17\" font-weight=\"600\">{title}</text>\n\
         <text x=\"16\" y=\"46\" fill=\"#4a4a4a\">{heading}</text>\n"
    );
    for (place, label) in
        years.iter().map(|year| year.year.to_string()).chain([texts::sum(language).to_owned()]).enumerate()
    {
        text(&mut svg, column(place), TOP - 8, "font-weight=\"600\"", &label);
    }
    if rows.is_empty() {
        text(&mut svg, 16, TOP + 16, "", texts::nothing(language));
    }
    for (place, row) in rows.iter().enumerate() {
        draw_row(&mut svg, TOP + ROW * place, row, most, language);
    }
    totals(&mut svg, TOP + ROW * rows.len() + 8, bundle, language);
    svg.push_str("</svg>\n");
    svg
}

const fn column(place: usize) -> usize {
    LEFT + COLUMN * place
}

fn draw_row(svg: &mut String, y: usize, row: &Row, most: i128, language: Language) {
    let _ = writeln!(svg, "<path d=\"M16 {y}H{}\" stroke=\"#e2e2e2\"/>", column(row.by_year.len() + 1));
    text(svg, 16, y + 17, "", &shortened(&row.name));
    for (place, ore) in row.by_year.iter().enumerate() {
        let x = column(place);
        if *ore > 0 && !row.is_many {
            let longest = i128::try_from(BAR_AT_MOST).unwrap_or(0);
            let length = (ore * longest / most.max(1)).max(1);
            let _ = writeln!(
                svg,
                "<rect x=\"{x}\" y=\"{}\" width=\"{length}\" height=\"7\" fill=\"#1f5f99\"/>",
                y + 20
            );
        }
        text(svg, x, y + 15, "", &shown(*ore, language));
    }
    text(svg, column(row.by_year.len()), y + 15, "font-weight=\"600\"", &shown(row.total, language));
}

/// The sum of each year, and what there was.
fn totals(svg: &mut String, y: usize, bundle: &Bundle, language: Language) {
    let years = &bundle.result.years;
    let _ = writeln!(svg, "<path d=\"M16 {y}H{}\" stroke=\"#1a1a1a\"/>", column(years.len() + 1));
    text(svg, 16, y + 17, "font-weight=\"600\"", texts::sum(language));
    text(svg, 16, y + 17 + ROW, "", texts::given(language));
    for (place, year) in years.iter().enumerate() {
        let x = column(place);
        text(svg, x, y + 17, "font-weight=\"600\"", &texts::amount(language, year.total));
        let given = year.given.map_or_else(|| "–".to_owned(), |given| texts::amount(language, given));
        text(svg, x, y + 17 + ROW, "", &given);
    }
    let all: i128 = years.iter().map(|year| i128::from(year.total.ore())).sum();
    text(svg, column(years.len()), y + 17, "font-weight=\"600\"", &shown(all, language));
}

fn shown(ore: i128, language: Language) -> String {
    if ore == 0 {
        return "–".to_owned();
    }
    // A sum beyond the range of amounts is not money that anybody has.
    i64::try_from(ore).map_or_else(|_| "…".to_owned(), |ore| texts::amount(language, Nok::from_ore(ore)))
}

fn text(svg: &mut String, x: usize, y: usize, style: &str, words: &str) {
    let _ = writeln!(svg, "<text x=\"{x}\" y=\"{y}\" {style}>{}</text>", escaped(words));
}

/// The recipients, the largest first, with those beyond a page added up.
fn rows(bundle: &Bundle, language: Language) -> Vec<Row> {
    let names = names(bundle);
    let years = &bundle.result.years;
    let mut by_recipient: BTreeMap<&str, Vec<i128>> = BTreeMap::new();
    for line in &bundle.result.lines {
        let Some(place) = years.iter().position(|year| year.year == line.year) else { continue };
        for recipient in &line.recipients {
            let by_year = by_recipient.entry(&recipient.organisation).or_insert_with(|| vec![0; years.len()]);
            by_year[place] += i128::from(recipient.amount.ore());
        }
    }
    let mut rows: Vec<Row> = by_recipient
        .into_iter()
        .map(|(number, by_year)| {
            let name = names.get(number).copied().unwrap_or_default();
            Row::new(format!("{name} ({number})"), by_year)
        })
        .collect();
    rows.sort_by_key(|row| std::cmp::Reverse(row.total));
    if rows.len() > ROWS_AT_MOST {
        let others = rows.split_off(ROWS_AT_MOST - 1);
        let mut by_year = vec![0; years.len()];
        for other in &others {
            for (sum, ore) in by_year.iter_mut().zip(&other.by_year) {
                *sum += ore;
            }
        }
        rows.push(Row { is_many: true, ..Row::new(texts::others(language, others.len()), by_year) });
    }
    rows
}

/// Long names would run into the figures.
fn shortened(name: &str) -> String {
    match name.char_indices().nth(36) {
        Some((end, _)) => format!("{}…", &name[..end]),
        None => name.to_owned(),
    }
}

/// Text for XML, without the control characters that it does not have.
fn escaped(words: &str) -> String {
    let mut text = String::new();
    for character in words.chars() {
        match character {
            '&' => text.push_str("&amp;"),
            '<' => text.push_str("&lt;"),
            '>' => text.push_str("&gt;"),
            control if control.is_control() => text.push(' '),
            other => text.push(other),
        }
    }
    text
}
