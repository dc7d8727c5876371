//! Decisions of offices.

use diesel::prelude::*;
use tildel_domain::decision::{Decision, DecisionMatter, DecisionState};
use tildel_domain::id::{DecisionId, OfficeId, RoundId};

use crate::columns::{DbId, DbInstant, DbJson};
use crate::repository::{inserting, load_all, load_page, narrow, reading, updating};
use crate::schema::awards::decisions;
use crate::stored::{Stored, key};
use crate::{Db, Page, PageRequest, Place, StorageError};

/// The kinds of matter, as `decisions.kind` names them.
const AWARD: &str = "award";
const AMOUNTS: &str = "amounts";
const RENEWALS: &str = "renewals";

/// A row of `decisions`. The matter stands in `kind`, in `round_id`, `run_id` or `scheme_id` and `year`, and in `lines`.
#[derive(Queryable, Insertable, AsChangeset)]
#[diesel(table_name = decisions, treat_none_as_null = true, treat_none_as_default_value = false)]
struct Row {
    id: DbId,
    reference: String,
    office_id: DbId,
    kind: String,
    round_id: Option<DbId>,
    run_id: Option<DbId>,
    scheme_id: Option<DbId>,
    year: Option<i64>,
    lines: DbJson,
    state: String,
    prepared_by: DbId,
    approved_by: Option<DbId>,
    approved_at: Option<DbInstant>,
    course: Option<String>,
    appeal_id: Option<DbId>,
    notified_at: Option<DbInstant>,
    notices: DbJson,
    version: i64,
}

/// The state in its two columns: `course` says what has become of a decision that was notified.
fn columns_of(state: DecisionState) -> (&'static str, Option<&'static str>) {
    match state {
        DecisionState::Draft
        | DecisionState::Proposed
        | DecisionState::Approved
        | DecisionState::Notified => (state.as_str(), None),
        DecisionState::Final
        | DecisionState::Appealed
        | DecisionState::Upheld
        | DecisionState::Changed
        | DecisionState::Dismissed => (DecisionState::Notified.as_str(), Some(state.as_str())),
    }
}

impl Row {
    const COLUMNS: <decisions::table as Table>::AllColumns = decisions::all_columns;

    fn of(decision: &Decision) -> Result<Self, StorageError> {
        let at = |column| Place::new("decisions", decision.id, column);
        let lines = at("lines");
        let (kind, round_id, run_id, (scheme_id, year), lines) = match &decision.matter {
            DecisionMatter::Award { round_id, lines: award } => {
                (AWARD, Some(key(*round_id)), None, (None, None), award.to_column(&lines)?)
            }
            DecisionMatter::Amounts { run_id, lines: amounts } => {
                (AMOUNTS, None, Some(key(*run_id)), (None, None), amounts.to_column(&lines)?)
            }
            DecisionMatter::Renewals { scheme_id, year, lines: renewals } => {
                let matter = (Some(key(*scheme_id)), Some(i64::from(*year)));
                (RENEWALS, None, None, matter, renewals.to_column(&lines)?)
            }
        };
        let (state, course) = columns_of(decision.state);
        Ok(Self {
            id: key(decision.id),
            reference: decision.reference.clone(),
            office_id: key(decision.office_id),
            kind: kind.to_owned(),
            round_id,
            run_id,
            scheme_id,
            year,
            lines,
            state: state.to_owned(),
            prepared_by: key(decision.prepared_by),
            approved_by: decision.approved_by.map(key),
            approved_at: decision.approved_at.map(DbInstant),
            course: course.map(str::to_owned),
            appeal_id: decision.appeal_id.map(key),
            notified_at: decision.notified_at.map(DbInstant),
            notices: decision.notices.to_column(&at("notices"))?,
            version: decision.version,
        })
    }

