//! Who may appeal, until when and to whom: a setting of each office for each kind of recipient, and what recipients are told of it.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::calendar::{day_of, end_of_period};
use crate::id::{ApplicationId, OrganisationId};
use crate::organisation::{Organisation, OrganisationKind};
use crate::refusal::Refusal;
use crate::scheme::Office;
use crate::text::LocalText;
use crate::{Actor, Entry};

/// Three weeks (forvaltningsloven § 29).
const DAYS: u32 = 21;
/// The longest periods that can be set, in days.
const DAYS_MAX: u32 = 365;
const RECEIPT_DAYS_MAX: u32 = 30;

/// Whether recipients of a kind may appeal, until when and to whom.
///
/// Whether a grant is an «enkeltvedtak» has to be judged for each scheme and recipient: vedtak are about the rights of private
/// persons and bodies (forvaltningsloven § 2), so by default private owners may appeal, and municipalities, counties and the state
/// may not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AppealRule {
    /// The kind of recipient.
    pub recipient_kind: OrganisationKind,
    /// Whether they may appeal.
    pub has_right: bool,
    /// The appeal period in days from the receipt of the letter.
    pub days: u32,
    /// Days from the dispatch of a letter to its receipt, as the office presumes them.
    pub receipt_days: u32,
    /// What the rule rests on.
    pub legal_basis: LocalText,
    /// The body that tries appeals that the office does not uphold.
    pub appeal_body: LocalText,
}

fn text(nb: &str, nn: &str, en: &str) -> LocalText {
    LocalText { nb: nb.to_owned(), nn: Some(nn.to_owned()), en: Some(en.to_owned()) }
}

impl AppealRule {
    /// What holds where an office has set nothing.
    pub fn default_for(recipient_kind: OrganisationKind) -> Self {
        use OrganisationKind::{
            Association, CountyGovernor, CountyMunicipality, Directorate, IndependentSchool,
            KindergartenOwner, Municipality, University,
        };
        let has_right = match recipient_kind {
            IndependentSchool | KindergartenOwner | Association => true,
            Municipality | CountyMunicipality | University | CountyGovernor | Directorate => false,
        };
        let legal_basis = if has_right {
            text(
                "forvaltningsloven §§ 28 og 29",
                "forvaltningslova §§ 28 og 29",
                "the Public Administration Act sections 28 and 29",
            )
        } else {
            text(
                "forvaltningsloven § 2 første ledd bokstav a",
                "forvaltningslova § 2 første ledd bokstav a",
                "the Public Administration Act section 2, first paragraph, letter a",
            )
        };
        let appeal_body = text(
            "Utdanningsdirektoratet",
            "Utdanningsdirektoratet",
            "the Directorate for Education and Training",
        );
        Self { recipient_kind, has_right, days: DAYS, receipt_days: 0, legal_basis, appeal_body }
    }

    fn check(&self, pointer: &str) -> Result<(), Refusal> {
        let at = |field: &str| format!("{pointer}/{field}");
        if !(1..=DAYS_MAX).contains(&self.days) {
            return Err(Refusal::invalid(&at("days"), "1 to 365 days"));
        }
        if self.receipt_days > RECEIPT_DAYS_MAX {
            return Err(Refusal::invalid(&at("receiptDays"), "0 to 30 days"));
        }
        if self.legal_basis.nb.trim().is_empty() {
            return Err(Refusal::invalid(&at("legalBasis/nb"), "a legal basis"));
        }
        if self.appeal_body.nb.trim().is_empty() {
            return Err(Refusal::invalid(&at("appealBody/nb"), "the body that tries appeals"));
        }
        Ok(())
    }
}

impl Office {
    /// The rule for a kind of recipient: the office's own, or the default.
    pub fn appeal_rule(&self, kind: OrganisationKind) -> AppealRule {
        let own = self.appeal_rules.iter().find(|rule| rule.recipient_kind == kind);
        own.cloned().unwrap_or_else(|| AppealRule::default_for(kind))
    }

    /// The rules for all kinds of recipient, each with whether it is the office's own.
    pub fn all_appeal_rules(&self) -> Vec<(AppealRule, bool)> {
        let is_own = |kind| self.appeal_rules.iter().any(|rule| rule.recipient_kind == kind);
        OrganisationKind::ALL.iter().map(|kind| (self.appeal_rule(*kind), is_own(*kind))).collect()
    }

    /// Sets the office's own rules; for the other kinds the defaults hold. What recipients were told before stays.
    pub fn set_appeal_rules(&mut self, rules: Vec<AppealRule>, actor: &Actor) -> Result<Entry, Refusal> {
        actor.require_office(self.id)?;
        for (index, rule) in rules.iter().enumerate() {
            let pointer = format!("/rules/{index}");
            if rules[..index].iter().any(|other| other.recipient_kind == rule.recipient_kind) {
                return Err(Refusal::invalid(&format!("{pointer}/recipientKind"), "each kind once"));
            }
            rule.check(&pointer)?;
        }
        self.appeal_rules = rules;
        Ok(Entry::new("office.set_appeal_rules", "office", self.id))
    }
}

/// What an applicant was told of the right to appeal when it was told of a decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AppealNotice {
    /// The application that was decided.
    pub application_id: ApplicationId,
    /// Its lead, who may appeal.
    pub organisation_id: OrganisationId,
    /// The rule as it was then.
    pub rule: AppealRule,
    /// The day on which the letter counts as received.
    pub received_on: Date,
    /// The first moment at which an appeal is too late; none without a right to appeal.
    pub ends_at: Option<Timestamp>,
}

impl AppealNotice {
    /// What an applicant is told by a letter that is sent now.
    pub fn of(
        application_id: ApplicationId,
        lead: &Organisation,
        office: &Office,
        now: Timestamp,
    ) -> Result<Self, Refusal> {
        let rule = office.appeal_rule(lead.kind);
        let received_on = day_of(now)?
            .checked_add(jiff::Span::new().days(rule.receipt_days))
            .map_err(|_| Refusal::invalid("/", "a date within the calendar"))?;
        let ends_at = rule.has_right.then(|| end_of_period(received_on, rule.days)).transpose()?;
        Ok(Self { application_id, organisation_id: lead.id, rule, received_on, ends_at })
    }

    /// Whether an appeal that was sent on a day comes too late. One that is posted in time is in time (forvaltningsloven § 30).
    pub fn is_late(&self, sent_on: Date) -> Result<bool, Refusal> {
        // The period ends at a midnight: the day that begins then is the first one that is too late.
        let first_late = self.ends_at.map(day_of).transpose()?;
        Ok(first_late.is_some_and(|first_late| sent_on >= first_late))
    }
}
