//! Who came after an organisation that ceased: from what somebody says, or a register tells, to who receives the money.
//!
//! By hand: the lead has 100 employees, so each year is 100 000 + 100 × 100 = 110 000 kroner. It parts as Ålesund did, 43/50 and 7/50:
//! 110 000 × 43/50 = 94 600 and 110 000 × 7/50 = 15 400.

use serde_json::{Value, json};
use tildel_domain::register::{Difference, RegisterUnit};
use tildel_test_support::{TestStore, both_backends};
use tildel_tests::Reply;

use crate::changes::{FIRST, SECOND, accept, granted, only};
use crate::reading::{differs, kindergarten, notice};
use crate::stage::{Applicant, Stage, kroner, organisation_number};

const DAY: &str = "2025-01-01";

/// A day and successors with shares, and the code and the place of the refusal.
type Case<'c> = (Option<&'c str>, &'c [(&'c str, &'c str)], &'c str, &'c str);

/// Sets who came after an organisation.
async fn set(stage: &Stage, organisation: &str, day: Option<&str>, successors: &[(&str, &str)]) -> Reply {
    let successors: Vec<Value> = successors
        .iter()
        .map(|(number, share)| json!({ "organisationNumber": number, "share": share }))
        .collect();
    let body = json!({ "ceasedOn": day, "successors": successors });
    stage.call(&stage.office.officer.client, "organisationSuccessionSet", &[organisation], body).await
}

/// Another organisation, which has nothing to do with the round; its id and number.
async fn another(stage: &Stage, serial: u32) -> (String, String) {
    let number = organisation_number(serial);
    let body = json!({ "number": number, "name": "Haram", "kind": "municipality", "language": "nn" });
    let made = stage.call(&stage.office.officer.client, "organisationCreate", &[], body).await;
    (made.expect_status(201).id(), number)
}

/// Who receives what in a year of the newest run, by number, and the flags of the line.
async fn received(stage: &Stage, year: i16) -> (Vec<(String, Value)>, String) {
    let run = stage.newest_run().await;
    let line =
        run["plan"]["lines"].as_array().unwrap().iter().find(|line| line["year"] == year).unwrap().clone();
    let recipients = line["recipients"].as_array().unwrap().iter();
    let mut told: Vec<(String, Value)> = recipients
        .map(|one| (one["organisationNumber"].as_str().unwrap().to_owned(), one["amount"].clone()))
        .collect();
    told.sort_by(|left, right| left.0.cmp(&right.0));
    (told, line["flags"].to_string())
}

fn parts(mut parts: Vec<(&str, u32)>) -> Vec<(String, Value)> {
    parts.sort_unstable();
    parts.into_iter().map(|(number, amount)| (number.to_owned(), kroner(amount))).collect()
}

async fn organisation(stage: &Stage, id: &str, query: &str) -> Reply {
    stage.world.public().get(&format!("/v1/organisations/{id}{query}")).await.expect_status(200)
}

/// The organisation itself as Enhetsregisteret tells of it.
fn head(number: &str, ended_on: Option<&str>) -> RegisterUnit {
    RegisterUnit {
        is_sub_unit: false,
        unit_kind: None,
        form: Some("KOMM".to_owned()),
        parent: None,
        ended_on: ended_on.map(|day| day.parse().unwrap()),
        ..kindergarten(number, number, 0)
    }
}

/// The lead closes, and each of these kindergartens goes to somebody.
fn parts_with(lead: &str, went: &[(&str, &str)]) -> Vec<Difference> {
    let went = went.iter().map(|(number, to)| {
        differs(DAY, Some(kindergarten(number, lead, 40)), Some(kindergarten(number, to, 40)))
    });
    let ended = differs(DAY, Some(head(lead, None)), Some(head(lead, Some(DAY))));
    went.chain([ended]).collect()
}

async fn numbers(stage: &Stage, applicants: [&Applicant; 3]) -> [String; 3] {
    let [first, second, third] = applicants;
    [stage.number_of(first).await, stage.number_of(second).await, stage.number_of(third).await]
}

