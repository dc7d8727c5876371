//! Scenes on the stage: rounds, applications, meetings, ballots, recommendations, decisions and letters, each brought as
//! far as a test needs it.

use serde_json::{Value, json};

use crate::stage::{Applicant, Stage, kroner};

/// A round whose forum has met on it.
#[derive(Clone, Debug)]
pub(crate) struct Met {
    /// The round.
    pub(crate) round: String,
    /// The meeting.
    pub(crate) meeting: String,
    /// The item of the meeting that treats the round.
    pub(crate) item: String,
    /// The applications, all of them eligible.
    pub(crate) applications: Vec<String>,
}

/// What an application says; complete unless a test takes something out.
pub(crate) fn content() -> Value {
    json!({
        "title": "Inkluderende praksis",
        "unitKinds": ["kindergarten"],
        "answers": { "measure": "Nettverk", "participants": "Alle barnehager", "goal": "Bedre praksis" },
    })
}

/// Content with other fields added or put in the place of its own.
pub(crate) fn with(mut body: Value, fields: Value) -> Value {
    if let (Some(body), Value::Object(fields)) = (body.as_object_mut(), fields) {
        body.extend(fields);
    }
    body
}

impl Stage {
    /// What a round in this budget year is made of, open for `days` days once it is opened.
    pub(crate) fn round_body(&self, year: i16, days: i64) -> Value {
        json!({
            "budgetYear": year,
            "title": { "nb": "Utlysning" },
            "label": { "nb": "høsten 2020" },
            "deadline": { "local": self.days_ahead(days), "zone": "Europe/Oslo", "graceMinutes": 10 },
            "forumIds": [self.office.forum],
            "deferredGroups": [],
        })
    }

    /// A round that is being prepared.
    pub(crate) async fn draft_round(&self, year: i16, days: i64) -> String {
        let ids = json!({ "officeId": self.office.id, "schemeId": self.scheme });
        let body = with(self.round_body(year, days), ids);
        self.call(&self.office.officer.client, "roundCreate", &[], body).await.expect_status(201).id()
    }

    /// A round that is made known.
    pub(crate) async fn announced_round(&self, year: i16, days: i64) -> String {
        let round = self.draft_round(year, days).await;
        self.officer_acts("roundAnnounce", &round).await;
        round
    }

    /// A round that takes applications.
    pub(crate) async fn open_round(&self, year: i16, days: i64) -> String {
        let round = self.announced_round(year, days).await;
        self.officer_acts("roundOpen", &round).await;
        round
    }

    async fn officer_acts(&self, operation: &str, id: &str) {
        self.call(&self.office.officer.client, operation, &[id], Value::Null).await.expect_status(200);
    }

    /// An application that is being written.
    pub(crate) async fn draft(&self, round: &str, applicant: &Applicant) -> String {
        let body = with(content(), json!({ "roundId": round }));
        self.call(&applicant.person.client, "applicationCreate", &[], body).await.expect_status(201).id()
    }

    /// Invites a partner into a draft, and returns the id of the party.
    pub(crate) async fn invite(&self, draft: &str, lead: &Applicant, partner: &Applicant) -> String {
        let party = json!({ "organisationId": partner.organisation, "role": "partner" });
        let invited = self.call(&lead.person.client, "partyAdd", &[draft], party).await.expect_status(200);
        invited.text("/parties/1/id")
    }

    /// An application that is handed in.
    pub(crate) async fn submitted(&self, round: &str, applicant: &Applicant) -> String {
        let application = self.draft(round, applicant).await;
        let client = &applicant.person.client;
        self.call(client, "applicationSubmit", &[&application], Value::Null).await.expect_status(200);
        application
    }

    /// A round after its deadline, with one application that is handed in for each applicant. Two days pass.
    pub(crate) async fn closed_round(&self, year: i16, applicants: &[&Applicant]) -> (String, Vec<String>) {
        let round = self.open_round(year, 1).await;
        let mut applications = Vec::new();
        for applicant in applicants {
            applications.push(self.submitted(&round, applicant).await);
        }
        self.pass_days(2);
        self.officer_acts("roundClose", &round).await;
        (round, applications)
    }

    /// Records a formal control.
    pub(crate) async fn screen(&self, application: &str, outcome: &str, deferred_to_year: Option<i16>) {
        let mut body = json!({ "outcome": outcome, "reason": "Kontrollert" });
        if let Some(year) = deferred_to_year {
            body["deferredToYear"] = year.into();
        }
        let officer = &self.office.officer.client;
        self.call(officer, "applicationScreen", &[application], body).await.expect_status(200);
    }

    /// A round with eligible applications, and a meeting of its forum with an item on it.
    pub(crate) async fn met(&self, year: i16, applicants: &[&Applicant]) -> Met {
        let (round, applications) = self.closed_round(year, applicants).await;
        for application in &applications {
            self.screen(application, "eligible", None).await;
        }
        self.officer_acts("roundSendToForum", &round).await;
        let (meeting, item) = self.meeting(Some(&round)).await;
        Met { round, meeting, item, applications }
    }

