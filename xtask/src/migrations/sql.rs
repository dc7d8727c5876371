//! Just enough of SQL to lint it: statements as lists of words, apart from comments and quoted text.

/// One statement.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Statement {
    /// Words in upper case and single signs. Quoted text is one `''`, whatever it says.
    pub(super) words: Vec<String>,
    /// The comments in and before it.
    pub(super) comments: String,
}

impl Statement {
    /// Whether the words stand in it side by side.
    pub(super) fn has(&self, phrase: &[&str]) -> bool {
        self.words.windows(phrase.len()).any(|window| window == phrase)
    }

    /// Whether it begins with the words.
    pub(super) fn begins(&self, phrase: &[&str]) -> bool {
        self.words.len() >= phrase.len() && self.words[..phrase.len()] == *phrase
    }
}

/// Splits a script at its semicolons. The body of a `SQLite` trigger falls into several statements, which does no harm.
pub(super) fn statements(script: &str) -> Vec<Statement> {
    let mut statements = Vec::new();
    let mut current = Statement::default();
    let mut rest = script;
    while let Some(first) = rest.chars().next() {
        let length = match first {
            _ if rest.starts_with("--") => {
                let length = rest.find('\n').unwrap_or(rest.len());
                current.comments.push_str(&rest[..length]);
                current.comments.push('\n');
                length
            }
            _ if rest.starts_with("/*") => rest.find("*/").map_or(rest.len(), |end| end + 2),
            '\'' => {
                current.words.push("''".to_owned());
                quoted_length(rest, "'")
            }
            '"' => {
                let length = quoted_length(rest, "\"");
                current.words.push(rest[..length].trim_matches('"').to_uppercase());
                length
            }
            '$' if dollar_tag(rest).is_some() => {
                current.words.push("''".to_owned());
                quoted_length(rest, dollar_tag(rest).unwrap_or("$"))
            }
            ';' => {
                if !current.words.is_empty() {
                    statements.push(std::mem::take(&mut current));
                }
                1
            }
            _ if is_word(first) => {
                let length = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
                current.words.push(rest[..length].to_uppercase());
                length
            }
            _ => {
                if !first.is_whitespace() {
                    current.words.push(first.to_string());
                }
                first.len_utf8()
            }
        };
        rest = &rest[length..];
    }
    if !current.words.is_empty() {
        statements.push(current);
    }
    statements
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// The length of a text in quotes, with the quotes; a text that does not end goes to the end of the script.
fn quoted_length(rest: &str, quote: &str) -> usize {
    let inner = &rest[quote.len()..];
    inner.find(quote).map_or(rest.len(), |end| end + 2 * quote.len())
}

/// The opening tag of a dollar-quoted text of PostgreSQL: `$$` or `$name$`.
fn dollar_tag(rest: &str) -> Option<&str> {
    let end = rest[1..].find('$')? + 2;
    let tag = &rest[..end];
    tag[1..end - 1].chars().all(is_word).then_some(tag)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(script: &str) -> Vec<String> {
        statements(script).iter().map(|statement| statement.words.join(" ")).collect()
    }

    #[test]
    fn semicolons_in_quotes_and_comments_do_not_split() {
        assert_eq!(
            words("insert into a values ('x;''y'); select 1"),
            ["INSERT INTO A VALUES ( '' '' )", "SELECT 1"]
        );
        assert_eq!(words("-- one; two\nselect 1 /* ; */;"), ["SELECT 1"]);
        assert_eq!(
            words("create function f() as $x$ a; b; $x$ language sql;"),
            ["CREATE FUNCTION F ( ) AS '' LANGUAGE SQL"]
        );
        assert_eq!(words("select $$a;b$$, \"Odd name\";"), ["SELECT '' , ODD NAME"]);
    }

    #[test]
    fn comments_stay_with_the_statement_that_follows() {
        let found = statements("select 1;\n-- contract: gone since 0.3\ndrop table a;");
        assert_eq!(found[0].comments, "");
        assert_eq!(found[1].comments, "-- contract: gone since 0.3\n");
    }
}
