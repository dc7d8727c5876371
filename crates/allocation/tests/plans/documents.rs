//! Models as people write them: TOML and JSON, errors with line and field.

use tildel_allocation::FundingModel;
use tildel_allocation::model::{DocumentError, DocumentFormat};

/// A model with every kind of component and every field.
const TOML: &str = r#"key = "kompetanseloftet"
version = 1
validFromYear = 2020
validToYear = 2025
legalBasis = "practice § 1"
unit = "1.00"
rounding = "sainte_lague"
fit = "exhaust"
withheldAssumed = "3"
splitYear = true
renewal = "required"
settlement = "spread"
carryOver = "1/10"
ownContribution = "3/10"
providerShare = "1/4"
payTo = "parties"
tieSeed = "c0ffee"
floors = { project = "1000.00", perHead = "1.00", municipality = "10.00" }
caps = { project = "900000.00", perHead = "900.00", municipality = "900000.00" }
admission = { rule = "accounts", onShortage = "skip", commitCeiling = "3/5", accountCap = "1", completion = "list" }
instalments = [{ date = "03-15", share = "7/12" }, { share = "5/12" }]

[[components]]
kind = "base"
id = "base"
legalBasis = "practice § 2"
per = "municipality"
amount = "100000.00"

[[components]]
kind = "per_head"
id = "heads"
rates = [{ rate = "400.00" }, { from = "2022-08-01", rate = "500.00" }]
count = [{ unitKind = "primary_school", measure = "man_years", ownership = "public" }]

[[components]]
kind = "lump"
id = "size"
per = "partner"
bands = [{ from = "0", amount = "0.00", rate = "1000.00" }, { from = "17", amount = "16000.00", rate = "10.00" }]
count = [{ unitKind = "kindergarten", measure = "children" }]

[[components]]
kind = "share"
id = "theme"
purpose = "reading"
share = "1/20"
divide = "by_entitlement"
"#;

pub(crate) fn toml() -> FundingModel {
    FundingModel::from_document(TOML, DocumentFormat::Toml).unwrap()
}

fn json() -> String {
    serde_json::to_string_pretty(&toml()).unwrap()
}

/// The problems of a document as line, field and message.
fn problems(error: DocumentError) -> Vec<(Option<usize>, String, String)> {
    error.problems.into_iter().map(|problem| (problem.line, problem.field, problem.message)).collect()
}

/// The one problem of the example in which one text was replaced by another.
fn problem_in(text: &str, format: DocumentFormat, from: &str, to: &str) -> (Option<usize>, String, String) {
    assert_eq!(text.matches(from).count(), 1, "{from} stands once");
    let spoilt = text.replace(from, to);
    let mut found = problems(FundingModel::from_document(&spoilt, format).unwrap_err());
    assert_eq!(found.len(), 1, "{found:?}");
    found.remove(0)
}

/// The line, from 1, in which a text stands.
fn line_of(text: &str, what: &str) -> Option<usize> {
    text.lines().position(|line| line.contains(what)).map(|place| place + 1)
}

#[test]
fn both_formats_say_the_same_and_are_read_back() {
    let model = toml();
    assert_eq!((model.components.len(), model.instalments.len()), (4, 2));
    assert_eq!(FundingModel::from_document(&json(), DocumentFormat::Json).unwrap(), model);
    let written = toml::to_string(&model).unwrap();
    assert_eq!(FundingModel::from_document(&written, DocumentFormat::Toml).unwrap(), model);
}

#[test]
fn what_is_left_out_has_its_default() {
    let text = "key = \"k\"\nversion = 1\nvalidFromYear = 2020\nvalidToYear = 2025\nlegalBasis = \"b\"\nwithheldAssumed = \"2\"\n\
                components = [{ kind = \"base\", id = \"base\", per = \"project\", amount = \"1\" }]\n";
    let model = FundingModel::from_document(text, DocumentFormat::Toml).unwrap();
    let json = serde_json::to_value(model).unwrap();
    let defaults = [
        ("unit", "1.00"),
        ("rounding", "largest_remainder"),
        ("fit", "entitlement"),
        ("settlement", "none"),
        ("carryOver", "0"),
        ("ownContribution", "3/10"),
        ("providerShare", "0"),
        ("payTo", "lead"),
    ];
    for (field, value) in defaults {
        assert_eq!(json[field], value, "{field}");
    }
    assert_eq!(json["admission"], serde_json::json!({"rule": "list", "onShortage": "stop"}));
}

