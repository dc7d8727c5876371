//! Why bytes are no record.

/// Why an answer can not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// More bytes than are allowed.
    #[error("larger than {limit} bytes")]
    TooLarge {
        /// The most that is read, in bytes.
        limit: usize,
    },
    /// Arrays and objects lie in each other more deeply than is allowed.
    #[error("nested deeper than {limit} levels at byte {at}")]
    TooDeep {
        /// The most levels that are read.
        limit: usize,
        /// Where the next level begins, in bytes.
        at: usize,
    },
    /// The text ends before the record does.
    #[error("the answer is cut short at line {line}, column {column}")]
    CutShort {
        /// Line from 1.
        line: usize,
        /// Column from 1.
        column: usize,
    },
    /// The text is no JSON, such as a page that says the service is closed.
    #[error("not JSON at line {line}, column {column}; it begins with `{beginning}`")]
    NotJson {
        /// Line from 1.
        line: usize,
        /// Column from 1.
        column: usize,
        /// The first letters.
        beginning: String,
    },
    /// The JSON has another shape than the register's.
    #[error("`{path}`: {what}")]
    Shape {
        /// The field.
        path: String,
        /// What is wrong with it.
        what: String,
    },
    /// A row of a table can not be read.
    #[error("line {line}: {what}")]
    Row {
        /// Line from 1.
        line: u64,
        /// What is wrong with it.
        what: String,
    },
}
