//! The stage that the tests of rules and rights play on: two offices with a forum each, and people in every role, once of
//! the office that matters and once of the other one.

use jiff::ToSpan;
use jiff::tz::TimeZone;
use serde_json::{Value, json};
use tildel_test_support::TestStore;
use tildel_tests::{Client, Reply, World};

use crate::document::Document;

/// A person with a token.
#[derive(Clone, Debug)]
pub(crate) struct Person {
    /// Speaks for the person.
    pub(crate) client: Client,
    /// The person's id.
    pub(crate) id: String,
}

/// An office with its people, its forum and the forum's seats.
#[derive(Clone, Debug)]
pub(crate) struct Office {
    /// Id.
    pub(crate) id: String,
    /// Prepares.
    pub(crate) officer: Person,
    /// Approves.
    pub(crate) approver: Person,
    /// Chairs the forum, and sits in it.
    pub(crate) chair: Person,
    /// Sits in the forum.
    pub(crate) member: Person,
    /// The forum.
    pub(crate) forum: String,
    /// The chair's and the member's seat; both vote.
    pub(crate) seats: [String; 2],
}

/// An organisation that applies.
#[derive(Clone, Debug)]
pub(crate) struct Applicant {
    /// The organisation.
    pub(crate) organisation: String,
    /// Who acts for it.
    pub(crate) person: Person,
}

/// A running server with everybody on stage.
pub(crate) struct Stage {
    /// The server.
    pub(crate) world: World,
    /// Its document.
    pub(crate) document: Document,
    /// The scheme, 2020 to 2025.
    pub(crate) scheme: String,
    /// The directorate.
    pub(crate) directorate: Person,
    /// The office that matters.
    pub(crate) office: Office,
    /// The other one.
    pub(crate) other: Office,
    /// Applies.
    pub(crate) lead: Applicant,
    /// Takes part.
    pub(crate) partner: Applicant,
    /// Has nothing to do with it.
    pub(crate) stranger: Applicant,
}

impl Stage {
    /// Sets the stage.
    pub(crate) async fn set(store: TestStore) -> Self {
        let world = World::start(store).await;
        let document = Document::read(&world.public()).await;
        let (directorate, id) = world.person("Dina Direktorat", "directorate", json!({})).await;
        let directorate = Person { client: directorate, id };
        let set_up = SetUp { world: &world, document: &document };
        let scheme = set_up.scheme(&directorate).await;
        let office = set_up.office("RO", "Rogaland", 900_100).await;
        let other = set_up.office("VL", "Vestland", 900_200).await;
        let lead = set_up.applicant("Sandnes", 900_301, &office).await;
        let partner = set_up.applicant("Time", 900_302, &office).await;
        let stranger = set_up.applicant("Voss", 900_303, &office).await;
        Self { world, document, scheme, directorate, office, other, lead, partner, stranger }
    }

    /// Calls an operation, with the entity tag of the thing as it is now.
    pub(crate) async fn call(&self, who: &Client, operation: &str, ids: &[&str], body: Value) -> Reply {
        self.call_in(who, operation, ids, &body, "nb").await
    }

    /// Calls an operation in a language.
    pub(crate) async fn call_in(
        &self,
        who: &Client,
        operation: &str,
        ids: &[&str],
        body: &Value,
        language: &str,
    ) -> Reply {
        let operation = self.document.operation(operation);
        let tag = if operation.takes("If-Match") {
            self.tag(&operation.resource(ids)).await
        } else {
            String::new()
        };
        operation.call(who, ids, body, &tag, &[("Accept-Language", language)]).await
    }

    /// The entity tag of a thing, read by whoever may read it: what is tested is the write, not the reading before it.
    pub(crate) async fn tag(&self, resource: &str) -> String {
        for reader in self.everybody() {
            let reply = reader.get(resource).await;
            if reply.status == 200 {
                return reply.header("etag").expect("an entity tag").to_owned();
            }
        }
        "\"1\"".to_owned()
    }

    fn everybody(&self) -> [&Client; 10] {
        [
            &self.office.officer.client,
            &self.office.member.client,
            &self.lead.person.client,
            &self.partner.person.client,
            &self.stranger.person.client,
            &self.other.officer.client,
            &self.other.member.client,
            &self.other.chair.client,
            &self.directorate.client,
            &self.world.admin,
        ]
    }

    /// Local midnight-minus-a-minute, some days from now, as deadlines are written.
    pub(crate) fn days_ahead(&self, days: i64) -> String {
        let today = self.world.clock.now().to_zoned(TimeZone::get("Europe/Oslo").expect("the zone"));
        let day = today.date().checked_add(days.days()).expect("a day");
        format!("{day}T23:59:00")
    }

    /// Moves the clock by days.
    pub(crate) fn pass_days(&self, days: i64) {
        let _ = self.world.clock.advance(jiff::SignedDuration::from_hours(24 * days));
    }
}

/// Makes the people and bodies, before there is a stage.
struct SetUp<'a> {
    world: &'a World,
    document: &'a Document,
}

