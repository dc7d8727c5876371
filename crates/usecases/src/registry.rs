//! What rounds rest on: organisations, headcounts, offices, schemes, funding models and frames.

mod counts;
mod intake;
mod succession;

use jiff::Timestamp;
use tildel_domain::allocation::{FrameStatus, FundingModel, Nok};
use tildel_domain::id::{FrameId, FundingModelId, OfficeId, OrganisationId, SchemeId, UnitId};
use tildel_domain::organisation::{Organisation, OrganisationKind, OrganisationNumber};
use tildel_domain::policy::Operation;
use tildel_domain::scheme::{Frame, Office, Scheme, SchemeFundingModel};
use tildel_domain::text::Language;
use tildel_domain::unit::Unit;
use tildel_domain::{Entry, Refusal, RefusalCode};
use tildel_storage::frames;
pub use tildel_storage::frames::FrameFilter;
use tildel_storage::funding_models;
pub use tildel_storage::funding_models::FundingModelFilter;
use tildel_storage::grant_payments;
pub use tildel_storage::headcounts::HeadcountFilter;
use tildel_storage::offices;
pub use tildel_storage::offices::OfficeFilter;
use tildel_storage::organisation_versions;
use tildel_storage::organisations;
pub use tildel_storage::organisations::OrganisationFilter;
use tildel_storage::schemes;
pub use tildel_storage::schemes::SchemeFilter;
use tildel_storage::units;
pub use tildel_storage::units::UnitFilter;
use tildel_storage::{Page, PageRequest};
use uuid::Uuid;

use crate::context::{Context, Expected};
use crate::failure::Outcome;
use crate::plans;
pub use counts::{JudgedHeadcount, NewHeadcount, headcount_create, headcount_list};
pub use intake::{RegisterUnits, register_units_take_in};
pub use succession::succession_set;
pub(crate) use succession::{all_after, entered_among, lineage};

/// What a new organisation is made of.
#[derive(Clone, Debug)]
pub struct NewOrganisation {
    /// Organisation number.
    pub number: OrganisationNumber,
    /// Name.
    pub name: String,
    /// Kind.
    pub kind: OrganisationKind,
    /// Municipality number as of today.
    pub municipality_number: Option<String>,
    /// The language of letters to it.
    pub language: Language,
    /// Whether it is a practice placeholder.
    pub placeholder: bool,
}

/// Organisations.
pub fn organisation_list(
    cx: &mut Context<'_>,
    filter: &OrganisationFilter,
    page: &PageRequest,
) -> Outcome<Page<Organisation>> {
    cx.require(Operation::OrganisationList)?;
    Ok(organisations::page(cx.db, filter, page)?)
}

/// One organisation.
pub fn organisation_read(cx: &mut Context<'_>, id: OrganisationId) -> Outcome<Organisation> {
    cx.require(Operation::OrganisationRead)?;
    cx.find(id)
}

/// Registers an organisation.
pub fn organisation_create(cx: &mut Context<'_>, new: &NewOrganisation) -> Outcome<Organisation> {
    cx.require(Operation::OrganisationCreate)?;
    let organisation = Organisation {
        id: cx.new_id(),
        number: new.number.clone(),
        name: new.name.clone(),
        kind: new.kind,
        municipality_number: new.municipality_number.clone(),
        language: new.language,
        placeholder: new.placeholder,
        ceased_on: None,
        successors: Vec::new(),
        version: 1,
    };
    let entry = organisation.register(&cx.actor)?;
    cx.create(organisation, entry)
}

/// What was known of an organisation at an instant.
pub fn organisation_at(cx: &mut Context<'_>, id: OrganisationId, at: Timestamp) -> Outcome<Organisation> {
    cx.require(Operation::OrganisationRead)?;
    let now: Organisation = cx.find(id)?;
    if let Some(then) = organisation_versions::at(cx.db, id, at)? {
        return Ok(then);
    }
    // Without any version it is as it was from the beginning.
    if organisation_versions::is_kept(cx.db, id)? || !plans::was_there(id.into(), at) {
        return Err(Refusal::not_found("organisation").into());
    }
    Ok(now)
}

