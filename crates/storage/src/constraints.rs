//! Constraint names out of `SQLite`'s messages.
//!
//! `PostgreSQL` reports a constraint by name. `SQLite` names CHECK constraints, but for unique ones it lists the columns:
//! `UNIQUE constraint failed: votes.ballot_id, votes.seat_id`. The house convention closes the gap: every unique
//! index and primary key is called `<table>_<column>_<column>_key`, in the order of its columns. A test compares
//! the schema of both databases with the convention.

/// `votes.ballot_id, votes.seat_id` → `votes_ballot_id_seat_id_key`.
pub(crate) fn unique_from_sqlite(message: &str) -> Option<String> {
    let columns = message.strip_prefix("UNIQUE constraint failed: ")?;
    // An index on an expression is reported by its name.
    if let Some(index) = columns.strip_prefix("index '") {
        return index.strip_suffix('\'').map(str::to_owned);
    }
    let mut name = columns.split_once('.')?.0.to_owned();
    for column in columns.split(", ") {
        name.push('_');
        name.push_str(column.split_once('.')?.1);
    }
    name.push_str("_key");
    Some(name)
}

/// `CHECK constraint failed: jobs_state_check` → `jobs_state_check`.
pub(crate) fn check_from_sqlite(message: &str) -> Option<String> {
    message.strip_prefix("CHECK constraint failed: ").map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unique_columns_become_the_name_of_the_index() {
        let two = "UNIQUE constraint failed: votes.ballot_id, votes.seat_id";
        assert_eq!(unique_from_sqlite(two).as_deref(), Some("votes_ballot_id_seat_id_key"));
        let one = "UNIQUE constraint failed: jobs.id";
        assert_eq!(unique_from_sqlite(one).as_deref(), Some("jobs_id_key"));
        let expression = "UNIQUE constraint failed: index 'members_email_key'";
        assert_eq!(unique_from_sqlite(expression).as_deref(), Some("members_email_key"));
        assert_eq!(unique_from_sqlite("FOREIGN KEY constraint failed"), None);
    }

    #[test]
    fn check_names_are_taken_as_they_are() {
        assert_eq!(
            check_from_sqlite("CHECK constraint failed: jobs_state_check").as_deref(),
            Some("jobs_state_check")
        );
        assert_eq!(check_from_sqlite("NOT NULL constraint failed: jobs.kind"), None);
    }
}
