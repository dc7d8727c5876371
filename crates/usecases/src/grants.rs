//! Granted projects.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use tildel_domain::Refusal;
use tildel_domain::allocation::Nok;
use tildel_domain::grant::{Grant, GrantPayment};
use tildel_domain::id::{GrantId, GrantPaymentId};
use tildel_domain::policy::Operation;
pub use tildel_storage::grants::GrantFilter;
use tildel_storage::{Page, PageRequest, funding_models, grant_payments, grants};

use crate::context::{Context, Expected};
use crate::failure::{Failure, Outcome};
use crate::plans;
use crate::reserve;

/// Grants.
pub fn list(cx: &mut Context<'_>, filter: &GrantFilter, page: &PageRequest) -> Outcome<Page<Grant>> {
    cx.require(Operation::GrantList)?;
    Ok(grants::page(cx.db, filter, page)?)
}

/// One grant.
pub fn read(cx: &mut Context<'_>, id: GrantId) -> Outcome<Grant> {
    cx.require(Operation::GrantRead)?;
    cx.find(id)
}

/// The recipient takes a grant.
pub fn accept(cx: &mut Context<'_>, id: GrantId, expected: Expected) -> Outcome<Grant> {
    cx.require(Operation::GrantAccept)?;
    let mut grant: Grant = cx.lock(id, expected)?;
    let (actor, now) = (cx.actor.clone(), cx.now);
    cx.transition(&mut grant, |grant| grant.accept(&actor, now))?;
    Ok(grant)
}

/// The recipient does not take a grant; the first of the reserve list is proposed, and the plan goes on without the grant.
pub fn decline(cx: &mut Context<'_>, id: GrantId, expected: Expected) -> Outcome<Grant> {
    cx.require(Operation::GrantDecline)?;
    let mut grant: Grant = cx.lock(id, expected)?;
    let (actor, now) = (cx.actor.clone(), cx.now);
    cx.transition(&mut grant, |grant| grant.decline(&actor, now))?;
    reserve::propose_for(cx, &grant)?;
    plans::enqueue(cx, grant.office_id, grant.scheme_id)?;
    Ok(grant)
}

/// What was paid.
#[derive(Clone, Copy, Debug)]
pub struct NewPayment {
    /// The grant.
    pub grant_id: GrantId,
    /// The year whose amount it is part of.
    pub year: i16,
    /// The amount.
    pub amount: Nok,
    /// The day on which it was paid.
    pub paid_on: Date,
}

/// Payments, of one grant or of all.
pub fn payment_list(
    cx: &mut Context<'_>,
    grant_id: Option<GrantId>,
    page: &PageRequest,
) -> Outcome<Page<GrantPayment>> {
    cx.require(Operation::PaymentList)?;
    Ok(grant_payments::page(cx.db, grant_id, page)?)
}

/// One payment.
pub fn payment_read(cx: &mut Context<'_>, id: GrantPaymentId) -> Outcome<GrantPayment> {
    cx.require(Operation::PaymentRead)?;
    grant_payments::find(cx.db, id)?.ok_or_else(|| Failure::from(Refusal::not_found("payment")))
}

/// Records a payment, the next one of its year; the plan is computed again, so that what is open follows.
pub fn payment_create(cx: &mut Context<'_>, new: NewPayment) -> Outcome<GrantPayment> {
    cx.require(Operation::PaymentCreate)?;
    // The lock lets one payment of a grant in at a time, so that numbers and sums hold.
    let grant = lock_referenced(cx, new.grant_id)?;
    let mut before = grant_payments::list_for(cx.db, &[grant.id])?;
    before.retain(|payment| payment.year == new.year);
    let paid: Vec<Nok> = before.iter().map(|payment| payment.amount).collect();
    grant.check_payment(new.year, new.amount, &paid, &cx.actor)?;
    // A day is over where the office is, in Norway; nowhere else is it later than one day from now.
    let tomorrow = cx.now.to_zoned(TimeZone::UTC).date().tomorrow().unwrap_or(Date::MAX);
    if new.paid_on > tomorrow {
        return Err(Refusal::invalid("/paidOn", "a day that has come").into());
    }
    let sequence = u32::try_from(paid.len() + 1).unwrap_or(u32::MAX);
    check_profile(cx, &grant, new.year, sequence)?;
    let payment = GrantPayment {
        id: cx.new_id(),
        grant_id: grant.id,
        year: new.year,
        sequence,
        amount: new.amount,
        paid_on: new.paid_on,
        recorded_by: cx.actor.person()?,
        recorded_at: cx.now,
    };
    grant_payments::insert(cx.db, &payment)?;
    cx.note(payment.record(), Some(grant.office_id), &payment)?;
    plans::enqueue(cx, grant.office_id, grant.scheme_id)?;
    Ok(payment)
}

/// A model with instalments has so many payments in a year and no more; a plan with more could not be computed.
fn check_profile(cx: &mut Context<'_>, grant: &Grant, year: i16, sequence: u32) -> Outcome<()> {
    let models = funding_models::list_for(cx.db, grant.scheme_id)?;
    let ruling = models
        .into_iter()
        .map(|published| published.model)
        .filter(|model| model.holds_in(year))
        .max_by_key(|model| model.version);
    let profile = ruling.map(|model| model.instalments.len()).unwrap_or_default();
    if profile > 0 && usize::try_from(sequence).unwrap_or(usize::MAX) > profile {
        let expected = format!("a year with an instalment left; the model has {profile}");
        return Err(Refusal::invalid("/year", expected).into());
    }
    Ok(())
}

fn lock_referenced(cx: &mut Context<'_>, id: GrantId) -> Outcome<Grant> {
    let _there: Grant = cx.find_referenced(id, "/grantId")?;
    cx.lock(id, Expected::Any)
}
