//! The document of a case.

use std::collections::BTreeMap;
use std::fmt;

use jiff::civil::Date;
use serde::de::{MapAccess, Visitor, value::MapAccessDeserializer};
use serde::{Deserialize, Deserializer};
use tildel_allocation::{
    CountedUnit, FrameInput, FundingModel, Headcount, HeadcountRecord, Language, Measure, Ownership,
    ProjectStatus, PromisedYear, RenewalInput, ServedYear, SuccessorInput, UnitKind,
};

use super::cell;

/// A case. Where nothing else is said, a field is that of the plan input.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct CaseDocument {
    /// What the case is called in what is written.
    pub(super) title: Option<String>,
    /// The language of tables and pictures; bokmål where nothing is said.
    #[serde(default)]
    pub(super) language: Language,
    pub(super) office: String,
    pub(super) scheme: String,
    pub(super) first_year: i16,
    pub(super) last_year: i16,
    #[serde(default, with = "tildel_allocation::plain::option")]
    pub(super) carried_in: Option<tildel_allocation::Nok>,
    #[serde(default)]
    pub(super) models: Vec<FundingModel>,
    /// Model documents, relative to this one.
    #[serde(default)]
    pub(super) model_files: Vec<String>,
    #[serde(default)]
    pub(super) frames: Vec<FrameInput>,
    #[serde(default)]
    pub(super) organisations: Vec<OrganisationDocument>,
    /// Tables of organisations, relative to this document.
    #[serde(default)]
    pub(super) organisation_files: Vec<String>,
    /// Where short headcounts are from.
    #[serde(default)]
    pub(super) headcount_sources: Vec<HeadcountSource>,
    #[serde(default)]
    pub(super) projects: Vec<ProjectDocument>,
    /// A project for each organisation, as in a distribution.
    pub(super) per_organisation: Option<PerOrganisation>,
    #[serde(default)]
    pub(super) history: Vec<ServedYear>,
}

/// An organisation.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct OrganisationDocument {
    pub(super) number: String,
    pub(super) name: String,
    pub(super) municipality: Option<String>,
    /// The day from which it exists; only for `perOrganisation`.
    pub(super) from: Option<Date>,
    pub(super) ceased: Option<Date>,
    #[serde(default)]
    pub(super) successors: Vec<SuccessorInput>,
    #[serde(default)]
    pub(super) headcounts: Vec<HeadcountDocument>,
    /// Short headcounts: `"primary_school.man_years.2019-10-01" = "1029.2"`.
    #[serde(default)]
    pub(super) counts: BTreeMap<String, String>,
    /// Tags of its project; only for `perOrganisation`.
    #[serde(default)]
    pub(super) tags: Vec<String>,
}

/// A headcount, whose value may be short.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct HeadcountDocument {
    unit_kind: UnitKind,
    measure: Measure,
    ownership: Option<Ownership>,
    date: Date,
    #[serde(deserialize_with = "value")]
    value: Headcount,
    source: String,
    #[serde(default)]
    practice: bool,
    unit: Option<CountedUnit>,
}

impl From<HeadcountDocument> for HeadcountRecord {
    fn from(written: HeadcountDocument) -> Self {
        let HeadcountDocument { unit_kind, measure, ownership, date, value, source, practice, unit } =
            written;
        Self { unit_kind, measure, ownership, date, value, source, practice, unit }
    }
}

/// The source of short headcounts.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct HeadcountSource {
    /// The beginning of the columns that it is for, such as `primary_school.man_years`; the longest that fits counts.
    pub(super) column: String,
    /// The source of facts.
    pub(super) source: Option<String>,
    /// The source of values with a star, which are invented.
    pub(super) practice_source: Option<String>,
}

/// A project.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct ProjectDocument {
    /// The reference where nothing is said.
    pub(super) id: Option<String>,
    pub(super) reference: String,
    pub(super) title: Option<String>,
    /// The case's where nothing is said.
    pub(super) first_year: Option<i16>,
    /// The case's where nothing is said.
    pub(super) last_year: Option<i16>,
    /// Running where nothing is said.
    pub(super) status: Option<ProjectStatus>,
    pub(super) priority: Option<u32>,
    pub(super) lead: String,
    #[serde(default)]
    pub(super) partners: Vec<String>,
    #[serde(default)]
    pub(super) supporters: Vec<String>,
    #[serde(default)]
    pub(super) tags: Vec<String>,
    #[serde(default)]
    pub(super) renewals: Vec<RenewalInput>,
    #[serde(default)]
    pub(super) years: Vec<PromisedYear>,
}

/// How a distribution names its projects; `{number}` and `{name}` are the organisation's.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct PerOrganisation {
    pub(super) reference: String,
    pub(super) title: String,
}

/// A value as the bundle writes it, or short as in a table.
fn value<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Headcount, D::Error> {
    struct Short;
    impl<'de> Visitor<'de> for Short {
        type Value = Headcount;

        fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
            formatter
                .write_str(r#"a count as text, such as "1029.2", "withheld", "none_registered" or "unknown""#)
        }

        fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Headcount, E> {
            cell::value(text).map_err(E::custom)
        }

        fn visit_i64<E: serde::de::Error>(self, number: i64) -> Result<Headcount, E> {
            cell::value(&number.to_string()).map_err(E::custom)
        }

        fn visit_u64<E: serde::de::Error>(self, number: u64) -> Result<Headcount, E> {
            cell::value(&number.to_string()).map_err(E::custom)
        }

        fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Headcount, A::Error> {
            Headcount::deserialize(MapAccessDeserializer::new(map))
        }
    }
    deserializer.deserialize_any(Short)
}
