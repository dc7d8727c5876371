//! Rounds and applications, until the forum has them.

use serde_json::json;

use super::{Request, plain, sent, several};
use crate::scenes::{content, with};
use crate::stage::Stage;

/// What lies ready.
pub(super) struct Rounds {
    /// Drafts of rounds: to read, to change, to announce, to call off.
    unannounced: [String; 4],
    announced: String,
    open: String,
    /// A round whose deadline is over, and that nobody has closed.
    overdue: String,
    /// A closed round without applications.
    empty: String,
    /// Drafts of the lead: to read, to change, to add to, to take from, to hand in, to take back.
    drafts: [String; 6],
    /// The party of the fourth draft that is taken out.
    invited: String,
    /// A draft of the partner, and the lead as a party of it that has not confirmed.
    foreign_draft: (String, String),
    submitted: String,
    /// An application of a closed round.
    screenable: String,
}

impl Rounds {
    /// Lays it ready.
    pub(super) async fn set(stage: &Stage) -> Self {
        let (lead, partner) = (&stage.lead, &stage.partner);
        let (_, screenable) = stage.closed_round(2024, &[lead]).await;
        let (empty, _) = stage.closed_round(2024, &[]).await;
        let overdue = stage.open_round(2024, 1).await;
        stage.pass_days(2);
        let open = stage.open_round(2025, 100).await;
        let drafts: [String; 6] = several(async || stage.draft(&open, lead).await).await;
        let foreign_draft = stage.draft(&open, partner).await;
        let lead_party = stage.invite(&foreign_draft, partner, lead).await;
        Self {
            unannounced: several(async || stage.draft_round(2025, 100).await).await,
            announced: stage.announced_round(2025, 100).await,
            invited: stage.invite(&drafts[3], lead, partner).await,
            foreign_draft: (foreign_draft, lead_party),
            submitted: stage.submitted(&open, lead).await,
            screenable: screenable[0].clone(),
            overdue,
            empty,
            open,
            drafts,
        }
    }

    /// What others do not see in a list.
    pub(super) fn hidden(&self, list: &str) -> Option<&str> {
        match list {
            "applicationList" => Some(&self.drafts[0]),
            "roundList" => Some(&self.unannounced[0]),
            _ => None,
        }
    }

    /// The good request of an operation on these things.
    pub(super) fn request(&self, stage: &Stage, operation: &str) -> Option<Request> {
        let [draft, to_revise, to_announce, to_cancel] = &self.unannounced;
        let [to_read, to_rewrite, to_add_to, to_take_from, to_submit, to_withdraw] = &self.drafts;
        let party = json!({ "organisationId": stage.partner.organisation, "role": "partner" });
        let new_round = with(
            stage.round_body(2025, 50),
            json!({ "officeId": stage.office.id, "schemeId": stage.scheme }),
        );
        let reason = || json!({ "reason": "Det er slik" });
        Some(match operation {
            "roundList" | "applicationList" => plain([]),
            "roundRead" | "treatmentsRead" | "reserveListRead" => plain([draft]),
            "roundCreate" => sent([], new_round),
            "roundUpdate" => sent([to_revise], stage.round_body(2025, 60)),
            "roundAnnounce" => plain([to_announce]),
            "roundOpen" => plain([&self.announced]),
            "roundClose" => plain([&self.overdue]),
            "roundSendToForum" => plain([&self.empty]),
            "roundCancel" => sent([to_cancel], reason()),
            "applicationRead" => plain([to_read]),
            "applicationCreate" => sent([], with(content(), json!({ "roundId": self.open }))),
            "applicationUpdate" => sent([to_rewrite], content()),
            "partyAdd" => sent([to_add_to], party),
            "partyRemove" => plain([to_take_from, &self.invited]),
            "partyConfirm" => sent([&self.foreign_draft.0, &self.foreign_draft.1], json!({})),
            "applicationSubmit" => plain([to_submit]),
            "applicationWithdraw" => sent([to_withdraw], reason()),
            "applicationReturn" => sent([&self.submitted], reason()),
            "applicationScreen" => {
                sent([&self.screenable], json!({ "outcome": "eligible", "reason": "Kontrollert" }))
            }
            _ => return None,
        })
    }
}
