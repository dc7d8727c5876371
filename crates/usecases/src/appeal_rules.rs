//! Who may appeal, until when and to whom: each office's own settings.

use tildel_domain::appeal_rule::AppealRule;
use tildel_domain::id::OfficeId;
use tildel_domain::policy::Operation;
use tildel_domain::scheme::Office;

use crate::context::{Context, Expected};
use crate::failure::Outcome;

/// The rules of an office for all kinds of recipient.
#[derive(Clone, Debug)]
pub struct OfficeAppealRules {
    /// The office, whose version the rules share.
    pub office: Office,
}

/// The rules of an office.
pub fn read(cx: &mut Context<'_>, id: OfficeId) -> Outcome<OfficeAppealRules> {
    cx.require(Operation::AppealRulesRead)?;
    Ok(OfficeAppealRules { office: cx.find(id)? })
}

/// Sets the office's own rules, all of them at once. What recipients were told before stays.
pub fn set(
    cx: &mut Context<'_>,
    id: OfficeId,
    expected: Expected,
    rules: &[AppealRule],
) -> Outcome<OfficeAppealRules> {
    cx.require(Operation::AppealRulesSet)?;
    let mut office: Office = cx.lock(id, expected)?;
    let actor = cx.actor.clone();
    cx.transition(&mut office, |office| office.set_appeal_rules(rules.to_vec(), &actor))?;
    Ok(OfficeAppealRules { office })
}
