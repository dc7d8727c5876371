//! The letter as a whole HTML page that needs nothing from outside and reads well aloud, on a telephone and on paper.

use tildel_domain::letter_content::Signatory;

use crate::document::{Block, Captions, Detail, Head, LetterDocument, ProjectItem, Span, Style, Table};

/// The letter as an HTML page: language, landmarks, one first-level heading, table headers with scope, own style for print.
pub fn render_html(letter: &LetterDocument) -> String {
    format!(
        "<!DOCTYPE html>\n<html lang=\"{language}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{title}</title>\n\
         <style>\n{style}</style>\n</head>\n<body>\n{head}<main>\n<h1>{title}</h1>\n{body}</main>\n</body>\n</html>\n",
        language = letter.language.code(),
        title = escape(&letter.title),
        style = include_str!("letter.css"),
        head = head(&letter.head, &letter.captions),
        body = each(&letter.blocks, block),
    )
}

fn head(head: &Head, captions: &Captions) -> String {
    let mut sender = vec![format!("<strong>{}</strong>", escape(&head.sender)), escape(&head.department)];
    sender.extend(head.address.iter().map(|line| escape(line)));
    sender.push(escape(&head.organisation_number));
    let details = each(&head.details, detail);
    format!(
        "<header>\n<address>{}</address>\n<div class=\"case\">\n\
         <section aria-label=\"{}\"><p>{}</p></section>\n\
         <section aria-label=\"{}\"><dl>\n{details}</dl></section>\n</div>\n</header>\n",
        sender.join("<br>\n"),
        escape(&captions.recipients),
        lines(&head.recipients),
        escape(&captions.details),
    )
}

fn block(block: &Block) -> String {
    match block {
        Block::Heading { text } => format!("<h2>{}</h2>\n", escape(text)),
        Block::Paragraph { spans } => format!("<p>{}</p>\n", each(spans, span)),
        Block::Projects { items } => {
            format!("<ul class=\"projects\">\n{}</ul>\n", each(items, project))
        }
        Block::Table(amounts) => table(amounts),
        Block::Signatures { closing, signatories } => {
            let signed = each(signatories, signatory);
            format!(
                "<p class=\"closing\">{}</p>\n<ul class=\"signatures\">\n{signed}</ul>\n",
                escape(closing)
            )
        }
        Block::Approval { text } => format!("<p class=\"approval\">{}</p>\n", escape(text)),
    }
}

fn detail(detail: &Detail) -> String {
    format!("<div><dt>{}</dt><dd>{}</dd></div>\n", escape(&detail.label), lines(&detail.lines))
}

fn signatory(one: &Signatory) -> String {
    format!("<li>{}<br>\n{}</li>\n", escape(&one.name), escape(&one.title))
}

fn span(span: &Span) -> String {
    let text = escape(&span.text);
    match span.style {
        Style::Plain => text,
        Style::Emphasis => format!("<em>{text}</em>"),
        Style::Strong => format!("<strong>{text}</strong>"),
    }
}

fn project(item: &ProjectItem) -> String {
    let members =
        item.members.as_ref().map_or_else(String::new, |text| format!("<br>\n<span>{}</span>", escape(text)));
    format!(
        "<li><strong>{}</strong>{members}<br>\n<em>{}</em></li>\n",
        escape(&item.name),
        escape(&item.title)
    )
}

fn table(table: &Table) -> String {
    let columns = each(&table.columns, |column| format!("<th scope=\"col\">{}</th>", escape(column)));
    let rows = each(&table.rows, |row| table_row(row));
    format!(
        "<table>\n<caption>{}</caption>\n<thead>\n<tr>{columns}</tr>\n</thead>\n<tbody>\n{rows}</tbody>\n\
         <tfoot>\n{}</tfoot>\n</table>\n",
        escape(&table.caption),
        table_row(&table.totals),
    )
}

fn table_row(row: &[String]) -> String {
    let Some((head, cells)) = row.split_first() else { return String::new() };
    let cells = each(cells, |cell| format!("<td>{}</td>", escape(cell)));
    format!("<tr><th scope=\"row\">{}</th>{cells}</tr>\n", escape(head))
}

fn lines(lines: &[String]) -> String {
    lines.iter().map(|line| escape(line)).collect::<Vec<_>>().join("<br>\n")
}

/// The HTML of each item, one after the other.
fn each<T>(items: &[T], html: impl Fn(&T) -> String) -> String {
    items.iter().map(html).collect()
}

/// Text for element content and for quoted attribute values.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            _ => escaped.push(c),
        }
    }
    escaped
}