    fn into_thing(self) -> Result<Decision, StorageError> {
        let id = self.id.0;
        let at = |column| Place::new("decisions", id, column);
        let matter = match (self.kind.as_str(), self.round_id, self.run_id, self.scheme_id.zip(self.year)) {
            (AWARD, Some(round_id), None, None) => DecisionMatter::Award {
                round_id: round_id.0.into(),
                lines: Stored::from_column(self.lines, &at("lines"))?,
            },
            (AMOUNTS, None, Some(run_id), None) => DecisionMatter::Amounts {
                run_id: run_id.0.into(),
                lines: Stored::from_column(self.lines, &at("lines"))?,
            },
            (RENEWALS, None, None, Some((scheme_id, year))) => DecisionMatter::Renewals {
                scheme_id: scheme_id.0.into(),
                year: at("year").number(year)?,
                lines: Stored::from_column(self.lines, &at("lines"))?,
            },
            (kind, ..) => {
                return Err(at("kind").inconsistent(format_args!("{kind:?} does not fit its matter")));
            }
        };
        Ok(Decision {
            id: id.into(),
            reference: self.reference,
            office_id: self.office_id.0.into(),
            matter,
            state: Stored::from_column(self.course.unwrap_or(self.state), &at("state"))?,
            prepared_by: self.prepared_by.0.into(),
            approved_by: self.approved_by.map(|DbId(person_id)| person_id.into()),
            approved_at: self.approved_at.map(|DbInstant(instant)| instant),
            appeal_id: self.appeal_id.map(|DbId(appeal_id)| appeal_id.into()),
            notified_at: self.notified_at.map(|DbInstant(instant)| instant),
            notices: Stored::from_column(self.notices, &at("notices"))?,
            version: self.version,
        })
    }
}

fn assemble(_db: &mut Db, rows: Vec<Row>) -> Result<Vec<Decision>, StorageError> {
    rows.into_iter().map(Row::into_thing).collect()
}

reading! { decisions: Decision, DecisionId }
inserting! { decisions: Decision, pub insert }
updating! { decisions: Decision, pub update }

/// Which decisions to list.
#[derive(Clone, Debug, Default)]
pub struct DecisionFilter {
    /// On the awards of this round.
    pub round_id: Option<RoundId>,
    /// Of this office.
    pub office_id: Option<OfficeId>,
    /// In this state.
    pub state: Option<DecisionState>,
    /// The office whose drafts and proposals appear; those of others, or of all where none is given, stay hidden.
    pub drafts_of_office: Option<OfficeId>,
}

/// A page of decisions.
#[tracing::instrument(level = "debug", skip_all)]
pub fn page(
    db: &mut Db,
    filter: &DecisionFilter,
    request: &PageRequest,
) -> Result<Page<Decision>, StorageError> {
    let mut query = decisions::table.select(Row::COLUMNS).into_boxed();
    narrow! { query:
        decisions::round_id => filter.round_id.map(|round_id| Some(key(round_id))),
        decisions::office_id => filter.office_id.map(key),
    }
    if let Some(state) = filter.state {
        let (state, course) = columns_of(state);
        query = query.filter(decisions::state.eq(state));
        query = match course {
            Some(course) => query.filter(decisions::course.eq(Some(course))),
            None => query.filter(decisions::course.is_null()),
        };
    }
    let in_force =
        decisions::state.eq_any([DecisionState::Approved.as_str(), DecisionState::Notified.as_str()]);
    query = match filter.drafts_of_office.map(key) {
        Some(office_id) => query.filter(in_force.or(decisions::office_id.eq(office_id))),
        None => query.filter(in_force),
    };
    load_page!(db, decisions, query, request)
}

/// The decisions on amounts of an office that are in force, the oldest first.
#[tracing::instrument(level = "debug", skip_all)]
pub fn amounts_in_force(db: &mut Db, office_id: OfficeId) -> Result<Vec<Decision>, StorageError> {
    let in_force =
        decisions::state.eq_any([DecisionState::Approved.as_str(), DecisionState::Notified.as_str()]);
    let theirs = decisions::office_id.eq(key(office_id)).and(decisions::kind.eq(AMOUNTS)).and(in_force);
    load_all!(db, decisions, decisions::table.select(Row::COLUMNS).filter(theirs))
}
