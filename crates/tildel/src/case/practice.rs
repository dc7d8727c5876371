//! The practice data of the embedded mode: the shipped case, and a round that is open now.

use std::sync::Arc;

use anyhow::{Context as _, Result};
use jiff::civil::date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use tildel_domain::allocation::FrameStatus;
use tildel_domain::id::RoundId;
use tildel_domain::round::Deadline;
use tildel_domain::{Actor, Role};
use tildel_storage::Store;
use tildel_usecases::forums::{self, SeatContent};
use tildel_usecases::grants::{self, GrantFilter};
use tildel_usecases::registry::FrameContent;
use tildel_usecases::rounds::{self, RoundContent};
use tildel_usecases::{Credentials, Expected, PageRequest, SystemRandomness};

use super::cast::act;
use super::{CaseSources, Played, PracticeAccess, Progress, money_steps, play};

/// Loads the practice data into an empty, migrated store. `now` is the present, for the round that is open.
pub async fn load_practice(
    store: Store,
    journal_key: Vec<u8>,
    now: Timestamp,
    progress: Progress<'_>,
) -> Result<PracticeAccess> {
    let played =
        play(&CaseSources::shipped(), store, journal_key, Arc::new(SystemRandomness), progress).await?;
    played.at(now)?;
    extend_terms(&played, now).await?;
    let practice_round_id = open_round(&played, now).await?;
    let scheme_id = played.cast.scheme()?;
    let granted = played
        .service
        .read(Credentials::Internal(Actor::SYSTEM), move |cx| {
            let filter = GrantFilter { scheme_id: Some(scheme_id), ..GrantFilter::default() };
            grants::list(cx, &filter, &PageRequest::first(10))
        })
        .await?;
    // A joint project has a name of its own.
    let named = |name: &str| {
        let mut names = played.case.applications.iter().filter_map(|text| text.project_name.as_deref());
        names.any(|project| project == name)
    };
    let joint =
        granted.items.iter().find(|grant| named(&grant.name)).context("the case granted no joint project")?;
    Ok(PracticeAccess {
        tokens: played.cast.tokens.clone(),
        round_id: played.cast.round()?.to_string(),
        practice_round_id: practice_round_id.to_string(),
        grant_id: joint.id.to_string(),
        letter_id: played.cast.letter_ids.last().context("the case wrote no letter")?.to_string(),
    })
}

/// Those who sat in the forums of the case still do, till the end of next year: who has left sees nothing of a forum.
async fn extend_terms(played: &Played, now: Timestamp) -> Result<()> {
    let last_day = date(now.to_zoned(TimeZone::UTC).year() + 1, 12, 31);
    let officer = played.cast.actor(&played.case.decision.prepared_by, Role::CaseOfficer)?;
    for seat in played.cast.seats.values() {
        let (id, member_id, deputy_id) = (seat.id, seat.member_id, seat.deputy_id);
        let content = SeatContent { member_id, deputy_id, term_to: last_day };
        act(&played.service, officer.clone(), "extend the term of a seat", move |cx| {
            forums::seat_update(cx, id, Expected::Any, content)
        })
        .await?;
    }
    Ok(())
}

async fn open_round(played: &Played, now: Timestamp) -> Result<RoundId> {
    let text = played.case.practice_round.clone();
    let (office_id, scheme_id) = (played.cast.office()?, played.cast.scheme()?);
    let zone = "Europe/Oslo";
    let last_day = now.to_zoned(TimeZone::get(zone)?).date().checked_add(i64::from(text.open_days).days())?;
    let content = RoundContent {
        budget_year: text.budget_year,
        title: text.title,
        label: text.label,
        deadline: Deadline { local: last_day.at(23, 59, 0, 0), zone: zone.to_owned(), grace_minutes: 15 },
        forum_ids: played.cast.forums.values().copied().collect(),
        deferred_groups: Vec::new(),
        criteria: Vec::new(),
    };
    set_places(played, text.budget_year, text.places).await?;
    let officer = played.cast.actor(&played.case.decision.prepared_by, Role::CaseOfficer)?;
    let round = act(&played.service, officer, "open the practice round", move |cx| {
        let round = rounds::create(cx, office_id, scheme_id, &content)?;
        rounds::announce(cx, round.id, Expected::Any)?;
        rounds::open(cx, round.id, Expected::Any)
    })
    .await?;
    Ok(round.id)
}

/// The year has a frame already, with the money of the case; the practice round needs places in it.
async fn set_places(played: &Played, year: i16, places: u32) -> Result<()> {
    let standing = played.case.amounts.frames.iter().find(|frame| frame.year == year);
    let amount = standing.map(|frame| frame.amount.parse()).transpose()?;
    let content = FrameContent { status: FrameStatus::Expected, amount, places: Some(places) };
    money_steps::set_frame(played, year, content).await
}