/// Makes an organisation what a change of a register makes of it, and keeps what was known before.
pub(crate) fn organisation_change(cx: &mut Context<'_>, changed: Organisation) -> Outcome<()> {
    let mut stored: Organisation = cx.lock(changed.id, Expected::Any)?;
    if (Organisation { version: stored.version, ..changed.clone() }) == stored {
        return Ok(());
    }
    organisation_transition(cx, &mut stored, |stored| {
        *stored = Organisation { version: stored.version, ..changed };
        Ok(stored.changed())
    })
}

/// Changes an organisation, and keeps what was known before and what is known from now on.
fn organisation_transition(
    cx: &mut Context<'_>,
    stored: &mut Organisation,
    transition: impl FnOnce(&mut Organisation) -> Result<Entry, Refusal>,
) -> Outcome<()> {
    if !organisation_versions::is_kept(cx.db, stored.id)? {
        organisation_versions::keep(cx.db, made_at(stored.id.into()), stored)?;
    }
    cx.transition(stored, transition)?;
    let now = cx.now;
    Ok(organisation_versions::keep(cx.db, now, stored)?)
}

/// When a thing with an id of version 7 was made, which begins with the milliseconds.
fn made_at(id: Uuid) -> Timestamp {
    let milliseconds = i64::try_from(id.as_u128() >> 80).unwrap_or(i64::MAX);
    Timestamp::from_millisecond(milliseconds).unwrap_or(Timestamp::MIN)
}

/// Schools and kindergartens.
pub fn unit_list(cx: &mut Context<'_>, filter: &UnitFilter, page: &PageRequest) -> Outcome<Page<Unit>> {
    cx.require(Operation::UnitList)?;
    Ok(units::page(cx.db, filter, page)?)
}

/// One school or kindergarten.
pub fn unit_read(cx: &mut Context<'_>, id: UnitId) -> Outcome<Unit> {
    cx.require(Operation::UnitRead)?;
    cx.find(id)
}

/// Offices.
pub fn office_list(cx: &mut Context<'_>, filter: &OfficeFilter, page: &PageRequest) -> Outcome<Page<Office>> {
    cx.require(Operation::OfficeList)?;
    Ok(offices::page(cx.db, filter, page)?)
}

/// One office.
pub fn office_read(cx: &mut Context<'_>, id: OfficeId) -> Outcome<Office> {
    cx.require(Operation::OfficeRead)?;
    cx.find(id)
}

/// Sets up an office; `office.id` and `office.version` are set here.
pub fn office_create(cx: &mut Context<'_>, office: &Office) -> Outcome<Office> {
    cx.require(Operation::OfficeCreate)?;
    let office = Office { id: cx.new_id(), version: 1, ..office.clone() };
    let entry = office.establish()?;
    cx.create(office, entry)
}

/// Schemes.
pub fn scheme_list(cx: &mut Context<'_>, filter: &SchemeFilter, page: &PageRequest) -> Outcome<Page<Scheme>> {
    cx.require(Operation::SchemeList)?;
    Ok(schemes::page(cx.db, filter, page)?)
}

/// One scheme.
pub fn scheme_read(cx: &mut Context<'_>, id: SchemeId) -> Outcome<Scheme> {
    cx.require(Operation::SchemeRead)?;
    cx.find(id)
}

/// Sets up a scheme; `scheme.id` and `scheme.version` are set here.
pub fn scheme_create(cx: &mut Context<'_>, scheme: &Scheme) -> Outcome<Scheme> {
    cx.require(Operation::SchemeCreate)?;
    let scheme = Scheme { id: cx.new_id(), version: 1, ..scheme.clone() };
    let entry = scheme.establish()?;
    cx.create(scheme, entry)
}

/// Funding models.
pub fn funding_model_list(
    cx: &mut Context<'_>,
    filter: &FundingModelFilter,
    page: &PageRequest,
) -> Outcome<Page<SchemeFundingModel>> {
    cx.require(Operation::FundingModelList)?;
    Ok(funding_models::page(cx.db, filter, page)?)
}

/// One version of a funding model.
pub fn funding_model_read(cx: &mut Context<'_>, id: FundingModelId) -> Outcome<SchemeFundingModel> {
    cx.require(Operation::FundingModelRead)?;
    cx.find(id)
}

