//! The letter as plain text, for e-mail, search and tests.

use crate::document::{Block, Detail, LetterDocument, ProjectItem, Table};

/// The letter as plain text, in the reading order of the other forms, with a blank line between blocks.
pub fn plain_text(letter: &LetterDocument) -> String {
    let head = &letter.head;
    let mut sender = vec![head.sender.clone(), head.department.clone()];
    sender.extend(head.address.iter().cloned());
    sender.push(head.organisation_number.clone());
    let mut parts = vec![sender.join("\n"), head.recipients.join("\n")];
    parts.push(head.details.iter().map(detail).collect::<Vec<_>>().join("\n"));
    parts.push(letter.title.clone());
    parts.extend(letter.blocks.iter().map(block));
    parts.retain(|part| !part.is_empty());
    let mut text = parts.join("\n\n");
    text.push('\n');
    text
}

fn detail(detail: &Detail) -> String {
    format!("{}: {}", detail.label, detail.lines.join(", "))
}

fn block(block: &Block) -> String {
    match block {
        Block::Heading { text } | Block::Approval { text } => text.clone(),
        Block::Paragraph { spans } => spans.iter().map(|span| span.text.as_str()).collect(),
        Block::Projects { items } => items.iter().map(project).collect::<Vec<_>>().join("\n\n"),
        Block::Table(each) => table(each),
        Block::Signatures { closing, signatories } => {
            let signed = signatories.iter().map(|one| format!("{}\n{}", one.name, one.title));
            std::iter::once(closing.clone()).chain(signed).collect::<Vec<_>>().join("\n\n")
        }
    }
}

fn project(item: &ProjectItem) -> String {
    let lines = [Some(&item.name), item.members.as_ref(), Some(&item.title)];
    lines.into_iter().flatten().map(String::as_str).collect::<Vec<_>>().join("\n")
}

/// One line per cell would lose the row, and columns cannot be aligned in a proportional font: each value names its column.
fn table(table: &Table) -> String {
    let mut lines = vec![table.caption.clone()];
    for row in table.rows.iter().chain(std::iter::once(&table.totals)) {
        let Some((head, cells)) = row.split_first() else { continue };
        let values =
            table.columns.iter().skip(1).zip(cells).map(|(column, cell)| format!("{column}: {cell}"));
        lines.push(format!("{head}: {}", values.collect::<Vec<_>>().join("; ")));
    }
    lines.join("\n")
}
