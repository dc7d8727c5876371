//! Ballots: what a forum votes on, by which rules, and what came of it.

mod budget;
mod count;
mod matter;
mod pabulib;
mod rules;
mod ties;

use actix_web::{get, post, put};
use serde::{Deserialize, Serialize};
use tildel_usecases::ballots::{self, BallotFilter, BallotView};
use tildel_usecases::domain::ballot as domain;
use tildel_usecases::domain::id::BallotId;
use tildel_usecases::domain::standing;
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

pub use count::BallotCount;
pub use matter::{AllotmentTag, ApprovalTag, MotionTag, RankingTag, ScoreTag};
pub use rules::BallotRules;

use super::organisations::OrganisationKind;
use crate::body::{PageBody, Resource, wire_enum};
use crate::call::{Call, Id, Json, Query, Reply};

wire_enum! {
    /// Where a ballot is in its life.
    BallotState = domain::BallotState {
        /// Being prepared.
        Prepared,
        /// Takes votes.
        Open,
        /// Takes no more votes.
        Closed,
        /// Counted.
        Counted,
        /// Set aside, with the reason.
        Annulled,
    }
}

/// Whether enough seats of one kind of organisation voted.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct KindCheck {
    /// The kind of organisation.
    pub organisation_kind: OrganisationKind,
    /// Seats that had to vote.
    pub needed: u32,
    /// Seats that voted.
    pub taking_part: u32,
    /// Whether they were enough.
    pub is_met: bool,
}

/// How the roster stood when the ballot was counted.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Tally {
    /// Seats that could vote.
    pub eligible_seats: u32,
    /// Seats that could not, as whoever would hold the vote is recused.
    pub recused_seats: u32,
    /// The quorum by kind of organisation.
    pub quorum_by_kind: Vec<KindCheck>,
}

impl From<standing::Tally> for Tally {
    fn from(tally: standing::Tally) -> Self {
        Self {
            eligible_seats: tally.eligible(),
            recused_seats: tally.recused(),
            quorum_by_kind: tally
                .kinds
                .into_iter()
                .map(|check| KindCheck {
                    organisation_kind: check.organisation_kind.into(),
                    needed: check.needed,
                    taking_part: check.taking_part,
                    is_met: check.is_met,
                })
                .collect(),
        }
    }
}

/// A ballot of a forum, as the caller may see it.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Ballot {
    /// Id.
    pub id: Uuid,
    /// The forum.
    pub forum_id: Uuid,
    /// The meeting.
    pub meeting_id: Uuid,
    /// The item of its agenda.
    pub agenda_item_id: Uuid,
    /// The round that the item treats, if it is one.
    #[schema(required)]
    pub round_id: Option<Uuid>,
    /// The application that the item is about, if it is about one.
    #[schema(required)]
    pub application_id: Option<Uuid>,
    /// Title.
    pub title: String,
    /// What is voted on, by whom, and how it is counted.
    pub rules: BallotRules,
    /// State.
    pub state: BallotState,
    /// Whether a vote was cast, from which on the rules stand; false where the count is withheld.
    pub frozen: bool,
    /// How many seats have voted; 0 where the count is withheld.
    pub votes_cast: u32,
    /// The count, once the ballot is counted and unless it is withheld.
    #[schema(required)]
    pub count: Option<BallotCount>,
    /// How the roster stood when the ballot was counted, unless it is withheld.
    #[schema(required)]
    pub tally: Option<Tally>,
    /// Whether the count is kept from the caller, who is recused on an application of the ballot.
    pub withheld: bool,
    /// Why it was annulled, where it was and unless the count is withheld.
    #[schema(required)]
    pub annulment_reason: Option<String>,
    /// Version.
    pub version: i64,
}

impl Resource for BallotView {
    type Body = Ballot;
    const COLLECTION: Option<&'static str> = Some("/v1/ballots");

    fn id(&self) -> Uuid {
        self.ballot.id.into()
    }

    fn version(&self) -> i64 {
        self.ballot.version
    }
}

impl From<BallotView> for Ballot {
    fn from(view: BallotView) -> Self {
        let ballot = view.ballot;
        Self {
            id: ballot.id.into(),
            forum_id: ballot.forum_id.into(),
            meeting_id: ballot.meeting_id.into(),
            agenda_item_id: ballot.agenda_item_id.into(),
            round_id: ballot.round_id.map(Into::into),
            application_id: ballot.application_id.map(Into::into),
            title: ballot.title,
            rules: ballot.rules.into(),
            state: ballot.state.into(),
            frozen: ballot.frozen,
            votes_cast: view.votes_cast,
            count: ballot.count.map(Into::into),
            tally: ballot.tally.map(Into::into),
            withheld: view.withheld,
            annulment_reason: ballot.annulment_reason,
            version: ballot.version,
        }
    }
}

/// What a new ballot is made of.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewBallot {
    /// The meeting, of a forum that the caller chairs or serves.
    pub meeting_id: Uuid,
    /// The item of its agenda.
    pub agenda_item_id: Uuid,
    /// Title.
    #[schema(min_length = 1, max_length = 200)]
    pub title: String,
    /// What is voted on, by whom, and how it is counted.
    pub rules: BallotRules,
}

