//! A forum before its ballots: an office, people, seats, and a round whose applications have passed the formal control.

use jiff::{SignedDuration, ToSpan};
use reqwest::Method;
use serde_json::{Value, json};

use crate::{Client, World};

/// Somebody with a token.
#[derive(Clone, Debug)]
pub struct Somebody {
    /// Speaks for the person.
    pub client: Client,
    /// The person's id.
    pub id: String,
}

/// A seat with its member and deputy.
#[derive(Clone, Debug)]
pub struct SeatOf {
    /// The seat.
    pub id: String,
    /// The member.
    pub member: Somebody,
    /// The deputy.
    pub deputy: Somebody,
}

/// What a forum is set up with.
#[derive(Clone, Debug)]
pub struct ForumPlan {
    /// Voting seats.
    pub seats: usize,
    /// Applications of the round.
    pub applications: usize,
    /// Seats that must take part.
    pub quorum_seats: usize,
    /// Seats of associations that must take part.
    pub quorum_of_kind: usize,
    /// Who sees votes.
    pub disclosure: &'static str,
    /// Whether the first member is employed by the first applicant, so that the interest is found.
    pub is_employed: bool,
}

/// The stage.
pub struct ForumStage {
    /// The server.
    pub world: World,
    /// The office.
    pub office: String,
    /// The scheme.
    pub scheme: String,
    /// The directorate.
    pub directorate: Somebody,
    /// The secretariat.
    pub officer: Somebody,
    /// The chair, who holds no seat.
    pub chair: Somebody,
    /// The forum.
    pub forum: String,
    /// Its voting seats.
    pub seats: Vec<SeatOf>,
    /// The round.
    pub round: String,
    /// Its applications.
    pub applications: Vec<String>,
    /// The applicants.
    pub organisations: Vec<String>,
}

impl ForumStage {
    /// Sets the stage in a world of its own.
    pub async fn set(world: World, plan: &ForumPlan) -> Self {
        let directorate = somebody(&world, "Dina", "directorate", json!({})).await;
        let scheme = directorate.client.post("/v1/schemes", &scheme()).await.expect_status(201).id();
        let office = world.admin.post("/v1/offices", &office()).await.expect_status(201).id();
        let officer = somebody(&world, "Sekretær", "case_officer", json!({ "officeId": office })).await;
        let chair = somebody(&world, "Leder", "chair", json!({})).await;
        let mut organisations = Vec::new();
        for serial in (1..).take(plan.applications) {
            let body = json!({
                "number": organisation_number(serial), "name": format!("Søker {serial}"), "kind": "municipality",
                "language": "nb",
            });
            let made = officer.client.post("/v1/organisations", &body).await.expect_status(201);
            organisations.push(made.id());
        }
        let forum = forum(&officer, &office, &chair, plan).await;
        let mut seats = Vec::new();
        for number in 0..plan.seats {
            let is_employed = plan.is_employed && number == 0;
            let extra = if is_employed { json!({ "organisationId": organisations[0] }) } else { json!({}) };
            seats.push(seat(&world, &officer, &forum, number, extra).await);
        }
        let (round, applications) = round(&world, &officer, (&office, &scheme, &forum), &organisations).await;
        Self {
            world,
            office,
            scheme,
            directorate,
            officer,
            chair,
            forum,
            seats,
            round,
            applications,
            organisations,
        }
    }

    /// A meeting with an item on the round, or on one of its applications.
    pub async fn meeting(&self, application: Option<&str>) -> (String, String) {
        let body = json!({ "forumId": self.forum, "startsAt": "2020-09-01T08:00:00Z", "place": "Teams" });
        let meeting = self.officer.client.post("/v1/meetings", &body).await.expect_status(201).id();
        let item = json!({ "title": "Innstilling", "roundId": self.round, "applicationId": application });
        let at = format!("/v1/meetings/{meeting}");
        let called = self.officer.client.act(&at, "agenda-items", Some(&item)).await.expect_status(200);
        (meeting, called.text("/agenda/0/id"))
    }

