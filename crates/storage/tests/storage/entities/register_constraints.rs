//! What breaks the constraints of the tables that registers are read into. They have rows of nobody here, so each statement brings its own.

const SOURCE: &str = "insert into sources (name, marks, failures, version) values ('nsr', '{}', 0, 1);";

/// What breaks each check, alone.
pub(super) fn checks() -> Vec<(&'static str, String)> {
    let fetch = |ended: &str, state: &str, error: &str, version: u8| {
        format!(
            "{SOURCE} insert into fetches (id, source, origin, state, started_at, ended_at, bytes, records, changed, personal, unreadable, findings, \
             error, version) values ('@1', 'nsr', 'a file', '{state}', '2020-06-01T10:00:00.000000Z', {ended}, 0, 0, 0, 0, 0, '[]', {error}, {version})"
        )
    };
    let ended = "'2020-06-01T11:00:00.000000Z'";
    let change = |classification: u8, code: &str| {
        format!(
            "insert into klass_changes (classification, changed_on, old_code, old_name, new_code, new_name) values \
             ({classification}, '2020-01-01', '{code}', '', '', '')"
        )
    };
    vec![
        ("sources_failures_check", SOURCE.replace("0, 1)", "-1, 1)")),
        ("sources_version_check", SOURCE.replace("0, 1)", "0, 0)")),
        ("fetches_state_check", fetch(ended, "lost", "null", 1)),
        ("fetches_ended_check", fetch("null", "done", "null", 1)),
        ("fetches_ended_check", fetch(ended, "running", "null", 1)),
        ("fetches_error_check", fetch(ended, "failed", "null", 1)),
        ("fetches_error_check", fetch(ended, "done", "'why'", 1)),
        ("fetches_version_check", fetch(ended, "done", "null", 0)),
        ("klass_changes_classification_check", change(6, "85")),
        ("klass_changes_code_check", change(131, "")),
        (
            "klass_codes_classification_check",
            "insert into klass_codes (classification, code, valid_from, name) values (6, '85', '0001-01-01', '')".to_owned(),
        ),
        ("control_totals_unit_kind_check", total("university", "employees", 10)),
        ("control_totals_measure_check", total("kindergarten", "children", 10)),
        ("control_totals_tolerance_percent_check", total("kindergarten", "employees", 101)),
        ("register_units_register_check", unit("brreg", "null", "'AS'", "null", "null")),
        ("register_units_until_check", unit("nsr", "'2020-06-01T10:00:00.000000Z'", "'AS'", "null", "null")),
        ("register_units_personal_check", unit("nsr", "null", "'ENK'", "null", "null")),
        ("register_units_unit_kind_check", unit("nsr", "null", "'AS'", "'university'", "null")),
        ("register_units_ownership_check", unit("nsr", "null", "'AS'", "null", "'shared'")),
    ]
}

/// What breaks each unique constraint, by saying the same twice.
pub(super) fn uniques() -> Vec<(&'static str, String)> {
    let twice = |statement: &str| format!("{statement}; {statement}");
    vec![
        ("sources_name_key", twice(SOURCE.trim_end_matches(';'))),
        (
            "register_units_register_number_since_key",
            twice(&unit("nsr", "'2020-06-01T11:00:00.000000Z'", "null", "null", "null")),
        ),
        (
            "register_removals_number_key",
            twice(
                "insert into register_removals (number, since) values ('974552124', '2020-06-01T10:00:00.000000Z')",
            ),
        ),
        (
            "control_totals_unit_kind_municipality_number_year_key",
            twice(&total("kindergarten", "employees", 10)),
        ),
        ("register_persons_number_key", twice("insert into register_persons (number) values ('974552124')")),
        (
            "klass_changes_classification_changed_on_old_code_new_code_key",
            twice(
                "insert into klass_changes (classification, changed_on, old_code, old_name, new_code, new_name) values \
                 (131, '2020-01-01', '1102', '', '1108', '')",
            ),
        ),
        (
            "klass_codes_classification_code_valid_from_key",
            twice(
                "insert into klass_codes (classification, code, valid_from, name) values (131, '1108', '2020-01-01', 'Sandnes')",
            ),
        ),
    ]
}

fn total(kind: &str, measure: &str, tolerance: u8) -> String {
    format!(
        "insert into control_totals (unit_kind, municipality_number, year, measure, table_id, contents, value, tolerance_percent, since) values \
         ('{kind}', '1108', 2025, '{measure}', '12562', 'Ansatte', '{{\"status\":\"unknown\"}}', {tolerance}, '2020-06-01T10:00:00.000000Z')"
    )
}

fn unit(register: &str, until: &str, form: &str, kind: &str, ownership: &str) -> String {
    format!(
        "insert into register_units (register, number, since, until, is_sub_unit, name, form, unit_kind, ownership, headcount) values \
         ('{register}', '974552124', '2020-06-01T10:00:00.000000Z', {until}, true, 'SKOLE', {form}, {kind}, {ownership}, '{{\"status\":\"unknown\"}}')"
    )
}
