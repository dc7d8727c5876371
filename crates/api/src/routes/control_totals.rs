//! Control totals: what Statistics Norway counts in municipalities, beside what units add up to.

use actix_web::get;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tildel_usecases::control_totals::{self as usecase, ControlTotalFilter};
use tildel_usecases::domain::control_total as domain;
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::headcounts::{HeadcountValue, Measure, Register, UnitKind};
use crate::body::{PageBody, Resource, wire_enum};
use crate::call::{Call, Query, Reply};

wire_enum! {
    /// What holding a sum against a control total gives.
    Agreement = domain::Agreement {
        /// The sum can be what the table says, within the tolerance.
        Agrees,
        /// The units add up to less.
        Less,
        /// The units add up to more.
        More,
        /// It can not be said, as the table has no number or the municipality was split.
        Open,
    }
}

/// What the open units of a municipality add up to in a register, as it stands now.
#[derive(Serialize, ToSchema)]
pub struct UnitSum {
    /// Which register.
    pub register: Register,
    /// Units that are open.
    pub units: u32,
    /// The sum of the counts that are told; with at most three decimals.
    pub known: String,
    /// Units whose count is withheld: one to four employees each.
    pub withheld: u32,
    /// Units that nothing is known of.
    pub unknown: u32,
    /// Whether the sum can be what the table says.
    pub agreement: Agreement,
}

impl From<usecase::RegisterSum> for UnitSum {
    fn from(of: usecase::RegisterSum) -> Self {
        let domain::UnitSum { units, known, withheld, unknown } = of.sum;
        let (register, agreement) = (of.register.into(), of.agreement.into());
        Self { register, units, known: known.to_string(), withheld, unknown, agreement }
    }
}

/// What Statistics Norway counts in a municipality, beside what its units add up to.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ControlTotal {
    /// Which units.
    pub unit_kind: UnitKind,
    /// The number of the municipality today.
    pub municipality_number: String,
    /// Its name today.
    #[schema(required)]
    pub municipality_name: Option<String>,
    /// The year at whose end was counted.
    pub year: i16,
    /// What is counted. People may work part of the time, so a sum of employees is never too large for man-years.
    pub measure: Measure,
    /// The table in SSB's bank of statistics.
    pub table: String,
    /// The variable of the table.
    pub contents: String,
    /// What the table says, added up where municipalities have been merged since.
    pub total: HeadcountValue,
    /// The numbers that the table has for it, where they are others than today's.
    pub counted_as: Vec<String>,
    /// How far a sum may be from the total, in hundredths of it.
    pub tolerance_percent: u8,
    /// Since when the table is known to say so.
    pub since: Timestamp,
    /// What each register says that was read.
    pub sums: Vec<UnitSum>,
}

impl Resource for usecase::Control {
    type Body = ControlTotal;
    const COLLECTION: Option<&'static str> = None;

    fn id(&self) -> Uuid {
        usecase::place_of(self)
    }

    fn version(&self) -> i64 {
        1
    }
}

impl From<usecase::Control> for ControlTotal {
    fn from(control: usecase::Control) -> Self {
        Self {
            unit_kind: control.unit_kind.into(),
            municipality_number: control.municipality_number,
            municipality_name: control.municipality_name,
            year: control.year,
            measure: control.measure.into(),
            table: control.table,
            contents: control.contents,
            total: control.total.into(),
            counted_as: control.counted_as,
            tolerance_percent: control.tolerance_percent,
            since: control.since,
            sums: control.sums.into_iter().map(Into::into).collect(),
        }
    }
}

/// Which control totals to list.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub struct ControlTotalQuery {
    /// Of these units only.
    #[param(inline)]
    pub unit_kind: Option<UnitKind>,
    /// Of the municipality that has this number today.
    #[param(pattern = "^[0-9]{4}$")]
    pub municipality_number: Option<String>,
    /// Of the end of this year; of the newest year of each kind where none is given.
    #[param(minimum = 1900, maximum = 2999)]
    pub year: Option<i16>,
}

/// List control totals.
///
/// What Statistics Norway counts of employees or man-years in municipalities, beside what schools and kindergartens add up to in each register.
#[utoipa::path(operation_id = "controlTotalList", tag = "Registers", params(ControlTotalQuery),
    responses((status = 200, description = "A page of control totals.", body = PageBody<ControlTotal>)))]
#[get("/v1/control-totals")]
async fn list(call: Call, query: Query<ControlTotalQuery>) -> Reply {
    let ControlTotalQuery { unit_kind, municipality_number, year } = query.0;
    let filter = ControlTotalFilter { unit_kind: unit_kind.map(Into::into), year };
    call.list(move |cx, page| usecase::list(cx, filter, municipality_number.as_deref(), page)).await
}

/// Adds the routes.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(list);
}
