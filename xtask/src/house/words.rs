//! Words that must not appear in the repository.

/// This file lists the words.
const EXEMPT: &str = "xtask/src/house/words.rs";

/// Notes to oneself belong in an issue.
const NOTES: &[&str] = &["TODO", "FIXME", "XXX", "HACK"];

/// The folders of somebody's machine.
const MACHINE_FOLDERS: &[&str] = &["/home/", "/root/", "/Users/", "/work/", "/tmp/"];

/// What git leaves in a file where a merge was not finished.
const CONFLICT_MARKERS: &[&str] = &["<<<<<<< ", ">>>>>>> "];

/// A finding for each line with such a word.
pub(super) fn findings(path: &str, text: &str) -> Vec<String> {
    if path == EXEMPT {
        return Vec::new();
    }
    let numbered = text.lines().enumerate();
    let found = numbered.filter_map(|(index, line)| {
        let word = forbidden_word(line)?;
        Some(format!("{path}:{}: `{}` must not appear", index + 1, word.trim_end()))
    });
    found.collect()
}

fn forbidden_word(line: &str) -> Option<&'static str> {
    let note = NOTES.iter().find(|word| stands_alone(line, word, true));
    let folder = MACHINE_FOLDERS.iter().find(|folder| stands_alone(line, folder, false));
    let marker = CONFLICT_MARKERS.iter().find(|marker| line.starts_with(**marker));
    note.or(folder).or(marker).copied()
}

/// Whether the word is not the tail of a longer one, nor, if `whole`, its head.
fn stands_alone(line: &str, word: &str, whole: bool) -> bool {
    line.match_indices(word).any(|(start, _)| {
        let before = line[..start].chars().next_back();
        let after = line[start + word.len()..].chars().next();
        let continues = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '}' | ')');
        let is_part = before.is_some_and(continues) || (whole && after.is_some_and(continues));
        !is_part
    })
}

#[cfg(test)]
mod tests {
    use super::findings;

    #[test]
    fn forbidden_words_are_found_with_their_lines() {
        for line in [
            "// TODO: later",
            "see FIXME",
            "let path = \"/home/kari/data\";",
            "cd /Users/kari",
            "open('/tmp/x')",
            "<<<<<<< HEAD",
        ] {
            let found = findings("a.rs", &format!("fine\n{line}\n"));
            assert_eq!(found.len(), 1, "{line}");
            assert!(found[0].starts_with("a.rs:2: "), "{}", found[0]);
        }
    }

    #[test]
    fn other_uses_pass() {
        for line in ["TODOS_TABLE", "https://example.org/home/page", "tmpfs: [/tmp]", "a <<<<<<< b", "xTODO"]
        {
            assert!(findings("a.rs", line).is_empty(), "{line}");
        }
    }
}