/// What is spoilt in TOML, the field that is named, and a word of the message.
const READING: [(&str, &str, &str, &str); 9] = [
    ("fit = \"exhaust\"", "fit = \"squeeze\"", "fit", "squeeze"),
    ("splitYear = true", "splitYears = true", "", "splitYears"),
    ("amount = \"100000.00\"", "amount = \"1e5\"", "components[0].amount", "decimal"),
    ("rate = \"500.00\"", "rate = \"500.001\"", "components[1].rates[1].rate", "two decimals"),
    ("ownership = \"public\"", "ownership = \"municipal\"", "components[1].count[0].ownership", "municipal"),
    ("carryOver = \"1/10\"", "carryOver = \"11/10\"", "carryOver", "share"),
    ("withheldAssumed = \"3\"", "withheldAssumed = \"-3\"", "withheldAssumed", "below zero"),
    ("share = \"7/12\"", "share = \"7/12\", day = 1", "instalments[0]", "day"),
    ("version = 1", "version = \"one\"", "version", "invalid type"),
];

#[test]
fn what_can_not_be_read_names_line_and_field() {
    for (from, to, field, word) in READING {
        let (line, named, message) = problem_in(TOML, DocumentFormat::Toml, from, to);
        assert_eq!(line, line_of(TOML, from), "{to}: line");
        assert!(named.starts_with(field), "{to}: {named} is not {field}");
        assert!(message.contains(word) || named.contains(word), "{to}: {message}");
    }
    // The same in JSON, where the file has a line for each field.
    let json = json();
    for (from, to, field, word) in [
        ("\"exhaust\"", "\"squeeze\"", "fit", "squeeze"),
        ("\"splitYear\"", "\"splitYears\"", "splitYears", "splitYears"),
        ("\"100000.00\"", "\"1e5\"", "components[0].amount", "decimal"),
        ("\"500.00\"", "500", "components[1].rates[1].rate", "invalid type"),
        ("\"2022-08-01\"", "\"2022-13-01\"", "components[1].rates[1].from", "month"),
    ] {
        let (line, named, message) = problem_in(&json, DocumentFormat::Json, from, to);
        assert_eq!(line, line_of(&json, from), "{to}: line");
        assert_eq!(named, field, "{to}");
        assert!(message.contains(word), "{to}: {message}");
        assert!(!message.contains(" at line "), "{to}: {message}");
    }
}

#[test]
fn what_is_missing_names_the_place_around_it() {
    let (line, field, message) = problem_in(TOML, DocumentFormat::Toml, "per = \"municipality\"\n", "");
    assert_eq!(
        (field.as_str(), line),
        ("components[0]", line_of(TOML, "kind = \"base\"").map(|line| line - 1))
    );
    assert_eq!(message, "a component of kind base needs the field `per`");
    let (_, _, message) = problem_in(TOML, DocumentFormat::Toml, "version = 1\n", "");
    assert_eq!(message, "missing field `version`");
    let (_, field, message) =
        problem_in(TOML, DocumentFormat::Toml, "purpose = \"reading\"", "bands = []\npurpose = \"reading\"");
    assert_eq!(
        (field.as_str(), message.as_str()),
        ("components[3]", "a component of kind share has no field `bands`")
    );
    let (_, field, message) =
        problem_in(TOML, DocumentFormat::Toml, "per = \"partner\"", "per = \"municipality\" ");
    assert_eq!(
        (field.as_str(), message.as_str()),
        ("components[2]", "a component of kind lump is per project or per partner")
    );
}

#[test]
fn what_is_no_document_names_its_line() {
    let broken = TOML.replace("unit = \"1.00\"", "unit = ");
    let found = problems(FundingModel::from_document(&broken, DocumentFormat::Toml).unwrap_err());
    assert_eq!((found[0].0, found[0].1.as_str()), (Some(6), ""));
    let broken = json().replacen(',', ",,", 1);
    let found = problems(FundingModel::from_document(&broken, DocumentFormat::Json).unwrap_err());
    assert_eq!(found[0].0, Some(2));
    let more = json() + "\n{}";
    let found = problems(FundingModel::from_document(&more, DocumentFormat::Json).unwrap_err());
    assert_eq!(found[0].0, Some(json().lines().count() + 1));
    for format in [DocumentFormat::Toml, DocumentFormat::Json] {
        assert!(FundingModel::from_document("", format).is_err());
    }
}