impl SetUp<'_> {
    async fn create(&self, who: &Client, operation: &str, body: Value) -> String {
        self.document.operation(operation).call(who, &[], &body, "", &[]).await.expect_status(201).id()
    }

    async fn scheme(&self, directorate: &Person) -> String {
        let scheme = self.create(&directorate.client, "schemeCreate", scheme_body("stage-2020")).await;
        self.create(&directorate.client, "fundingModelPublish", model_body(&scheme, 1)).await;
        scheme
    }

    async fn organisation(&self, who: &Client, name: &str, kind: &str, serial: u32) -> String {
        let body = json!({
            "number": organisation_number(serial), "name": name, "kind": kind, "language": "nb",
        });
        self.create(who, "organisationCreate", body).await
    }

    async fn person(&self, name: &str, role: &str, extra: Value) -> Person {
        let (client, id) = self.world.person(name, role, extra).await;
        Person { client, id }
    }

    async fn office(&self, key: &str, name: &str, serial: u32) -> Office {
        let body = json!({
            "key": key,
            "name": { "nb": format!("Fylkesmannen i {name}") },
            "department": { "nb": "Utdanningsavdelingen" },
            "organisationNumber": organisation_number(serial),
            "address": ["Postboks 1", "4000 Stavanger"],
            "language": "nb",
        });
        let office = self.create(&self.world.admin, "officeCreate", body).await;
        let staff = json!({ "officeId": office, "title": "seniorrådgiver", "phone": "51000000" });
        let officer = self.person(&format!("Saksbehandler {key}"), "case_officer", staff.clone()).await;
        let approver = self.person(&format!("Godkjenner {key}"), "approver", staff).await;
        let chair = self.person(&format!("Leder {key}"), "chair", json!({})).await;
        let member = self.person(&format!("Medlem {key}"), "member", json!({})).await;
        let forum = json!({
            "officeId": office,
            "name": { "nb": format!("Samarbeidsforum {name}") },
            "shortName": { "nb": "regional ordning" },
            "quorumSeats": 1,
            "chairId": chair.id,
        });
        let forum = self.create(&officer.client, "forumCreate", forum).await;
        let mut seats = Vec::new();
        for holder in [&chair, &member] {
            let body = seat_body(&forum, &holder.id, "association", "voting");
            seats.push(self.create(&officer.client, "seatCreate", body).await);
        }
        let seats = seats.try_into().expect("two seats");
        Office { id: office, officer, approver, chair, member, forum, seats }
    }

    async fn applicant(&self, name: &str, serial: u32, office: &Office) -> Applicant {
        let officer = &office.officer.client;
        let organisation = self.organisation(officer, name, "municipality", serial).await;
        let headcount = json!({
            "organisationId": organisation, "unitKind": "kindergarten", "measure": "employees",
            "date": "2019-12-15", "status": "known", "count": "100", "source": "test",
        });
        self.create(officer, "headcountCreate", headcount).await;
        let extra = json!({ "organisationId": organisation });
        let person = self.person(&format!("Søker {name}"), "applicant", extra).await;
        Applicant { organisation, person }
    }
}

/// A scheme from 2020 to 2025 with an information letter in bokmål.
pub(crate) fn scheme_body(key: &str) -> Value {
    json!({
        "key": key,
        "name": { "nb": "Kompetanseløftet" },
        "firstYear": 2020,
        "lastYear": 2025,
        "legalBasis": "Meld. St. 6 (2019–2020)",
        "computingBody": "Utdanningsdirektoratet",
        "modelDescription": { "nb": "grunnbeløp og sats" },
        "letterTexts": [{
            "kind": "information", "language": "nb", "title": "Informasjon",
            "blocks": [{ "kind": "paragraph", "text": "Vi viser til søknadene." }],
        }],
    })
}

/// A model of 100 000 kroner for each project and 100 kroner for each employee.
pub(crate) fn model_body(scheme: &str, version: u32) -> Value {
    json!({ "schemeId": scheme, "document": {
        "key": "stage-2020", "version": version, "validFromYear": 2020, "validToYear": 2025,
        "legalBasis": "Tildelingsbrev", "withheldAssumed": "2.5",
        "components": [
            { "kind": "base", "id": "base", "per": "project", "amount": "100000.00" },
            {
                "kind": "per_head", "id": "rate", "rates": [{ "rate": "100.00" }],
                "count": [{ "unitKind": "kindergarten", "measure": "employees" }],
            },
        ],
    } })
}

/// A seat of a forum.
pub(crate) fn seat_body(forum: &str, member: &str, kind: &str, vote_right: &str) -> Value {
    json!({
        "forumId": forum, "label": { "nb": "plass" }, "organisationKind": kind, "voteRight": vote_right,
        "memberId": member, "termFrom": "2020-01-01", "termTo": "2023-12-31",
    })
}

/// An amount on the wire.
pub(crate) fn kroner(amount: u32) -> Value {
    json!({ "amount": format!("{amount}.00"), "currency": "NOK" })
}

/// An organisation number from a serial, with the check digit of Brønnøysundregistrene: the digits are weighted with
/// 3 2 7 6 5 4 3 2 and the check digit fills the sum up to a multiple of 11. Serials without a check digit are skipped, so
/// that different serials below ten million give different numbers.
pub(crate) fn organisation_number(serial: u32) -> String {
    let weights = [3, 2, 7, 6, 5, 4, 3, 2];
    let number_of = |head: u32| {
        let digits: Vec<u32> = format!("{head:08}").chars().filter_map(|digit| digit.to_digit(10)).collect();
        let sum: u32 = digits.iter().zip(weights).map(|(digit, weight)| digit * weight).sum();
        let check = (11 - sum % 11) % 11;
        (check < 10).then(|| format!("{head:08}{check}"))
    };
    // The last weight is 2, so of two neighbours at least one has a check digit.
    let head = 10_000_000 + 2 * serial;
    number_of(head).or_else(|| number_of(head + 1)).expect("one of two neighbours has a check digit")
}

#[test]
fn organisation_numbers_are_right() {
    // By hand: 1·3 = 3, which 8 fills up to 11; 1·3 + 2·2 = 7, which 4 fills up.
    assert_eq!(organisation_number(0), "100000008");
    assert_eq!(organisation_number(1), "100000024");
    let distinct: std::collections::BTreeSet<_> = (0..5_000).map(organisation_number).collect();
    assert_eq!(distinct.len(), 5_000);
}