/// Publishes a version of a funding model; the scheme's plans are computed again.
pub fn funding_model_publish(
    cx: &mut Context<'_>,
    scheme_id: SchemeId,
    model: &FundingModel,
) -> Outcome<SchemeFundingModel> {
    cx.require(Operation::FundingModelPublish)?;
    let scheme: Scheme = cx.find_referenced(scheme_id, "/schemeId")?;
    let published = SchemeFundingModel { id: cx.new_id(), scheme_id, model: model.clone(), version: 1 };
    let others = funding_models::list_for(cx.db, scheme_id)?;
    let entry = published.publish(&scheme, &others)?;
    check_paid(cx, scheme_id, model)?;
    let published = cx.create(published, entry)?;
    plans::enqueue_for_scheme(cx, scheme_id)?;
    Ok(published)
}

/// A model can not take back instalments that are paid; a plan with more payments than instalments could not be computed.
fn check_paid(cx: &mut Context<'_>, scheme_id: SchemeId, model: &FundingModel) -> Outcome<()> {
    if model.instalments.is_empty() {
        return Ok(());
    }
    let profile = i64::try_from(model.instalments.len()).unwrap_or(i64::MAX);
    let years = i64::from(model.valid_from_year)..=i64::from(model.valid_to_year);
    for (year, most) in grant_payments::most_by_year(cx.db, scheme_id)? {
        if years.contains(&year) && most > profile {
            let expected = format!("at least {most}, as so many are paid of {year}");
            return Err(Refusal::invalid("/document/instalments", expected).into());
        }
    }
    Ok(())
}

/// What a frame holds.
#[derive(Clone, Copy, Debug)]
pub struct FrameContent {
    /// Whether the Storting has decided it.
    pub status: FrameStatus,
    /// The money, if known.
    pub amount: Option<Nok>,
    /// The places, if limited.
    pub places: Option<u32>,
}

/// Frames.
pub fn frame_list(cx: &mut Context<'_>, filter: &FrameFilter, page: &PageRequest) -> Outcome<Page<Frame>> {
    cx.require(Operation::FrameList)?;
    Ok(frames::page(cx.db, filter, page)?)
}

/// One frame.
pub fn frame_read(cx: &mut Context<'_>, id: FrameId) -> Outcome<Frame> {
    cx.require(Operation::FrameRead)?;
    cx.find(id)
}

/// Sets the frame of an office for a scheme and year.
pub fn frame_create(
    cx: &mut Context<'_>,
    office_id: OfficeId,
    scheme_id: SchemeId,
    year: i16,
    content: FrameContent,
) -> Outcome<Frame> {
    cx.require(Operation::FrameCreate)?;
    let _office: Office = cx.find_referenced(office_id, "/officeId")?;
    let scheme: Scheme = cx.find_referenced(scheme_id, "/schemeId")?;
    if !(scheme.first_year..=scheme.last_year).contains(&year) {
        return Err(Refusal::invalid("/year", "a year of the scheme").into());
    }
    if frames::lock_for(cx.db, office_id, scheme_id, year)?.is_some() {
        return Err(Refusal::new(RefusalCode::AlreadyExists).with("thing", "frame").into());
    }
    let mut frame = Frame {
        id: cx.new_id(),
        office_id,
        scheme_id,
        year,
        status: FrameStatus::Expected,
        amount: None,
        places: None,
        committed: Nok::ZERO,
        places_used: 0,
        version: 1,
    };
    let entry = frame.set(content.status, content.amount, content.places)?;
    let frame = cx.create(frame, entry)?;
    plans::enqueue(cx, office_id, scheme_id)?;
    Ok(frame)
}

/// Changes a frame; the plan is computed again.
pub fn frame_update(
    cx: &mut Context<'_>,
    id: FrameId,
    expected: Expected,
    content: FrameContent,
) -> Outcome<Frame> {
    cx.require(Operation::FrameUpdate)?;
    let mut frame: Frame = cx.lock(id, expected)?;
    cx.transition(&mut frame, |frame| frame.set(content.status, content.amount, content.places))?;
    plans::enqueue(cx, frame.office_id, frame.scheme_id)?;
    Ok(frame)
}
