//! Appeals and reruns.

use tildel_domain::appeal::{Appeal, AppealChannel, AppealOutcome, AppealRuling, AppealState};
use tildel_domain::appeal_rerun::{AppealRerun, Assumption, GrantedYears};

use super::run;
use crate::{id, start};

/// Against the first decision, on the nth application; nobody has taken it up.
pub(crate) fn appeal(n: u128) -> Appeal {
    Appeal {
        id: id(n).into(),
        reference: format!("RO-2020-{:04}", 400 + n),
        office_id: id(1).into(),
        decision_id: id(1).into(),
        application_id: id(n).into(),
        organisation_id: id(1).into(),
        grounds: "Vi oppfyller vilkårene.".to_owned(),
        channel: AppealChannel::Electronic,
        received_on: "2020-06-10".parse().unwrap(),
        posted_on: None,
        registered_at: start(),
        registered_by: id(1).into(),
        late: false,
        without_right: true,
        state: AppealState::Received,
        handled_by: None,
        rulings: Vec::new(),
        prepared_by: None,
        approved_by: None,
        followed_by: None,
        version: 1,
    }
}

/// Upheld: prepared by the first person, approved by the second.
pub(crate) fn upheld(appeal: Appeal) -> Appeal {
    let ruling = AppealRuling {
        outcome: AppealOutcome::Upheld,
        reason: "Medhold".to_owned(),
        legal_basis: "forvaltningsloven § 33".to_owned(),
        admission: Some("Særlige grunner".to_owned()),
        ruled_on: None,
        prepared_by: id(1).into(),
        approved_by: Some(id(2).into()),
        approved_at: Some(start()),
    };
    Appeal {
        channel: AppealChannel::Letter,
        posted_on: Some("2020-06-09".parse().unwrap()),
        state: AppealState::Upheld,
        handled_by: Some(id(1).into()),
        rulings: vec![ruling],
        prepared_by: Some(id(1).into()),
        approved_by: Some(id(2).into()),
        ..appeal
    }
}

/// For the first appeal, on top of the first run.
pub(crate) fn rerun(n: u128) -> AppealRerun {
    let run = run(1);
    let granted = GrantedYears { first_year: 2020, last_year: 2021 };
    AppealRerun {
        id: id(n).into(),
        appeal_id: id(1).into(),
        run_id: run.id,
        assumption: Assumption { granted: Some(granted), headcounts: Vec::new() },
        computed_by: id(1).into(),
        computed_at: start(),
        input_hash: run.input_hash,
        result_hash: run.result_hash,
        input: run.input,
        plan: run.plan,
    }
}
