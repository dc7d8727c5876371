//! What the campaigns write to: a round that takes applications, a forum with seats, and a ballot that is open.
//!
//! Everything is set up over HTTP. The years lie far ahead, so that no deadline passes but those a campaign sets.

use anyhow::{Context, Result};
use serde_json::{Value, json};

use crate::program::Installation;
use crate::speaker::{Heard, Request, Speaker};

/// Who writes: an applicant and a member with a seat.
#[derive(Clone)]
pub(crate) struct Hand {
    /// Acts for an organisation.
    pub(crate) applicant: Speaker,
    /// Votes.
    pub(crate) member: Speaker,
    /// The member's seat.
    pub(crate) seat: String,
}

/// The stage.
#[derive(Clone)]
pub(crate) struct Stage {
    /// Sees everything.
    pub(crate) admin: Speaker,
    /// Registers organisations.
    pub(crate) officer: Speaker,
    /// Prepares and opens ballots.
    pub(crate) chair: Speaker,
    /// The round.
    pub(crate) round: String,
    /// The meeting of the forum.
    pub(crate) meeting: String,
    /// Its item, on which the forum does not agree.
    pub(crate) item: String,
    /// The ballot in which all hands vote.
    pub(crate) ballot: String,
    /// Who writes.
    pub(crate) hands: Vec<Hand>,
}

impl Stage {
    /// Sets the stage on a running, empty installation.
    pub(crate) async fn set(installation: &Installation, hands: u32) -> Result<Self> {
        let admin = Speaker::new(installation.base(), installation.admin_token().to_owned())?;
        let mut set_up = SetUp { admin: admin.clone(), keys: 0 };
        let office = set_up.post(&admin, "/v1/offices", office()).await?.text("id")?;
        let officer = set_up.person("Officer", "case_officer", json!({ "officeId": office })).await?.0;
        let directorate = set_up.person("Directorate", "directorate", json!({})).await?.0;
        let scheme = set_up.post(&directorate, "/v1/schemes", scheme()).await?.text("id")?;
        let round = set_up.round(&officer, &office, &scheme).await?;
        let (chair, chair_id) = set_up.person("Chair", "chair", json!({})).await?;
        let forum = set_up.post(&officer, "/v1/forums", forum(&office, &chair_id)).await?.text("id")?;
        let mut made = Vec::new();
        for number in 0..hands {
            made.push(set_up.hand(&officer, &forum, number).await?);
        }
        let (meeting, item) = set_up.meeting(&officer, &chair, &forum).await?;
        let seats: Vec<&str> = made.iter().map(|hand| hand.seat.as_str()).collect();
        let ballot =
            set_up.post(&chair, "/v1/ballots", ballot(&meeting, &item, &seats, "All hands", None)).await?;
        let ballot = ballot.text("id")?;
        set_up.act(&chair, &format!("/v1/ballots/{ballot}"), "opening", Value::Null).await?;
        Ok(Self { admin, officer, chair, round, meeting, item, ballot, hands: made })
    }

    /// A ballot that ends by itself.
    pub(crate) fn short_ballot(&self, title: &str, closes_at: &str) -> Value {
        let seats: Vec<&str> = self.hands.iter().map(|hand| hand.seat.as_str()).collect();
        ballot(&self.meeting, &self.item, &seats, title, Some(closes_at))
    }

    /// An application to the round.
    pub(crate) fn application(&self, title: &str) -> Value {
        json!({
            "roundId": self.round,
            "title": title,
            "unitKinds": ["kindergarten"],
            "answers": { "measure": "Nettverk", "participants": "Alle barnehager", "goal": "Bedre praksis" },
        })
    }

    /// The path at which the votes of the common ballot are cast.
    pub(crate) fn votes_path(&self) -> String {
        format!("/v1/ballots/{}/votes", self.ballot)
    }
}

/// A vote of a seat.
pub(crate) fn vote(seat: &str, choice: &str) -> Value {
    json!({ "seatId": seat, "content": { "kind": "motion", "choice": choice } })
}

/// A new organisation.
pub(crate) fn organisation(serial: u32, name: &str) -> Value {
    json!({ "number": organisation_number(serial), "name": name, "kind": "municipality", "language": "nb" })
}

struct SetUp {
    admin: Speaker,
    keys: u32,
}

impl SetUp {
    fn fresh_key(&mut self) -> String {
        self.keys += 1;
        format!("set-up-{:08}", self.keys)
    }

    async fn post(&mut self, who: &Speaker, path: &str, body: Value) -> Result<Heard> {
        let request = Request { path: path.to_owned(), key: Some(self.fresh_key()), based_on: None, body };
        who.post(&request).await?.well(path)
    }

    /// Acts on a thing as it stands.
    async fn act(&mut self, who: &Speaker, thing: &str, action: &str, body: Value) -> Result<Heard> {
        let based_on = Some(who.get(thing).await?.tag);
        let request =
            Request { path: format!("{thing}/{action}"), key: Some(self.fresh_key()), based_on, body };
        who.post(&request).await?.well(&request.path)
    }

    /// A person with a token, and the person's id.
    async fn person(&mut self, name: &str, role: &str, mut body: Value) -> Result<(Speaker, String)> {
        body["name"] = json!(name);
        let admin = self.admin.clone();
        let id = self.post(&admin, "/v1/persons", body).await?.text("id")?;
        let body = json!({ "personId": id, "role": role, "label": "campaign" });
        // The operation takes no key, as its answer is not kept.
        let request = Request { path: "/v1/access-tokens".to_owned(), key: None, based_on: None, body };
        let issued = admin.post(&request).await?.well(&request.path)?;
        Ok((admin.with_token(issued.text("secret")?), id))
    }