/// What a ballot holds.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BallotContent {
    /// Title.
    #[schema(min_length = 1, max_length = 200)]
    pub title: String,
    /// What is voted on, by whom, and how it is counted.
    pub rules: BallotRules,
}

/// Why a ballot is set aside.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BallotAnnulment {
    /// The reason, for all who see the ballot.
    #[schema(min_length = 1, max_length = 2000)]
    pub reason: String,
}

/// Which ballots to list.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub struct BallotQuery {
    /// Of this meeting only.
    pub meeting_id: Option<Uuid>,
    /// In this state only.
    #[param(inline)]
    pub state: Option<BallotState>,
}

/// List ballots.
///
/// Those of the forums that the caller sits in, chairs or serves.
#[utoipa::path(operation_id = "ballotList", tag = "Ballots", params(BallotQuery),
    responses((status = 200, description = "A page of ballots.", body = PageBody<Ballot>)))]
#[get("/v1/ballots")]
async fn list(call: Call, query: Query<BallotQuery>) -> Reply {
    let filter = BallotFilter {
        meeting_id: query.0.meeting_id.map(Into::into),
        state: query.0.state.map(Into::into),
        ..BallotFilter::default()
    };
    call.list(move |cx, page| ballots::list(cx, &filter, page)).await
}

/// Read a ballot.
///
/// One ballot, with its count once there is one and the caller is not recused.
#[utoipa::path(operation_id = "ballotRead", tag = "Ballots",
    responses((status = 200, description = "The ballot.", body = Ballot)))]
#[get("/v1/ballots/{id}")]
async fn read(call: Call, id: Id<BallotId>) -> Reply {
    call.read(move |cx| ballots::read(cx, id.0)).await
}

/// Prepare a ballot.
///
/// On an item of the agenda. It takes votes once the chair opens it. Those in the forum who belong to a party of one of its applications
/// are suggested as recused.
#[utoipa::path(operation_id = "ballotCreate", tag = "Ballots", request_body = NewBallot,
    responses((status = 201, description = "The new ballot.", body = Ballot)))]
#[post("/v1/ballots")]
async fn create(call: Call, new: Json<NewBallot>) -> Reply {
    let NewBallot { meeting_id, agenda_item_id, title, rules } = new.0;
    let rules: domain::BallotRules = rules.try_into()?;
    call.create(move |cx| ballots::create(cx, meeting_id.into(), agenda_item_id.into(), &title, &rules)).await
}

/// Change a ballot.
///
/// The whole content, until the first vote freezes it. After that a change means annulling it, with a reason.
#[utoipa::path(operation_id = "ballotUpdate", tag = "Ballots", request_body = BallotContent,
    responses((status = 200, description = "The changed ballot.", body = Ballot)))]
#[put("/v1/ballots/{id}")]
async fn update(call: Call, id: Id<BallotId>, content: Json<BallotContent>) -> Reply {
    let BallotContent { title, rules } = content.0;
    let rules: domain::BallotRules = rules.try_into()?;
    call.act(move |cx, expected| ballots::update(cx, id.0, expected, &title, &rules)).await
}

/// Open a ballot.
///
/// Possible once agreement was tested in vain, or the chair recorded why it was not tested, and once all recusals that were found are
/// ruled on.
#[utoipa::path(operation_id = "ballotOpen", tag = "Ballots",
    responses((status = 200, description = "The open ballot.", body = Ballot)))]
#[post("/v1/ballots/{id}/opening")]
async fn open(call: Call, id: Id<BallotId>) -> Reply {
    call.act(move |cx, expected| ballots::open(cx, id.0, expected)).await
}

/// Close a ballot.
///
/// Ends the voting and counts. A ballot with `closesAt` closes by itself then.
#[utoipa::path(operation_id = "ballotClose", tag = "Ballots",
    responses((status = 200, description = "The counted ballot.", body = Ballot)))]
#[post("/v1/ballots/{id}/closing")]
async fn close(call: Call, id: Id<BallotId>) -> Reply {
    call.act(move |cx, expected| ballots::close(cx, id.0, expected)).await
}

/// Annul a ballot.
///
/// Sets it aside for good, with the reason. Its votes are kept.
#[utoipa::path(operation_id = "ballotAnnul", tag = "Ballots", request_body = BallotAnnulment,
    responses((status = 200, description = "The annulled ballot.", body = Ballot)))]
#[post("/v1/ballots/{id}/annulment")]
async fn annul(call: Call, id: Id<BallotId>, annulment: Json<BallotAnnulment>) -> Reply {
    let reason = annulment.0.reason;
    call.act(move |cx, expected| ballots::annul(cx, id.0, expected, &reason)).await
}

/// Adds the routes.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(list)
        .service(read)
        .service(create)
        .service(update)
        .service(open)
        .service(close)
        .service(annul)
        .configure(pabulib::configure);
}