    /// Puts one more item on the agenda of a meeting.
    pub async fn item(&self, meeting: &str, application: Option<&str>) -> String {
        let item = json!({ "title": "Innstilling", "roundId": self.round, "applicationId": application });
        let at = format!("/v1/meetings/{meeting}");
        let called = self.officer.client.act(&at, "agenda-items", Some(&item)).await.expect_status(200);
        let agenda = called.at("/agenda");
        let last = agenda.as_array().and_then(|items| items.last()).expect("an item");
        last["id"].as_str().expect("an id").to_owned()
    }

    /// Records that the forum did not agree on an item.
    pub async fn disagree(&self, meeting: &str, item: &str, note: &str) {
        let test = json!({ "agendaItemId": item, "outcome": "not_agreed", "note": note });
        let at = format!("/v1/meetings/{meeting}");
        self.chair.client.act(&at, "agreement-tests", Some(&test)).await.expect_status(200);
    }

    /// A ballot that takes votes of all seats.
    pub async fn open_ballot(&self, meeting: &str, item: &str, matter: Value, quorum_seats: usize) -> String {
        let rules = self.rules(matter, quorum_seats);
        let body = json!({ "meetingId": meeting, "agendaItemId": item, "title": "Votering", "rules": rules });
        let ballot = self.chair.client.post("/v1/ballots", &body).await.expect_status(201).id();
        self.rule_on_found().await;
        self.chair.client.act(&format!("/v1/ballots/{ballot}"), "opening", None).await.expect_status(200);
        ballot
    }

    /// The rules of a ballot of all seats whose ties go by the order of ids.
    pub fn rules(&self, matter: Value, quorum_seats: usize) -> Value {
        let roster: Vec<_> = self.seats.iter().map(|seat| &seat.id).collect();
        let ties = json!([{ "link": "lexicographic" }]);
        json!({ "matter": matter, "roster": roster, "quorumSeats": quorum_seats, "tieChain": ties })
    }

    /// The chair upholds whatever was found.
    async fn rule_on_found(&self) {
        for application in &self.applications {
            let path = format!("/v1/recusals?applicationId={application}&limit=200");
            let found = self.chair.client.get(&path).await.expect_status(200).at("/items");
            for recusal in found.as_array().into_iter().flatten().filter(|one| one["state"] == "suggested") {
                let at = format!("/v1/recusals/{}", recusal["id"].as_str().expect("an id"));
                let ruling = json!({ "upheld": true, "reason": "Ansatt hos søkeren" });
                self.chair.client.act(&at, "ruling", Some(&ruling)).await.expect_status(200);
            }
        }
    }

    /// Marks the members as present.
    pub async fn attend(&self, meeting: &str) {
        let present: Vec<_> =
            self.seats.iter().map(|seat| json!({ "seatId": seat.id, "personId": seat.member.id })).collect();
        let at = format!("/v1/meetings/{meeting}");
        let (path, body) = (format!("{at}/attendance"), json!({ "attendance": present }));
        self.officer.client.act_with(Method::PUT, &at, &path, Some(&body)).await.expect_status(200);
    }
}

/// A motion, about an application or about none.
pub fn motion(application: Option<&str>) -> Value {
    json!({ "kind": "motion", "text": "Innstilles", "applicationId": application, "majority": "simple" })
}

async fn somebody(world: &World, name: &str, role: &str, extra: Value) -> Somebody {
    let (client, id) = world.person(name, role, extra).await;
    Somebody { client, id }
}

async fn forum(officer: &Somebody, office: &str, chair: &Somebody, plan: &ForumPlan) -> String {
    let by_kind = json!([{ "organisationKind": "association", "seats": plan.quorum_of_kind }]);
    let body = json!({
        "officeId": office, "name": { "nb": "Samarbeidsforum" }, "shortName": { "nb": "forum" },
        "quorumSeats": plan.quorum_seats, "disclosure": plan.disclosure, "chairId": chair.id,
        "quorumByKind": if plan.quorum_of_kind > 0 { by_kind } else { json!([]) },
    });
    officer.client.post("/v1/forums", &body).await.expect_status(201).id()
}

