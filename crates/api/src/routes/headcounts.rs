//! Headcounts: how many work where, by source and date.

use actix_web::{get, post};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use tildel_usecases::domain::Refusal;
use tildel_usecases::domain::allocation::{self, HeadcountRecord, Quantity};
use tildel_usecases::domain::headcount_choice;
use tildel_usecases::domain::register::RegisterKey;
use tildel_usecases::registry::{self, HeadcountFilter, JudgedHeadcount};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use crate::body::{PageBody, Resource, wire_enum};
use crate::call::{Call, Json, Query, Reply};

wire_enum! {
    /// The kind of unit where the counted people are.
    UnitKind = allocation::UnitKind {
        /// Barnehage.
        Kindergarten,
        /// Grunnskole.
        PrimarySchool,
        /// Videregående skole.
        UpperSecondary,
    }
}

wire_enum! {
    /// What is counted.
    Measure = allocation::Measure {
        /// People employed, whole.
        Employees,
        /// Man-years, with decimals.
        ManYears,
        /// Children enrolled.
        Children,
    }
}

wire_enum! {
    /// Who owns the unit where the counted people are.
    Ownership = allocation::Ownership {
        /// A private owner.
        Private,
        /// A municipality, a county municipality or the state.
        Public,
    }
}

wire_enum! {
    /// A register that is read.
    Register = RegisterKey {
        /// Enhetsregisteret: legal entities and their places of work.
        Enhetsregisteret,
        /// Nasjonalt skoleregister.
        Nsr,
        /// Nasjonalt barnehageregister.
        Nbr,
    }
}

wire_enum! {
    /// The rule by which a headcount counts or does not.
    HeadcountRule = headcount_choice::ChoiceRule {
        /// Somebody set it and said why: it stands from its date on.
        SetByPerson,
        /// It was recorded as it is, from a source that is no register that is read.
        Recorded,
        /// The school or kindergarten register goes first.
        SectorRegister,
        /// Enhetsregisteret counts, as the school or kindergarten register has not answered yet.
        EntityRegister,
        /// Enhetsregisteret counts, as the school or kindergarten register has no answer any more.
        FallsBack,
        /// The unit closed or went to another owner that day: it counts none from then on, whichever register said so.
        UnitLeft,
        /// It does not count: a value that somebody set with a reason stands, and this contradicts it.
        Contradicts,
        /// It does not count: the school or kindergarten register has answered by then.
        SectorRegisterGoesFirst,
        /// It does not count: the register has no answer, and Enhetsregisteret has one.
        NoAnswer,
        /// It does not count: the same source was recorded again for the same day, or the unit left that day.
        RecordedAgain,
    }
}

/// What a register says; three of the four answers are not a number.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum HeadcountStatus {
    /// The register gives the count.
    Known,
    /// The register hides a count of one to four for the sake of privacy.
    Withheld,
    /// The register says that none are registered.
    NoneRegistered,
    /// The register has no answer.
    Unknown,
}

/// What a register says of a count.
#[derive(Clone, Serialize, ToSchema)]
pub struct HeadcountValue {
    /// What kind of answer it is.
    pub status: HeadcountStatus,
    /// The count, where the status is `known`; with at most three decimals.
    #[schema(required)]
    pub count: Option<String>,
}

impl From<allocation::Headcount> for HeadcountValue {
    fn from(value: allocation::Headcount) -> Self {
        let (status, count) = match value {
            allocation::Headcount::Known(count) => (HeadcountStatus::Known, Some(count.to_string())),
            allocation::Headcount::Withheld => (HeadcountStatus::Withheld, None),
            allocation::Headcount::NoneRegistered => (HeadcountStatus::NoneRegistered, None),
            allocation::Headcount::Unknown => (HeadcountStatus::Unknown, None),
        };
        Self { status, count }
    }
}

/// A school or kindergarten whose people are counted apart from the others of its organisation.
#[derive(Serialize, ToSchema)]
pub struct CountedUnit {
    /// The organisation number of the unit.
    pub number: String,
    /// The name.
    pub name: String,
}

impl From<allocation::CountedUnit> for CountedUnit {
    fn from(unit: allocation::CountedUnit) -> Self {
        Self { number: unit.number, name: unit.name }
    }
}

/// A headcount of an organisation.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Headcount {
    /// Id.
    pub id: Uuid,
    /// Whose employees.
    pub organisation_id: Uuid,
    /// The kind of unit where they work.
    pub unit_kind: UnitKind,
    /// What is counted.
    pub measure: Measure,
    /// Who owns the units, where the source tells public and private ones apart.
    #[schema(required)]
    pub ownership: Option<Ownership>,
    /// The date at which the count held.
    #[schema(value_type = String, format = Date)]
    pub date: Date,
    /// What the source says.
    pub status: HeadcountStatus,
    /// The count, where the status is `known`; with at most three decimals.
    #[schema(required)]
    pub count: Option<String>,
    /// Where the count comes from.
    pub source: String,
    /// Whether it is an invented value for practice.
    pub practice: bool,
    /// The number of the school or kindergarten that was counted; null where the count is of all of them.
    #[schema(required)]
    pub unit_number: Option<String>,
    /// Its name.
    #[schema(required)]
    pub unit_name: Option<String>,
    /// The register that it was read from; null where somebody recorded it by hand.
    #[schema(required)]
    pub register: Option<Register>,
    /// Why somebody set it against what a register says; it stands from its date on. Null for all but staff.
    #[schema(required)]
    pub reason: Option<String>,
    /// Who recorded it, or accepted the change that it is from. Null for all but staff.
    #[schema(required)]
    pub recorded_by: Option<Uuid>,
    /// Whether plans count by it, as far as its date goes.
    pub chosen: bool,
    /// The rule by which it counts or does not.
    pub rule: HeadcountRule,
    /// The headcount set by a person that it contradicts.
    #[schema(required)]
    pub contradicts: Option<Uuid>,
}