both_backends! {
    /// Money of later years goes to the successors by their shares, also over two steps; what was decided stays, and is paid.
    async fn money_follows_the_successors(store: TestStore) {
        let stage = Stage::set(store).await;
        let grant = stage.promised(2024).await;
        let [lead, partner, stranger] = numbers(&stage, [&stage.lead, &stage.partner, &stage.stranger]).await;
        let id = stage.lead.organisation.as_str();
        let known_before = stage.world.clock.now().to_string();
        assert_eq!(received(&stage, 2025).await.0, parts(vec![(&lead, 110_000)]), "before");
        stage.pass_days(1);
        let shares = [(partner.as_str(), "43/50"), (stranger.as_str(), "14%")];
        let changed = set(&stage, id, Some(DAY), &shares).await.expect_status(200);
        assert_eq!(changed.text("/ceasedOn"), DAY);
        assert_eq!(changed.at("/successors"), json!([
            { "organisationNumber": partner, "share": "43/50" }, { "organisationNumber": stranger, "share": "7/50" },
        ]));
        stage.world.work().await;
        let decided = parts(vec![(&lead, 110_000)]);
        assert_eq!(received(&stage, 2024).await.0, decided, "decided under the old number");
        let (told, flags) = received(&stage, 2025).await;
        assert_eq!(told, parts(vec![(&partner, 94_600), (&stranger, 15_400)]));
        assert!(flags.contains("predecessor_counts"), "{flags}");

        // One of the successors ends on the same day, and Haram takes over.
        let (_, haram) = another(&stage, 900_401).await;
        set(&stage, &stage.stranger.organisation, Some(DAY), &[(&haram, "1")]).await.expect_status(200);
        stage.world.work().await;
        assert_eq!(received(&stage, 2025).await.0, parts(vec![(&partner, 94_600), (&haram, 15_400)]));
        assert_eq!(received(&stage, 2024).await.0, decided);

        // What was told to anybody has not moved, and what is left of the decided year is paid.
        let path = format!("/v1/grants/{}", grant["id"].as_str().unwrap());
        let years = stage.world.public().get(&path).await.expect_status(200).at("/years");
        assert_eq!((&years[0]["promised"], &years[1]["promised"]), (&kroner(110_000), &kroner(110_000)));
        let payment = json!({ "grantId": grant["id"], "year": 2024, "amount": kroner(60_000), "paidOn": "2020-03-01" });
        stage.call(&stage.office.officer.client, "paymentCreate", &[], payment).await.expect_status(201);

        // What was known then, and what the journal tells.
        let then = organisation(&stage, id, &format!("?asOf={known_before}")).await;
        assert_eq!((then.at("/ceasedOn"), then.at("/successors")), (Value::Null, json!([])));
        assert_eq!(organisation(&stage, id, "").await.at("/successors/1/share"), "7/50");

        // It was a mistake: all is as before.
        set(&stage, id, None, &[]).await.expect_status(200);
        stage.world.work().await;
        assert_eq!(received(&stage, 2025).await.0, parts(vec![(&lead, 110_000)]));
        let path = format!("/v1/journal?subjectKind=organisation&subjectId={id}&limit=200");
        let entries = stage.world.admin.get(&path).await.expect_status(200).at("/items");
        let entries: Vec<&Value> =
            entries.as_array().unwrap().iter().filter(|entry| entry["action"] == "organisation.succeed").collect();
        assert_eq!(entries.len(), 2);
        assert_eq!(entries[1]["detail"]["before"], entries[0]["detail"]["after"]);
        assert_eq!(entries[1]["detail"]["before"]["successors"][1], json!({ "organisation": stranger, "share": "7/50" }));
    }

    /// Where an amount moves as well, the report names the organisation that ceased, and the one that came after it and ceased too.
    async fn a_report_names_who_ceased(store: TestStore) {
        let stage = Stage::set(store).await;
        stage.promised(2024).await;
        let [lead, partner, stranger] = numbers(&stage, [&stage.lead, &stage.partner, &stage.stranger]).await;
        let (haram_id, haram) = another(&stage, 900_401).await;
        set(&stage, &stage.lead.organisation, Some(DAY), &[(&partner, "43/50"), (&haram, "7/50")]).await.expect_status(200);
        set(&stage, &haram_id, Some(DAY), &[(&stranger, "1")]).await.expect_status(200);
        stage.headcount(&stage.lead, "2024-12-15", 110).await;
        stage.headcount(&stage.partner, "2024-12-15", 5_000).await;
        stage.world.work().await;
        // 100 000 + 110 × 100 = 111 000, of which 95 460 and 15 540; who was never in the project is not counted.
        let (told, _) = received(&stage, 2025).await;
        assert_eq!(told, parts(vec![(&partner, 95_460), (&stranger, 15_540)]));
        let reports = stage.office.officer.client.get("/v1/impact-reports?state=open").await.expect_status(200);
        let moved = reports.at("/items/0/moves").as_array().unwrap().iter().find(|one| one["year"] == 2025).unwrap().clone();
        assert_eq!((&moved["from"], &moved["to"]), (&kroner(110_000), &kroner(111_000)));
        let ceased: Vec<Value> = moved["reasons"].as_array().unwrap().iter()
            .filter(|reason| reason["code"] == "successors_changed").map(|reason| reason["organisationNumber"].clone()).collect();
        assert_eq!(ceased, [json!(lead), json!(haram)], "{moved:#}");
    }

    /// What does not fit is refused where it stands, and nothing is changed by it.
    async fn a_succession_that_does_not_fit_is_refused(store: TestStore) {
        let stage = Stage::set(store).await;
        let [lead, partner, stranger] = numbers(&stage, [&stage.lead, &stage.partner, &stage.stranger]).await;
        let unknown = organisation_number(900_499);
        let id = stage.lead.organisation.as_str();
        let before = organisation(&stage, id, "").await.json();
        // The partner goes to the stranger, so the stranger can not go to the partner, nor to the lead if the lead goes to the partner.
        set(&stage, &stage.partner.organisation, Some(DAY), &[(&stranger, "1")]).await.expect_status(200);
        let (p, s, u) = (partner.as_str(), stranger.as_str(), unknown.as_str());
        let day = Some(DAY);
        let cases: [Case<'_>; 9] = [
            (day, &[(p, "43/50"), (s, "7/51")], "shares_not_whole", "/successors"),
            (day, &[(p, "1"), (s, "1")], "shares_not_whole", "/successors"),
            (day, &[(p, "3/2")], "invalid_value", "/successors/0/share"),
            (day, &[(p, "1"), (s, "0")], "invalid_value", "/successors/1/share"),
            (day, &[(p, "1/2"), (p, "1/2")], "invalid_value", "/successors/1/organisationNumber"),
            (day, &[(p, "1/2"), (u, "1/2")], "unknown_reference", "/successors/1/organisationNumber"),
            (day, &[(&lead, "1")], "successor_circle", "/successors/0/organisationNumber"),
            (None, &[(p, "1")], "invalid_value", "/ceasedOn"),
            (Some("2125-01-01"), &[(p, "1")], "invalid_value", "/ceasedOn"),
        ];
        for (day, successors, code, pointer) in cases {
            let reply = set(&stage, id, day, successors).await.expect_problem(422, code);
            assert_eq!(reply.text("/errors/0/pointer"), pointer, "{successors:?}");
        }
        // Its successor had ceased before it did.
        let late = set(&stage, id, Some("2026-01-01"), &[(p, "1")]).await.expect_problem(422, "invalid_value");
        assert_eq!(late.text("/errors/0/pointer"), "/ceasedOn");
        assert_eq!(organisation(&stage, id, "").await.json(), before);
        // A circle over two steps, which only the last one closes.
        set(&stage, &stage.stranger.organisation, Some(DAY), &[(&lead, "1")]).await.expect_status(200);
        let closing = set(&stage, id, Some(DAY), &[(p, "1")]).await;
        assert!(closing.expect_problem(422, "successor_circle").text("/detail").contains(p));
        // An old version, and none.
        let path = format!("/v1/organisations/{id}/succession");
        let body = json!({ "ceasedOn": DAY, "successors": [] });
        let officer = &stage.office.officer.client;
        let put = async |headers: &[(&str, &str)]| officer.send(reqwest::Method::PUT, &path, Some(&body), headers).await;
        put(&[]).await.expect_status(428);
        put(&[("If-Match", "\"7-0000000000000000\"")]).await.expect_status(412);
        let applicant = &stage.lead.person.client;
        stage.call(applicant, "organisationSuccessionSet", &[id], body.clone()).await.expect_problem(403, "role_not_allowed");
    }

    /// Where a register tells that the organisation ends and all of it goes to one, acceptance makes that one its successor.
    async fn one_taker_is_the_successor_once_accepted(store: TestStore) {
        let (stage, _, lead) = granted(store).await;
        let partner = stage.number_of(&stage.partner).await;
        notice(&stage.world, parts_with(&lead, &[(FIRST, &partner), (SECOND, &partner)])).await;
        stage.world.work().await;
        let change = only(&stage, &format!("state=open&unitNumber={lead}")).await;
        assert_eq!((&change["kind"], &change["related"]), (&json!("closed_with_successor"), &json!([partner])));
        let whole = json!([{ "organisationNumber": partner, "share": "1" }]);
        assert_eq!((&change["effect"]["successors"], &change["effect"]["successorsToSet"]), (&whole, &json!([])));
        accept(&stage, &change).await.expect_status(200);
        stage.world.work().await;
        let id = stage.lead.organisation.as_str();
        let now = organisation(&stage, id, "").await;
        assert_eq!((now.text("/ceasedOn"), now.at("/successors")), (DAY.to_owned(), whole));
        assert_eq!(received(&stage, 2025).await.0, parts(vec![(&partner, 110_000)]));
        assert_eq!(stage.newest_run().await["inputHash"], change["effect"]["plans"][0]["inputHash"], "as foretold");

        // What becomes of the successor touches the grant of the one that is gone.
        notice(&stage.world, vec![differs("2025-03-01", Some(head(&partner, None)), Some(head(&partner, Some("2025-03-01"))))]).await;
        let next = only(&stage, &format!("state=open&unitNumber={partner}")).await;
        assert_eq!(next["grants"], change["grants"]);
    }

    /// Where it goes to several, acceptance sets the day alone and tells whose shares are to be set; and so where another reading found another taker.
    async fn shares_are_never_guessed(store: TestStore) {
        let (stage, _, lead) = granted(store).await;
        let [partner, stranger, _] = numbers(&stage, [&stage.partner, &stage.stranger, &stage.lead]).await;
        let mut both = [partner.clone(), stranger.clone()];
        both.sort();
        // The one kindergarten goes by an earlier reading, the other one by that which tells of the end.
        let mut differences = parts_with(&lead, &[(FIRST, &partner), (SECOND, &stranger)]);
        notice(&stage.world, vec![differences.remove(0)]).await;
        notice(&stage.world, differences).await;
        stage.world.work().await;
        let change = only(&stage, &format!("state=open&unitNumber={lead}")).await;
        assert_eq!((&change["kind"], &change["related"]), (&json!("closed_with_successor"), &json!([stranger])));
        assert_eq!((&change["effect"]["successors"], &change["effect"]["successorsToSet"]), (&json!([]), &json!(both)));
        accept(&stage, &change).await.expect_status(200);
        stage.world.work().await;
        let id = stage.lead.organisation.as_str();
        let now = organisation(&stage, id, "").await;
        assert_eq!((now.text("/ceasedOn"), now.at("/successors")), (DAY.to_owned(), json!([])));
        assert_eq!(received(&stage, 2025).await.0, parts(vec![(&lead, 110_000)]), "its own until somebody says");
        set(&stage, id, Some(DAY), &[(&partner, "3/5"), (&stranger, "2/5")]).await.expect_status(200);
        stage.world.work().await;
        // 110 000 × 3/5 = 66 000.
        assert_eq!(received(&stage, 2025).await.0, parts(vec![(&partner, 66_000), (&stranger, 44_000)]));
    }
    /// Who is alone among those that are entered is not alone.
    async fn a_taker_that_is_not_entered_is_told_of(store: TestStore) {
        let (stage, _, lead) = granted(store).await;
        let [partner, ..] = numbers(&stage, [&stage.partner, &stage.stranger, &stage.lead]).await;
        let unknown = organisation_number(77);
        let mut both = [partner.clone(), unknown.clone()];
        both.sort();
        notice(&stage.world, parts_with(&lead, &[(FIRST, &partner), (SECOND, &unknown)])).await;
        stage.world.work().await;
        let change = only(&stage, &format!("state=open&unitNumber={lead}")).await;
        assert_eq!((&change["kind"], &change["related"]), (&json!("split"), &json!([partner])));
        assert_eq!((&change["effect"]["successors"], &change["effect"]["successorsToSet"]), (&json!([]), &json!(both)));
    }

    /// Money of a grant is moved by those alone whose matter it is.
    async fn who_has_an_interest_or_another_office_moves_nothing(store: TestStore) {
        let (stage, grant, _) = granted(store).await;
        let [partner, ..] = numbers(&stage, [&stage.partner, &stage.stranger, &stage.lead]).await;
        let id = stage.lead.organisation.as_str();
        let body = json!({ "ceasedOn": DAY, "successors": [{ "organisationNumber": partner, "share": "1" }] });
        let operation = "organisationSuccessionSet";
        let refused = stage.call(&stage.other.officer.client, operation, &[id], body.clone()).await;
        refused.expect_problem(403, "other_office");
        let interest = json!({
            "personId": stage.office.officer.id, "applicationId": grant["applicationId"], "ground": "party", "explanation": "Sitter i styret",
        });
        stage.call(&stage.office.officer.client, "recusalDeclare", &[], interest).await.expect_status(201);
        set(&stage, id, Some(DAY), &[(&partner, "1")]).await.expect_problem(403, "recused");
        assert_eq!(organisation(&stage, id, "").await.at("/successors"), json!([]));
        // Of an organisation without a grant, anybody who enters organisations says it.
        let (nobody, _) = another(&stage, 78).await;
        stage.call(&stage.other.officer.client, operation, &[&nobody], body).await.expect_status(200);
    }
}