async fn seat(world: &World, officer: &Somebody, forum: &str, number: usize, extra: Value) -> SeatOf {
    let member = somebody(world, &format!("Medlem {number}"), "member", extra).await;
    let deputy = somebody(world, &format!("Vara {number}"), "member", json!({})).await;
    let kind = if number.is_multiple_of(2) { "association" } else { "university" };
    let body = json!({
        "forumId": forum, "label": { "nb": "plass" }, "organisationKind": kind, "voteRight": "voting",
        "memberId": member.id, "deputyId": deputy.id, "termFrom": "2020-01-01", "termTo": "2023-12-31",
    });
    let id = officer.client.post("/v1/seats", &body).await.expect_status(201).id();
    SeatOf { id, member, deputy }
}

async fn round(
    world: &World,
    officer: &Somebody,
    (office, scheme, forum): (&str, &str, &str),
    organisations: &[String],
) -> (String, Vec<String>) {
    let day = world.clock.now().to_zoned(jiff::tz::TimeZone::UTC).date() + 1.day();
    let body = json!({
        "officeId": office, "schemeId": scheme, "budgetYear": 2020,
        "title": { "nb": "Utlysning" }, "label": { "nb": "høsten 2020" },
        "deadline": { "local": format!("{day}T23:59:00"), "zone": "Europe/Oslo", "graceMinutes": 0 },
        "forumIds": [forum], "deferredGroups": [],
    });
    let id = officer.client.post("/v1/rounds", &body).await.expect_status(201).id();
    let at = format!("/v1/rounds/{id}");
    for action in ["announcement", "opening"] {
        officer.client.act(&at, action, None).await.expect_status(200);
    }
    let mut applications = Vec::new();
    for organisation in organisations {
        let (applicant, _) =
            world.person("Søker", "applicant", json!({ "organisationId": organisation })).await;
        let body = json!({
            "roundId": id, "title": "Inkluderende praksis", "unitKinds": ["kindergarten"],
            "answers": { "measure": "Nettverk", "participants": "Alle", "goal": "Bedre praksis" },
        });
        let application = applicant.post("/v1/applications", &body).await.expect_status(201).id();
        let place = format!("/v1/applications/{application}");
        applicant.act(&place, "submission", None).await.expect_status(200);
        applications.push(application);
    }
    let _ = world.clock.advance(SignedDuration::from_hours(48));
    officer.client.act(&at, "closing", None).await.expect_status(200);
    for application in &applications {
        let place = format!("/v1/applications/{application}");
        let body = json!({ "outcome": "eligible", "reason": "Kontrollert" });
        officer.client.act(&place, "screening", Some(&body)).await.expect_status(200);
    }
    officer.client.act(&at, "forum-treatment", None).await.expect_status(200);
    (id, applications)
}

fn scheme() -> Value {
    json!({
        "key": "stage-2020", "name": { "nb": "Kompetanseløftet" }, "firstYear": 2020, "lastYear": 2025,
        "legalBasis": "Meld. St. 6 (2019–2020)", "computingBody": "Utdanningsdirektoratet",
        "modelDescription": { "nb": "grunnbeløp og sats" },
        "letterTexts": [{
            "kind": "information", "language": "nb", "title": "Informasjon",
            "blocks": [{ "kind": "paragraph", "text": "Vi viser til søknadene." }],
        }],
    })
}

fn office() -> Value {
    json!({
        "key": "RO", "name": { "nb": "Fylkesmannen i Rogaland" }, "department": { "nb": "Utdanningsavdelingen" },
        "organisationNumber": organisation_number(900), "address": ["Postboks 1", "4000 Stavanger"],
        "language": "nb",
    })
}

/// An organisation number from a serial, with the check digit of Brønnøysundregistrene: the digits are weighted with
/// 3 2 7 6 5 4 3 2 and the check digit fills the sum up to a multiple of 11. Of two neighbours at least one has one.
fn organisation_number(serial: u32) -> String {
    let number_of = |head: u32| {
        let digits: Vec<u32> = format!("{head:08}").chars().filter_map(|digit| digit.to_digit(10)).collect();
        let sum: u32 =
            digits.iter().zip([3, 2, 7, 6, 5, 4, 3, 2]).map(|(digit, weight)| digit * weight).sum();
        let check = (11 - sum % 11) % 11;
        (check < 10).then(|| format!("{head:08}{check}"))
    };
    let head = 10_000_000 + 2 * serial;
    number_of(head).or_else(|| number_of(head + 1)).expect("one of two neighbours has a check digit")
}
