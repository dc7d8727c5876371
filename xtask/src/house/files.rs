//! Files stay short enough to read at one go.

const LINES_AT_MOST: usize = 500;

/// The verifier is one file on purpose: whoever distrusts the program reads it from top to bottom, and copies it anywhere.
const VERIFIER: (&str, usize) = ("verify/verify.py", 600);

/// Generated files and data, by the beginning or end of their paths.
const EXEMPT_FOLDERS: &[&str] = &["api-spec/", "cases/", "schemes/"];
const EXEMPT_ENDINGS: &[&str] = &["Cargo.lock", ".csv", ".json", ".svg", ".proptest-regressions"];

/// A finding if the file is too long.
pub(super) fn finding(path: &str, text: &str) -> Option<String> {
    let exempt = EXEMPT_FOLDERS.iter().any(|folder| path.starts_with(folder))
        || EXEMPT_ENDINGS.iter().any(|ending| path.ends_with(ending));
    let lines = text.lines().count();
    let at_most = if path == VERIFIER.0 { VERIFIER.1 } else { LINES_AT_MOST };
    let too_long = !exempt && lines > at_most;
    too_long.then(|| format!("{path}: {lines} lines, at most {at_most}: split it by idea"))
}

#[cfg(test)]
mod tests {
    use super::finding;

    #[test]
    fn only_long_files_that_people_write_are_found() {
        let longest = "x\n".repeat(500);
        let too_long = "x\n".repeat(501);
        assert_eq!(finding("src/lib.rs", &longest), None);
        assert!(finding("src/lib.rs", &too_long).is_some_and(|finding| finding.contains("501 lines")));
        assert_eq!(finding("Cargo.lock", &too_long), None);
        assert_eq!(finding("verify/verify.py", &"x\n".repeat(600)), None);
        assert!(finding("verify/verify.py", &"x\n".repeat(601)).is_some());
        assert_eq!(finding("api-spec/openapi.json", &too_long), None);
    }
}