    async fn round(&mut self, officer: &Speaker, office: &str, scheme: &str) -> Result<String> {
        let body = json!({
            "officeId": office, "schemeId": scheme, "budgetYear": 2099,
            "title": { "nb": "Utlysning" }, "label": { "nb": "våren 2099" },
            "deadline": { "local": "2099-12-31T23:59:00", "zone": "Europe/Oslo", "graceMinutes": 0 },
            "forumIds": [], "deferredGroups": [],
        });
        let id = self.post(officer, "/v1/rounds", body).await?.text("id")?;
        let round = format!("/v1/rounds/{id}");
        self.act(officer, &round, "announcement", Value::Null).await?;
        self.act(officer, &round, "opening", Value::Null).await?;
        Ok(id)
    }

    async fn hand(&mut self, officer: &Speaker, forum: &str, number: u32) -> Result<Hand> {
        let name = format!("Hand {number}");
        let made = self.post(officer, "/v1/organisations", organisation(number, &name)).await?.text("id")?;
        let applicant = self.person(&name, "applicant", json!({ "organisationId": made })).await?.0;
        let (member, member_id) = self.person(&name, "member", json!({})).await?;
        let body = json!({
            "forumId": forum, "label": { "nb": name }, "organisationKind": "association", "voteRight": "voting",
            "memberId": member_id, "termFrom": "2000-01-01", "termTo": "2100-12-31",
        });
        let seat = self.post(officer, "/v1/seats", body).await?.text("id")?;
        Ok(Hand { applicant, member, seat })
    }

    /// A meeting with an item on which no agreement was sought.
    async fn meeting(&mut self, officer: &Speaker, chair: &Speaker, forum: &str) -> Result<(String, String)> {
        let body = json!({ "forumId": forum, "startsAt": "2020-09-01T08:00:00Z", "place": "Teams" });
        let id = self.post(officer, "/v1/meetings", body).await?.text("id")?;
        let meeting = format!("/v1/meetings/{id}");
        let held = self.act(officer, &meeting, "agenda-items", json!({ "title": "Campaign" })).await?;
        let item = held.body.pointer("/agenda/0/id").and_then(Value::as_str);
        let item = item.context("failed to find the item of the meeting")?.to_owned();
        let test = json!({ "agendaItemId": item, "outcome": "skipped", "note": "A vote is what is wanted." });
        self.act(chair, &meeting, "agreement-tests", test).await?;
        Ok((id, item))
    }
}

fn office() -> Value {
    json!({
        "key": "RO",
        "name": { "nb": "Fylkesmannen i Rogaland" },
        "department": { "nb": "Utdanningsavdelingen" },
        "organisationNumber": organisation_number(9_000_000),
        "address": ["Postboks 1", "4000 Stavanger"],
        "language": "nb",
    })
}

fn scheme() -> Value {
    json!({
        "key": "campaign", "name": { "nb": "Kompetanseløftet" }, "firstYear": 2000, "lastYear": 2100,
        "legalBasis": "Meld. St. 6 (2019–2020)", "computingBody": "Utdanningsdirektoratet",
        "modelDescription": { "nb": "grunnbeløp og sats" },
        "letterTexts": [{
            "kind": "information", "language": "nb", "title": "Informasjon",
            "blocks": [{ "kind": "paragraph", "text": "Vi viser til søknadene." }],
        }],
    })
}

fn forum(office: &str, chair: &str) -> Value {
    json!({
        "officeId": office, "name": { "nb": "Samarbeidsforum" }, "shortName": { "nb": "forum" },
        "quorumSeats": 1, "chairId": chair,
    })
}

fn ballot(meeting: &str, item: &str, seats: &[&str], title: &str, closes_at: Option<&str>) -> Value {
    let matter = json!({ "kind": "motion", "text": "Forslaget vedtas.", "majority": "simple" });
    let mut rules = json!({ "matter": matter, "roster": seats, "quorumSeats": 1, "tieChain": [] });
    if let Some(closes_at) = closes_at {
        rules["closesAt"] = json!(closes_at);
    }
    json!({ "meetingId": meeting, "agendaItemId": item, "title": title, "rules": rules })
}

/// An organisation number from a serial below ten million, with the check digit of Brønnøysundregistrene: the digits are
/// weighted with 3 2 7 6 5 4 3 2 and the check digit fills the sum up to a multiple of 11. Heads without a check digit are
/// skipped: the last weight is 2, so of two neighbours at least one has one.
fn organisation_number(serial: u32) -> String {
    let head = 10_000_000 + 2 * serial;
    let (number, check) = [head, head + 1]
        .map(|head| (head, check_digit(head)))
        .into_iter()
        .find(|(_, check)| *check < 10)
        .unwrap_or_default();
    format!("{number:08}{check}")
}

/// Ten where there is none.
fn check_digit(head: u32) -> u32 {
    let digits = (0..8).rev().map(|place| head / 10_u32.pow(place) % 10);
    let sum: u32 = digits.zip([3, 2, 7, 6, 5, 4, 3, 2]).map(|(digit, weight)| digit * weight).sum();
    (11 - sum % 11) % 11
}

#[cfg(test)]
mod tests {
    use super::organisation_number;

    #[test]
    fn organisation_numbers_have_their_check_digit() {
        // By hand: 1·3 = 3, which 8 fills up to 11; 1·3 + 2·2 = 7, which 4 fills up.
        assert_eq!(organisation_number(0), "100000008");
        assert_eq!(organisation_number(1), "100000024");
        let distinct: std::collections::BTreeSet<_> = (0..5_000).map(organisation_number).collect();
        assert_eq!(distinct.len(), 5_000);
    }
}