/// What is spoilt, the field that is named, and the message: rules that a readable model breaks.
const RULES: [(&str, &str, &str, &str); 18] = [
    ("version = 1", "version = 0", "version", "the version is zero; versions start at 1"),
    (
        "validToYear = 2025",
        "validToYear = 2019",
        "validToYear",
        "the last valid year 2019 is before the first 2020",
    ),
    ("unit = \"1.00\"", "unit = \"0\"", "unit", "the unit 0.00 is not above zero; whole kroner are 1.00"),
    (
        "legalBasis = \"practice § 1\"",
        "legalBasis = \" \"",
        "legalBasis",
        "give a text of 1 to 1000 characters",
    ),
    (
        "withheldAssumed = \"3\"",
        "withheldAssumed = \"5\"",
        "withheldAssumed",
        "the count assumed for withheld headcounts is not between 1 and 4",
    ),
    ("amount = \"100000.00\"", "amount = \"-1\"", "components[0].amount", "the amount -1.00 is below zero"),
    (
        "rate = \"500.00\"",
        "rate = \"-500\"",
        "components[1].rates[1].rate",
        "the amount -500.00 is below zero",
    ),
    (
        "{ rate = \"400.00\" }",
        "{ from = \"2022-08-01\", rate = \"400.00\" }",
        "components[1].rates[1].from",
        "entries must rise; this one does not come after the one before",
    ),
    (
        "{ from = \"17\",",
        "{ from = \"0\",",
        "components[2].bands[1].from",
        "entries must rise; this one does not come after the one before",
    ),
    (
        "rate = \"10.00\"",
        "rate = \"-10.00\"",
        "components[2].bands[1].rate",
        "the amount -10.00 is below zero",
    ),
    ("id = \"size\"", "id = \"base\" ", "components[2].id", "this stands twice"),
    (
        "count = [{ unitKind = \"kindergarten\", measure = \"children\" }]",
        "count = []",
        "components[2].count",
        "the list is empty",
    ),
    (
        "measure = \"children\" }",
        "measure = \"children\" }, { unitKind = \"kindergarten\", measure = \"children\", ownership = \"private\" }",
        "components[2].count[1]",
        "this stands twice",
    ),
    (
        "share = \"1/20\"",
        "share = \"1\"\ndivide = \"equal\"\n[[components]]\nkind = \"share\"\nid = \"more\"\npurpose = \"more\"\nshare = \"0.01\"",
        "components",
        "the shares set aside add up to more than the whole frame",
    ),
    (
        "{ project = \"1000.00\",",
        "{ project = \"900000.01\",",
        "floors.project",
        "the floor 900000.01 is above the cap 900000.00",
    ),
    ("share = \"5/12\"", "share = \"4/12\"", "instalments", "the shares add up to 11/12, not to 1"),
    ("date = \"03-15\"", "date = \"02-29\"", "instalments[0].date", "give month and day such as 03-15"),
    (
        "tieSeed = \"c0ffee\"",
        "tieSeed = \"c0ffe\"",
        "tieSeed",
        "give an even number of hexadecimal digits, at most 128",
    ),
];

#[test]
fn each_rule_of_a_model_names_line_and_field() {
    for (from, to, field, message) in RULES {
        let (line, named, told) = problem_in(TOML, DocumentFormat::Toml, from, to);
        assert_eq!((named.as_str(), told.as_str()), (field, message), "{to}");
        let expected = if field == "components" { line } else { line_of(TOML, from) };
        assert_eq!(line, expected, "{to}: line");
        assert!(line.is_some(), "{to}: line");
    }
}

#[test]
fn rules_of_admission_name_their_field() {
    let admission = "admission = { rule = \"accounts\", onShortage = \"skip\", commitCeiling = \"3/5\", accountCap = \"1\", completion = \"list\" }";
    let with = |text: &str| {
        let spoilt = TOML.replace(admission, &format!("admission = {{ {text} }}"));
        problems(FundingModel::from_document(&spoilt, DocumentFormat::Toml).unwrap_err())
    };
    let line = line_of(TOML, admission);
    let one = |field: &str, message: &str| vec![(line, field.to_owned(), message.to_owned())];
    assert_eq!(
        with("rule = \"accounts\", onShortage = \"partial\""),
        one("admission.onShortage", "partial amounts need the fit by_priority")
    );
    let newcomers = "the rule reserved_share goes with exactly one share component for the purpose newcomers";
    assert_eq!(with("rule = \"reserved_share\""), one("admission.rule", newcomers));
    let only = "only the rule accounts has this field";
    assert_eq!(with("rule = \"list\", accountCap = \"1\""), one("admission.accountCap", only));
    assert_eq!(with("completion = \"list\""), one("admission.completion", only));
}

#[test]
fn all_that_is_wrong_is_told_the_first_line_first() {
    let spoilt =
        TOML.replace("version = 1", "version = 0").replace("amount = \"100000.00\"", "amount = \"-1\"");
    let error = FundingModel::from_document(&spoilt, DocumentFormat::Toml).unwrap_err();
    assert_eq!(
        error.to_string(),
        "line 2: version: the version is zero; versions start at 1\n\
         line 28: components[0].amount: the amount -1.00 is below zero"
    );
}