    /// A meeting with one item.
    pub(crate) async fn meeting(&self, round: Option<&str>) -> (String, String) {
        let officer = &self.office.officer.client;
        let body =
            json!({ "forumId": self.office.forum, "startsAt": "2020-09-01T08:00:00Z", "place": "Teams" });
        let meeting = self.call(officer, "meetingCreate", &[], body).await.expect_status(201).id();
        let item = json!({ "title": "Innstilling", "roundId": round });
        let meeting_now = self.call(officer, "agendaItemCreate", &[&meeting], item).await.expect_status(200);
        (meeting, meeting_now.text("/agenda/0/id"))
    }

    /// What a paper on an item is made of.
    pub(crate) fn paper_body(item: &str) -> Value {
        json!({ "agendaItemId": item, "title": "Saksframlegg", "kind": "case_note", "text": "Vi tilrår." })
    }

    /// A paper on an item.
    pub(crate) async fn paper(&self, meeting: &str, item: &str) -> String {
        let officer = &self.office.officer.client;
        self.call(officer, "paperCreate", &[meeting], Self::paper_body(item)).await.expect_status(201).id()
    }

    /// Records the chair and the member as present.
    pub(crate) async fn attend(&self, meeting: &str) {
        let office = &self.office;
        let present = json!({ "attendance": [
            { "seatId": office.seats[0], "personId": office.chair.id },
            { "seatId": office.seats[1], "personId": office.member.id },
        ] });
        self.call(&office.officer.client, "attendanceRecord", &[meeting], present).await.expect_status(200);
    }

    /// Records the agreement test of an item.
    pub(crate) async fn agreement(&self, meeting: &str, item: &str, outcome: &str) {
        let body = json!({ "agendaItemId": item, "outcome": outcome, "note": "Prøvd i møtet" });
        self.call(&self.office.chair.client, "agreementRecord", &[meeting], body).await.expect_status(200);
    }

    /// The title and the rules of a ballot with this matter.
    pub(crate) fn ballot_body(&self, matter: Value) -> Value {
        let rules =
            json!({ "matter": matter, "roster": self.office.seats, "quorumSeats": 1, "tieChain": [] });
        json!({ "title": "Votering", "rules": rules })
    }

    /// A ballot on a motion about an application.
    pub(crate) fn motion(&self, application: &str) -> Value {
        self.ballot_body(json!({
            "kind": "motion", "text": "Søknaden innstilles", "applicationId": application, "majority": "simple",
        }))
    }

    /// A ballot that is prepared on an item.
    pub(crate) async fn ballot(&self, met: &Met, ballot: Value) -> String {
        let body = with(ballot, json!({ "meetingId": met.meeting, "agendaItemId": met.item }));
        self.call(&self.office.chair.client, "ballotCreate", &[], body).await.expect_status(201).id()
    }

    /// A ballot that takes votes; the forum did not agree before.
    pub(crate) async fn open_ballot(&self, met: &Met, ballot: Value) -> String {
        let ballot = self.ballot(met, ballot).await;
        self.call(&self.office.chair.client, "ballotOpen", &[&ballot], Value::Null).await.expect_status(200);
        ballot
    }

    /// The body of a recommendation that ranks the applications in their order.
    pub(crate) fn advice(&self, met: &Met) -> Value {
        json!({
            "roundId": met.round,
            "forumId": self.office.forum,
            "meetingId": met.meeting,
            "lines": met.applications.iter().zip(1..).map(|(application, rank)| json!({
                "applicationId": application, "outcome": "ranked", "rank": rank, "assessment": "God",
            })).collect::<Vec<_>>(),
        })
    }

    /// A recommendation that is being written.
    pub(crate) async fn draft_recommendation(&self, met: &Met) -> String {
        let chair = &self.office.chair.client;
        self.call(chair, "recommendationCreate", &[], self.advice(met)).await.expect_status(201).id()
    }

    /// A draft that the forum has agreed on.
    pub(crate) async fn agreed_recommendation(&self, met: &Met) -> String {
        self.attend(&met.meeting).await;
        self.agreement(&met.meeting, &met.item, "agreed").await;
        self.draft_recommendation(met).await
    }

    /// Has a draft adopted, and signed off by the chair.
    pub(crate) async fn sign_off(&self, recommendation: &str) {
        let chair = &self.office.chair.client;
        for operation in ["recommendationAdopt", "recommendationSignOff"] {
            self.call(chair, operation, &[recommendation], Value::Null).await.expect_status(200);
        }
    }

    /// A round whose forum has a signed recommendation that ranks all applications.
    pub(crate) async fn recommended(&self, year: i16, applicants: &[&Applicant]) -> Met {
        let met = self.met(year, applicants).await;
        let recommendation = self.agreed_recommendation(&met).await;
        self.sign_off(&recommendation).await;
        met
    }