impl Resource for JudgedHeadcount {
    type Body = Headcount;
    const COLLECTION: Option<&'static str> = Some("/v1/headcounts");

    fn id(&self) -> Uuid {
        self.headcount.id.into()
    }

    fn version(&self) -> i64 {
        1
    }
}

impl From<JudgedHeadcount> for Headcount {
    fn from(judged: JudgedHeadcount) -> Self {
        let JudgedHeadcount { headcount, verdict } = judged;
        let record = headcount.record;
        let (unit_number, unit_name) = record.unit.map(|unit| (unit.number, unit.name)).unzip();
        let HeadcountValue { status, count } = record.value.into();
        Self {
            id: headcount.id.into(),
            organisation_id: headcount.organisation_id.into(),
            unit_kind: record.unit_kind.into(),
            measure: record.measure.into(),
            ownership: record.ownership.map(Into::into),
            date: record.date,
            status,
            count,
            source: record.source,
            practice: record.practice,
            unit_number,
            unit_name,
            register: headcount.register.map(Into::into),
            reason: headcount.reason,
            recorded_by: headcount.recorded_by.map(Into::into),
            chosen: verdict.chosen,
            rule: verdict.rule.into(),
            contradicts: verdict.contradicts.map(Into::into),
        }
    }
}

/// A headcount to record.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewHeadcount {
    /// Whose employees.
    pub organisation_id: Uuid,
    /// The kind of unit where they work.
    pub unit_kind: UnitKind,
    /// What is counted.
    pub measure: Measure,
    /// Who owns the units, where the source tells public and private ones apart; absent for all of them together.
    pub ownership: Option<Ownership>,
    /// The date at which the count held.
    #[schema(value_type = String, format = Date)]
    pub date: Date,
    /// What the source says.
    pub status: HeadcountStatus,
    /// The count: given when, and only when, the status is `known`.
    #[schema(pattern = r"^(0|[1-9][0-9]{0,8})(\.[0-9]{1,3})?$")]
    pub count: Option<String>,
    /// The register or document that the number is from.
    #[schema(min_length = 1, max_length = 500)]
    pub source: String,
    /// Whether it is an invented value for practice.
    #[serde(default)]
    pub practice: bool,
    /// The number of the school or kindergarten, where the count is of one alone. The newest record tells whether the organisation is
    /// counted by its units, so record the counts of all of them.
    #[schema(min_length = 1, max_length = 20)]
    pub unit_number: Option<String>,
    /// Its name; needed where it is not known yet, and not used where it is.
    #[schema(min_length = 1, max_length = 200)]
    pub unit_name: Option<String>,
    /// Why it is set against what a register says: no register overwrites it from its date on.
    #[schema(min_length = 1, max_length = 2000)]
    pub reason: Option<String>,
}

impl TryFrom<NewHeadcount> for registry::NewHeadcount {
    type Error = Refusal;

    fn try_from(new: NewHeadcount) -> Result<Self, Refusal> {
        let value = match (new.status, &new.count) {
            (HeadcountStatus::Known, Some(count)) => {
                let count: Quantity = count.parse().map_err(|error| Refusal::invalid("/count", error))?;
                allocation::Headcount::Known(count)
            }
            (HeadcountStatus::Withheld, None) => allocation::Headcount::Withheld,
            (HeadcountStatus::NoneRegistered, None) => allocation::Headcount::NoneRegistered,
            (HeadcountStatus::Unknown, None) => allocation::Headcount::Unknown,
            _ => return Err(Refusal::invalid("/count", "a count when, and only when, the status is known")),
        };
        let record = HeadcountRecord {
            unit_kind: new.unit_kind.into(),
            measure: new.measure.into(),
            ownership: new.ownership.map(Into::into),
            date: new.date,
            value,
            source: new.source,
            practice: new.practice,
            unit: None,
        };
        Ok(Self {
            organisation_id: new.organisation_id.into(),
            record,
            unit_number: new.unit_number,
            unit_name: new.unit_name,
            reason: new.reason,
        })
    }
}

/// Which headcounts to list.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub struct HeadcountQuery {
    /// Of this organisation only.
    pub organisation_id: Option<Uuid>,
    /// Of this school or kindergarten only.
    #[param(min_length = 1, max_length = 20)]
    pub unit_number: Option<String>,
}

/// List headcounts.
///
/// All headcounts from all sources, each with the rule by which plans count by it or do not.
#[utoipa::path(operation_id = "headcountList", tag = "Headcounts", params(HeadcountQuery),
    responses((status = 200, description = "A page of headcounts.", body = PageBody<Headcount>)))]
#[get("/v1/headcounts")]
async fn list(call: Call, query: Query<HeadcountQuery>) -> Reply {
    let filter = HeadcountFilter {
        organisation_id: query.0.organisation_id.map(Into::into),
        unit_number: query.0.unit_number,
    };
    call.list(move |cx, page| registry::headcount_list(cx, &filter, page)).await
}

/// Record a headcount.
///
/// Plans that rest on the organisation's employees are computed again. With a `reason` the value stands from its date on, whatever a
/// register says; what says otherwise is listed as contradicting it.
#[utoipa::path(operation_id = "headcountCreate", tag = "Headcounts", request_body = NewHeadcount,
    responses((status = 201, description = "The new headcount.", body = Headcount)))]
#[post("/v1/headcounts")]
async fn create(call: Call, new: Json<NewHeadcount>) -> Reply {
    let new: registry::NewHeadcount = new.0.try_into()?;
    call.create(move |cx| registry::headcount_create(cx, &new)).await
}

/// Adds the routes.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(list).service(create);
}
