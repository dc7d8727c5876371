//! Changes that come one after another: two registers that tell of the same, and what has become moot.

use serde_json::{Value, json};
use tildel_domain::register::{Difference, RegisterKey, RegisterUnit};
use tildel_test_support::{TestStore, both_backends};

use crate::changes::{FIRST, SECOND, accept, granted, only};
use crate::reading::{differs, kindergarten, notice, recounted};
use crate::stage::kroner;

/// The same, told by Enhetsregisteret.
fn by_entity(difference: Difference) -> Difference {
    Difference { register: RegisterKey::Enhetsregisteret, ..difference }
}

fn closed(number: &str, owner: &str, day: &str) -> RegisterUnit {
    RegisterUnit { ended_on: Some(day.parse().expect("a day")), ..kindergarten(number, owner, 40) }
}

both_backends! {
    /// A kindergarten that is sold is counted at one owner, whichever of two registers tells of it first.
    async fn a_sold_unit_is_counted_once(store: TestStore) {
        let (stage, _, lead) = granted(store).await;
        let stranger = stage.number_of(&stage.stranger).await;
        notice(&stage.world, vec![recounted("2025-01-10", SECOND, &lead, (40, 42))]).await;
        stage.world.work().await;
        let counted = only(&stage, "state=open").await;
        accept(&stage, &counted).await.expect_status(200);
        stage.pass_days(1);
        let sold = |day| differs(day, Some(kindergarten(SECOND, &lead, 42)), Some(kindergarten(SECOND, &stranger, 42)));
        notice(&stage.world, vec![by_entity(sold("2025-02-01"))]).await;
        stage.world.work().await;
        let change = only(&stage, "state=open").await;
        // By hand: 42 × 100 less at the old owner, though the kindergarten register has not told of it yet.
        let moved = &change["effect"]["plans"][0]["moves"][0];
        assert_eq!((&moved["from"], &moved["to"]), (&kroner(110_200), &kroner(106_000)));
        accept(&stage, &change).await.expect_status(200);
        stage.pass_days(1);
        notice(&stage.world, vec![sold("2025-03-01")]).await;
        stage.world.work().await;
        let second = only(&stage, "state=open").await;
        assert_eq!(second["organisationId"], json!(stage.lead.organisation), "who had it before");
        accept(&stage, &second).await.expect_status(200);
        stage.world.work().await;
        let listed = stage.world.public().get(&format!("/v1/headcounts?unitNumber={SECOND}")).await.expect_status(200);
        let newest = listed.at("/items").as_array().unwrap().last().cloned().unwrap();
        assert_eq!((&newest["rule"], &newest["status"]), (&json!("unit_left"), &json!("none_registered")));
    }

    /// One that closes is over, though only Enhetsregisteret says so, and though the other register still tells of its people.
    async fn a_closed_unit_is_counted_no_more(store: TestStore) {
        let (stage, _, lead) = granted(store).await;
        notice(&stage.world, vec![recounted("2025-01-10", SECOND, &lead, (40, 42))]).await;
        stage.world.work().await;
        accept(&stage, &only(&stage, "state=open").await).await.expect_status(200);
        stage.pass_days(1);
        let closes = differs("2025-02-01", Some(kindergarten(SECOND, &lead, 40)), Some(closed(SECOND, &lead, "2025-02-01")));
        notice(&stage.world, vec![by_entity(closes)]).await;
        stage.world.work().await;
        let change = only(&stage, "state=open").await;
        assert_eq!(change["effect"]["plans"][0]["moves"][0]["to"], kroner(106_000));
        accept(&stage, &change).await.expect_status(200);
        notice(&stage.world, vec![recounted("2025-04-01", SECOND, &lead, (42, 43))]).await;
        let late = only(&stage, "state=applied").await;
        assert_eq!(late["effectiveOn"], "2025-04-01");
    }

    /// What has become moot is not accepted any more: the unit is another's, or something newer stands.
    async fn a_stale_change_is_refused(store: TestStore) {
        let (stage, _, lead) = granted(store).await;
        let officer = &stage.office.officer.client;
        let stranger = stage.number_of(&stage.stranger).await;
        notice(&stage.world, vec![recounted("2025-02-01", SECOND, &lead, (40, 42))]).await;
        let counted = only(&stage, "state=open").await;
        let id = counted["id"].as_str().unwrap();
        stage.call(officer, "changeHold", &[id], json!({ "reason": "Vi spør." })).await.expect_status(200);
        let sold = differs("2025-03-01", Some(kindergarten(SECOND, &lead, 42)), Some(kindergarten(SECOND, &stranger, 42)));
        notice(&stage.world, vec![sold]).await;
        stage.world.work().await;
        let change = only(&stage, "state=open").await;
        accept(&stage, &change).await.expect_status(200);
        accept(&stage, &counted).await.expect_problem(409, "change_stale");
    }

    /// A newer change takes the place of one that is held, too; what closed and what reopens cancel each other.
    async fn a_held_change_is_overtaken(store: TestStore) {
        let (stage, _, lead) = granted(store).await;
        let officer = &stage.office.officer.client;
        let closes = differs("2025-02-01", Some(kindergarten(SECOND, &lead, 40)), Some(closed(SECOND, &lead, "2025-02-01")));
        notice(&stage.world, vec![closes]).await;
        let change = only(&stage, "state=open").await;
        let id = change["id"].as_str().unwrap();
        stage.call(officer, "changeHold", &[id], json!({ "reason": "Vi spør." })).await.expect_status(200);
        let reopens = differs("2025-03-01", Some(closed(SECOND, &lead, "2025-02-01")), Some(kindergarten(SECOND, &lead, 40)));
        notice(&stage.world, vec![reopens]).await;
        assert_eq!(only(&stage, "state=superseded").await["id"], change["id"]);
        assert_eq!(only(&stage, "state=open").await["kind"], "reopened");
    }

    /// Counts of two years both wait, and the earlier one can be accepted after the later one.
    async fn a_count_of_another_year_waits_beside(store: TestStore) {
        let (stage, grant, lead) = granted(store).await;
        notice(&stage.world, vec![recounted("2024-12-15", FIRST, &lead, (60, 61))]).await;
        notice(&stage.world, vec![recounted("2025-02-01", FIRST, &lead, (61, 62))]).await;
        let listed = crate::changes::list(&stage, "state=open").await;
        assert_eq!(listed.len(), 2, "{listed:#?}");
        stage.world.work().await;
        accept(&stage, &listed[1]).await.expect_status(200);
        stage.world.work().await;
        accept(&stage, &listed[0]).await.expect_status(200);
        assert_eq!(listed[0]["grants"][0]["grantId"], grant["id"]);
        let headcounts = stage.world.public().get(&format!("/v1/headcounts?unitNumber={FIRST}")).await.expect_status(200);
        let chosen: Vec<Value> = headcounts.at("/items").as_array().unwrap().iter().map(|one| one["chosen"].clone()).collect();
        assert_eq!(chosen, [json!(true), json!(true), json!(true)]);
    }

    /// Who has an interest in the application of a touched grant neither accepts nor holds; somebody else does.
    async fn an_interest_keeps_from_accepting(store: TestStore) {
        let (stage, grant, lead) = granted(store).await;
        let (officer, approver) = (&stage.office.officer, &stage.office.approver.client);
        let interest = json!({
            "personId": officer.id, "applicationId": grant["applicationId"], "ground": "party", "explanation": "Sitter i styret",
        });
        stage.call(&officer.client, "recusalDeclare", &[], interest).await.expect_status(201);
        notice(&stage.world, vec![recounted("2025-02-01", FIRST, &lead, (60, 61))]).await;
        let change = only(&stage, "state=open").await;
        let id = change["id"].as_str().unwrap();
        accept(&stage, &change).await.expect_problem(403, "recused");
        let reason = json!({ "reason": "Vi spør." });
        stage.call(&officer.client, "changeHold", &[id], reason.clone()).await.expect_problem(403, "recused");
        stage.call(approver, "changeHold", &[id], reason).await.expect_status(200);
    }

    /// What a change would do and why it is held is the matter of the offices that it touches; why somebody set a count, that of staff.
    async fn inner_matters_are_told_to_staff_alone(store: TestStore) {
        let (stage, _, lead) = granted(store).await;
        notice(&stage.world, vec![recounted("2025-02-01", FIRST, &lead, (60, 61))]).await;
        stage.world.work().await;
        let change = only(&stage, "state=open").await;
        let id = change["id"].as_str().unwrap();
        let reason = json!({ "reason": "Vi spør." });
        stage.call(&stage.office.officer.client, "changeHold", &[id], reason).await.expect_status(200);
        for path in [format!("/v1/changes/{id}"), "/v1/changes".to_owned()] {
            let at = |field: &str| if path.ends_with(id) { format!("/{field}") } else { format!("/items/0/{field}") };
            let seen = stage.other.officer.client.get(&path).await.expect_status(200);
            assert_eq!((seen.at(&at("effect")), seen.at(&at("reason"))), (Value::Null, Value::Null));
            for client in [&stage.office.officer.client, &stage.directorate.client] {
                let seen = client.get(&path).await.expect_status(200);
                assert_eq!(seen.text(&at("reason")), "Vi spør.");
                assert!(seen.at(&at("effect")).is_object());
            }
        }
        stage.unit_headcount(FIRST, "2025-01-15", 80, Some("Talt i barnehagen.")).await;
        let path = format!("/v1/headcounts?unitNumber={FIRST}");
        let told = stage.office.officer.client.get(&path).await.expect_status(200);
        assert_eq!((told.text("/items/1/reason"), told.text("/items/1/recordedBy")), ("Talt i barnehagen.".to_owned(), stage.office.officer.id.clone()));
        let told = stage.world.public().get(&path).await.expect_status(200);
        assert_eq!((told.at("/items/1/reason"), told.at("/items/1/recordedBy")), (Value::Null, Value::Null));
    }
}