    /// The body of a decision that grants all applications of a round for its first two years.
    pub(crate) fn award(met: &Met, year: i16) -> Value {
        let line = |application: &String| {
            json!({
                "applicationId": application, "outcome": "granted", "firstYear": year, "lastYear": year + 1,
            })
        };
        let lines: Vec<_> = met.applications.iter().map(line).collect();
        json!({ "matter": { "kind": "award", "roundId": met.round, "lines": lines } })
    }

    /// A decision that is being prepared.
    pub(crate) async fn draft_decision(&self, body: Value) -> String {
        self.call(&self.office.officer.client, "decisionCreate", &[], body).await.expect_status(201).id()
    }

    /// A decision that waits for the second person.
    pub(crate) async fn proposed_decision(&self, body: Value) -> String {
        let decision = self.draft_decision(body).await;
        self.officer_acts("decisionPropose", &decision).await;
        decision
    }

    /// A decision in force.
    pub(crate) async fn approved_decision(&self, body: Value) -> String {
        let decision = self.proposed_decision(body).await;
        let approver = &self.office.approver.client;
        self.call(approver, "decisionApprove", &[&decision], Value::Null).await.expect_status(200);
        decision
    }

    /// Sets the frame of the office in a year.
    pub(crate) async fn frame(&self, year: i16, amount: Value, places: Value) -> String {
        let body = json!({
            "officeId": self.office.id, "schemeId": self.scheme, "year": year, "status": "decided",
            "amount": amount, "places": places,
        });
        self.call(&self.directorate.client, "frameCreate", &[], body).await.expect_status(201).id()
    }

    /// The grants of a round, the oldest first.
    pub(crate) async fn grants(&self, round: &str) -> Vec<Value> {
        let list = self.world.public().get(&format!("/v1/grants?roundId={round}")).await.expect_status(200);
        list.at("/items").as_array().cloned().expect("a list of grants")
    }

    /// The body of a letter on a decision.
    pub(crate) fn letter(&self, decision: &str) -> Value {
        json!({
            "decisionId": decision, "language": "nb", "recipients": ["Sandnes kommune"],
            "contactId": self.office.officer.id, "signatoryIds": [self.office.approver.id],
            "events": [], "pending": [],
        })
    }

    /// A letter that is being prepared.
    pub(crate) async fn draft_letter(&self, decision: &str) -> String {
        let body = self.letter(decision);
        self.call(&self.office.officer.client, "letterCreate", &[], body).await.expect_status(201).id()
    }

    /// A letter that waits for the second person.
    pub(crate) async fn proposed_letter(&self, decision: &str) -> String {
        let letter = self.draft_letter(decision).await;
        self.officer_acts("letterPropose", &letter).await;
        letter
    }

    /// Records the employees of an applicant's kindergartens at a date.
    pub(crate) async fn headcount(&self, applicant: &Applicant, date: &str, count: u32) {
        let body = json!({
            "organisationId": applicant.organisation, "unitKind": "kindergarten", "measure": "employees", "date": date,
            "status": "known", "count": count.to_string(), "source": "test",
        });
        self.call(&self.office.officer.client, "headcountCreate", &[], body).await.expect_status(201);
    }

    /// A grant of the lead for two years: the first within a decided frame of ten million and so decided, the second within an
    /// expected one and so pre-notified. With 100 employees each is 110 000 kroner.
    pub(crate) async fn promised(&self, year: i16) -> Value {
        self.frame(year, kroner(10_000_000), Value::Null).await;
        let expected = json!({
            "officeId": self.office.id, "schemeId": self.scheme, "year": year + 1, "status": "expected",
            "amount": kroner(10_000_000),
        });
        self.call(&self.directorate.client, "frameCreate", &[], expected).await.expect_status(201);
        let met = self.recommended(year, &[&self.lead]).await;
        self.approved_decision(Self::award(&met, year)).await;
        self.world.work().await;
        let grant = self.grants(&met.round).await.remove(0);
        let line = |year: i16| json!({ "grantId": grant["id"], "year": year, "amount": kroner(110_000) });
        let lines = [line(year), line(year + 1)];
        let run = &grant["years"][0]["plannedRunId"];
        self.approved_decision(json!({ "matter": { "kind": "amounts", "runId": run, "lines": lines } }))
            .await;
        self.world.work().await;
        self.grants(&met.round).await.remove(0)
    }

    /// The body of a scenario on the plan of the office.
    pub(crate) fn scenario(&self, name: &str, changes: Value) -> Value {
        json!({ "officeId": self.office.id, "schemeId": self.scheme, "name": name, "changes": changes })
    }

    /// The newest run of the office.
    pub(crate) async fn newest_run(&self) -> Value {
        let path = format!("/v1/runs?officeId={}&sort=-createdAt&limit=1", self.office.id);
        let id = self.world.public().get(&path).await.expect_status(200).text("/items/0/id");
        self.world.public().get(&format!("/v1/runs/{id}")).await.expect_status(200).json()
    }
}
