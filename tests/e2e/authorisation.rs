//! Who may do what, and to whose things: each operation of the document for each role, and for people with the right role
//! in the wrong place.

use serde_json::{Value, json};
use tildel_test_support::TestStore;
use tildel_tests::{Client, Reply};

use crate::document::Operation;
use crate::props::{Props, Request};
use crate::stage::Stage;

/// An id that nothing has.
const NOTHING: &str = "01890a5d-ac96-774b-bcce-b302099a8057";

/// Operations that nobody can succeed with on this stage, and why.
const WITHOUT_SUCCESS: &[(&str, &str)] = &[
    ("jobRetry", "no job of this stage has failed for good"),
    ("letterDispatch", "no letter of this stage has been written"),
    ("letterDocumentRead", "no letter of this stage has been written"),
];

/// Who calls, of whom the thing is not.
#[derive(Clone, Copy, Debug)]
enum Caller {
    OtherOfficer,
    OtherApprover,
    OtherChair,
    OtherMember,
    Stranger,
    Chair,
    Member,
}
use Caller::{Chair, Member, OtherApprover, OtherChair, OtherMember, OtherOfficer, Stranger};

/// What the caller gets.
#[derive(Clone, Copy, Debug)]
enum Gets {
    /// A refusal with this status and code.
    Refusal(u16, &'static str),
    /// A list without the thing.
    ListWithoutIt,
    /// A list with nothing of another office.
    OwnOffice,
    /// The caller's own thing, whatever was asked for.
    Own,
}
use Gets::{ListWithoutIt, Own, OwnOffice, Refusal};

const OTHER_OFFICE: Gets = Refusal(403, "other_office");
const OTHER_ORGANISATION: Gets = Refusal(403, "other_organisation");
const NOT_CHAIR: Gets = Refusal(403, "not_chair");
const NOT_FOUND: Gets = Refusal(404, "not_found");

/// What others get who have the right role: each operation whose scope is not `any`, at least once.
const OTHERS: &[(&str, Caller, Gets)] = &[
    ("accountRead", OtherOfficer, Own),
    ("agendaItemCreate", OtherChair, NOT_CHAIR),
    ("agendaItemCreate", OtherOfficer, OTHER_OFFICE),
    ("agreementRecord", OtherChair, NOT_CHAIR),
    ("appealApprove", OtherApprover, NOT_FOUND),
    ("appealCreate", Stranger, OTHER_ORGANISATION),
    ("appealCreate", OtherOfficer, OTHER_OFFICE),
    ("appealList", OtherOfficer, ListWithoutIt),
    ("appealList", Stranger, ListWithoutIt),
    ("appealPropose", OtherOfficer, NOT_FOUND),
    ("appealRead", OtherOfficer, NOT_FOUND),
    ("appealRead", Stranger, NOT_FOUND),
    ("appealRerunCreate", OtherOfficer, OTHER_OFFICE),
    ("appealRerunList", OtherOfficer, ListWithoutIt),
    ("appealRerunList", Stranger, ListWithoutIt),
    ("appealRerunRead", OtherOfficer, NOT_FOUND),
    ("appealRerunRead", Stranger, NOT_FOUND),
    ("appealReview", OtherOfficer, NOT_FOUND),
    ("appealRulesSet", OtherOfficer, OTHER_OFFICE),
    ("appealSendBack", OtherApprover, NOT_FOUND),
    ("appealWithdraw", Stranger, NOT_FOUND),
    ("applicationCreate", Stranger, Own),
    ("applicationList", Stranger, ListWithoutIt),
    ("applicationList", OtherOfficer, ListWithoutIt),
    ("applicationRead", Stranger, NOT_FOUND),
    ("applicationRead", OtherOfficer, NOT_FOUND),
    ("applicationReturn", OtherOfficer, OTHER_OFFICE),
    ("applicationScreen", OtherOfficer, OTHER_OFFICE),
    ("applicationSubmit", Stranger, NOT_FOUND),
    ("applicationUpdate", Stranger, NOT_FOUND),
    ("applicationWithdraw", Stranger, NOT_FOUND),
    ("attendanceRecord", OtherChair, NOT_CHAIR),
    ("attendanceRecord", OtherOfficer, OTHER_OFFICE),
    ("ballotAnnul", OtherChair, NOT_FOUND),
    ("ballotClose", OtherChair, NOT_FOUND),
    ("ballotCreate", OtherChair, NOT_CHAIR),
    ("ballotCreate", OtherOfficer, OTHER_OFFICE),
    ("ballotList", OtherMember, ListWithoutIt),
    ("ballotList", OtherOfficer, ListWithoutIt),
    ("ballotOpen", OtherChair, NOT_FOUND),
    ("ballotPabulibRead", OtherMember, NOT_FOUND),
    ("ballotPabulibRead", OtherOfficer, NOT_FOUND),
    ("ballotRead", OtherMember, NOT_FOUND),
    ("ballotRead", OtherOfficer, NOT_FOUND),
    ("ballotUpdate", OtherChair, NOT_FOUND),
    ("ballotUpdate", OtherOfficer, NOT_FOUND),
    ("changeAccept", OtherApprover, OTHER_OFFICE),
    ("changeAccept", OtherOfficer, OTHER_OFFICE),
    ("changeHold", OtherOfficer, OTHER_OFFICE),
    ("decisionApprove", OtherApprover, NOT_FOUND),
    ("decisionCreate", OtherOfficer, OTHER_OFFICE),
    ("decisionList", OtherOfficer, ListWithoutIt),
    ("decisionList", Stranger, ListWithoutIt),
    ("decisionPropose", OtherOfficer, NOT_FOUND),
    ("decisionRead", OtherOfficer, NOT_FOUND),
    ("decisionSendBack", OtherApprover, NOT_FOUND),
    ("forumCreate", OtherOfficer, OTHER_OFFICE),
    ("forumUpdate", OtherOfficer, OTHER_OFFICE),
    ("grantAccept", Stranger, OTHER_ORGANISATION),
    ("grantDecline", Stranger, OTHER_ORGANISATION),
    ("impactReportAccept", OtherOfficer, NOT_FOUND),
    ("impactReportList", OtherOfficer, ListWithoutIt),
    ("impactReportRead", OtherOfficer, NOT_FOUND),
    ("itemTakeUp", OtherChair, NOT_CHAIR),
    ("itemTakeUp", OtherOfficer, OTHER_OFFICE),
    ("journalList", OtherOfficer, OwnOffice),
    ("letterApprove", OtherApprover, NOT_FOUND),
    ("letterCreate", OtherOfficer, OTHER_OFFICE),
    ("letterDispatch", OtherOfficer, NOT_FOUND),
    ("letterDocumentRead", OtherOfficer, NOT_FOUND),
    ("letterList", OtherOfficer, ListWithoutIt),
    ("letterPropose", OtherOfficer, NOT_FOUND),
    ("letterRead", OtherOfficer, NOT_FOUND),
    ("meetingCreate", OtherChair, NOT_CHAIR),
    ("meetingCreate", OtherOfficer, OTHER_OFFICE),
    ("meetingHold", OtherChair, NOT_CHAIR),
    ("minutesApprove", OtherChair, NOT_CHAIR),
    ("minutesCorrect", OtherChair, NOT_CHAIR),
    ("minutesRead", OtherMember, NOT_FOUND),
    ("minutesRead", Stranger, NOT_FOUND),
    ("notificationList", OtherMember, ListWithoutIt),
    ("notificationMarkRead", OtherMember, NOT_FOUND),
    ("notificationRead", OtherMember, NOT_FOUND),
    ("operationCancel", Stranger, NOT_FOUND),
    ("operationRead", OtherOfficer, NOT_FOUND),
    ("paperCreate", OtherChair, NOT_CHAIR),
    ("paperCreate", OtherOfficer, OTHER_OFFICE),
    ("paperList", OtherMember, ListWithoutIt),
    ("paperList", Stranger, ListWithoutIt),
    ("paperRead", OtherMember, NOT_FOUND),
    ("partyAdd", Stranger, NOT_FOUND),
    ("partyConfirm", Stranger, NOT_FOUND),
    ("partyRemove", Stranger, NOT_FOUND),
    ("paymentCreate", OtherOfficer, OTHER_OFFICE),
    ("planRecompute", OtherOfficer, OTHER_OFFICE),
    ("receiptsRead", OtherMember, NOT_FOUND),
    ("dissentRecord", Chair, Refusal(403, "not_your_seat")),
    ("dissentRecord", OtherMember, Refusal(403, "not_your_seat")),
    ("dissentWithdraw", Chair, Refusal(403, "not_your_seat")),
    ("dissentWithdraw", OtherMember, Refusal(403, "not_your_seat")),
    ("recommendationAdopt", OtherChair, NOT_FOUND),
    ("recommendationAdopt", OtherOfficer, NOT_FOUND),
    ("recommendationSignOff", OtherChair, NOT_CHAIR),
    ("recommendationCreate", OtherChair, NOT_CHAIR),
    ("recommendationCreate", OtherOfficer, OTHER_OFFICE),
    ("recommendationList", OtherMember, ListWithoutIt),
    ("recommendationRead", OtherMember, NOT_FOUND),
    ("recommendationUpdate", OtherChair, NOT_FOUND),
    ("recusalDeclare", Member, Own),
    ("recusalList", Member, ListWithoutIt),
    ("recusalRead", Member, NOT_FOUND),
    ("recusalRule", OtherOfficer, NOT_FOUND),
    ("recusalRule", Chair, Refusal(403, "ruling_not_yours")),
    ("reserveListRead", OtherOfficer, NOT_FOUND),
    ("roundAnnounce", OtherOfficer, NOT_FOUND),
    ("roundCancel", OtherOfficer, NOT_FOUND),
    ("roundClose", OtherOfficer, OTHER_OFFICE),
    ("roundComplete", OtherOfficer, OTHER_OFFICE),
    ("roundCreate", OtherOfficer, OTHER_OFFICE),
    ("roundList", OtherOfficer, ListWithoutIt),
    ("roundList", Stranger, ListWithoutIt),
    ("roundOpen", OtherOfficer, OTHER_OFFICE),
    ("roundRead", OtherOfficer, NOT_FOUND),
    ("roundSendToForum", OtherOfficer, OTHER_OFFICE),
    ("roundUpdate", OtherOfficer, NOT_FOUND),
    ("scenarioCompare", OtherOfficer, NOT_FOUND),
    ("scenarioCreate", OtherOfficer, OTHER_OFFICE),
    ("scenarioDelete", OtherOfficer, NOT_FOUND),
    ("scenarioList", OtherOfficer, ListWithoutIt),
    ("scenarioRead", OtherOfficer, NOT_FOUND),
    ("scenarioRun", OtherOfficer, NOT_FOUND),
    ("scenarioUpdate", OtherOfficer, NOT_FOUND),
    ("seatCreate", OtherOfficer, OTHER_OFFICE),
    ("seatUpdate", OtherOfficer, OTHER_OFFICE),
    ("seatsCallIn", OtherChair, NOT_CHAIR),
    ("seatsCallIn", OtherOfficer, OTHER_OFFICE),
    ("treatmentsRead", OtherOfficer, NOT_FOUND),
    ("voteCast", Chair, Refusal(403, "not_your_seat")),
    ("voteCast", OtherMember, NOT_FOUND),
    ("voteList", OtherMember, NOT_FOUND),
    ("voteRead", Chair, NOT_FOUND),
    ("voteRead", OtherMember, NOT_FOUND),
];

tildel_test_support::both_backends! {
    /// The roles of the document hold, with requests that are right and with such as are not.
    async fn the_document_says_which_roles_may_call_what(store: TestStore) {
        let props = Props::set(store).await;
        let stage = &props.stage;
        for operation in stage.document.operations() {
            props.prepare(&operation.id).await;
            let request = request_of(&props, operation);
            let garbage =
                Request { ids: vec![NOTHING.to_owned(); operation.variables()], body: json!({ "?": 1 }) };
            let (may, may_not): (Vec<_>, Vec<_>) = roles(stage)
                .into_iter()
                .partition(|(role, _)| operation.roles.iter().any(|allowed| allowed == role));
            for (role, client) in &may_not {
                for request in [&garbage, &request] {
                    let reply = call(stage, client, operation, request).await;
                    let expected =
                        if *role == "public" { (401, "unauthenticated") } else { (403, "role_not_allowed") };
                    let got = (reply.status, reply.text("/code"));
                    assert_eq!((got.0, got.1.as_str()), expected, "{} as {role}", operation.id);
                }
            }
            let mut successes = 0;
            for (role, client) in &may {
                for request in [&garbage, &request] {
                    let reply = call(stage, client, operation, request).await;
                    let is_refused_for_role =
                        reply.status == 403 && reply.text("/code") == "role_not_allowed";
                    assert!(reply.status != 401 && !is_refused_for_role, "{} as {role}", operation.id);
                    assert!(reply.status < 500, "{} as {role}: {}", operation.id, reply.status);
                    successes += usize::from(reply.status < 300);
                }
            }
            let is_possible = !WITHOUT_SUCCESS.iter().any(|(id, _)| *id == operation.id);
            assert_eq!(successes > 0, is_possible, "whether anybody succeeds with {}", operation.id);
        }
    }

    /// The right role is not enough: one's own office, organisation, forum or seat has to be concerned.
    async fn what_belongs_to_others_is_refused_or_not_there(store: TestStore) {
        let props = Props::set(store).await;
        let stage = &props.stage;
        for (id, caller, gets) in OTHERS {
            let operation = stage.document.operation(id);
            let client = &person(stage, *caller).client;
            let reply = call(stage, client, operation, &request_of(&props, operation)).await;
            let told =
                format!("{id} as {caller:?}: {} {}", reply.status, String::from_utf8_lossy(&reply.body));
            match gets {
                Refusal(status, code) => {
                    assert_eq!((reply.status, reply.text("/code").as_str()), (*status, *code), "{told}");
                    // What is not there for the caller has no version, either: a stale tag is not told from a good one.
                    if *status == 404 && operation.takes("If-Match") {
                        let request = request_of(&props, operation);
                        let ids: Vec<&str> = request.ids.iter().map(String::as_str).collect();
                        let stale = operation.call(client, &ids, &request.body, "\"99\"", &[]).await;
                        stale.expect_problem(404, code);
                    }
                }
                ListWithoutIt => {
                    assert_eq!(reply.status, 200, "{told}");
                    assert!(!told.contains(props.hidden(id)), "{told}");
                }
                OwnOffice => assert_entries_of(&reply, &stage.other.id),
                Own => assert_own(&reply, &person(stage, *caller).id, &stage.stranger.organisation),
            }
        }
        // The same lists show the things to those whom they concern: the control for what is missing above.
        let concerned = [
            ("appealList", &stage.lead.person),
            ("appealRerunList", &stage.office.approver),
            ("applicationList", &stage.lead.person),
            ("ballotList", &stage.office.member),
            ("decisionList", &stage.office.officer),
            ("impactReportList", &stage.office.officer),
            ("letterList", &stage.office.officer),
            ("scenarioList", &stage.office.approver),
            ("notificationList", &stage.office.member),
            ("paperList", &stage.office.member),
            ("recommendationList", &stage.office.member),
            ("recusalList", &stage.office.chair),
            ("roundList", &stage.office.officer),
        ];
        for (id, person) in concerned {
            let operation = stage.document.operation(id);
            let request = request_of(&props, operation);
            let reply = call(stage, &person.client, operation, &request).await.expect_status(200);
            assert!(String::from_utf8_lossy(&reply.body).contains(props.hidden(id)), "{id} lacks it");
        }
    }

    /// A draft is its parties' alone: no list, filter, page or answer to a write tells others that it is there.
    async fn drafts_leave_no_trace_for_others(store: TestStore) {
        let stage = Stage::set(store).await;
        let round = stage.open_round(2020, 100).await;
        let lists = |stage: &Stage| {
            [stage.world.public(), stage.stranger.person.client.clone(), stage.office.officer.client.clone()]
        };
        let ask = async |client: &Client, query: &str| {
            let reply = client.get(&format!("/v1/applications?{query}")).await.expect_status(200);
            (reply.at("/items").as_array().map(Vec::len), reply.at("/nextCursor"))
        };
        for _ in 0..3 {
            stage.draft(&round, &stage.lead).await;
        }
        let draft = stage.draft(&round, &stage.lead).await;
        let tag = stage.tag(&format!("/v1/applications/{draft}")).await;
        for client in lists(&stage) {
            // Pages of one: were the drafts counted and then left out, there would be a cursor.
            for query in [
                "limit=1".to_owned(),
                format!("roundId={round}&limit=1"),
                "limit=1&sort=-createdAt".to_owned(),
            ] {
                assert_eq!(ask(&client, &query).await, (Some(0), Value::Null), "{query}");
            }
            client.get(&format!("/v1/applications/{draft}")).await.expect_problem(404, "not_found");
        }
        assert_eq!(ask(&stage.lead.person.client, "limit=1").await.0, Some(1));
        // Neither does the entity tag: a stranger's write is not told whether its version is the right one.
        let stranger = &stage.stranger.person.client;
        let operation = stage.document.operation("applicationSubmit");
        for tag in [tag.as_str(), "\"99\""] {
            operation
                .call(stranger, &[&draft], &Value::Null, tag, &[])
                .await
                .expect_problem(404, "not_found");
        }
        // The partner who is invited sees it from then on.
        let partner = json!({ "organisationId": stage.partner.organisation, "role": "partner" });
        stage
            .partner
            .person
            .client
            .get(&format!("/v1/applications/{draft}"))
            .await
            .expect_problem(404, "not_found");
        stage.call(&stage.lead.person.client, "partyAdd", &[&draft], partner).await.expect_status(200);
        stage.partner.person.client.get(&format!("/v1/applications/{draft}")).await.expect_status(200);
    }

    /// A token that is unknown, revoked or expired opens nothing, not even what everybody may read.
    async fn tokens_end(store: TestStore) {
        let stage = Stage::set(store).await;
        let admin = &stage.world.admin;
        let base = &stage.world.base;
        let account = async |client: &Client| client.get("/v1/account").await.status;
        let unknown = Client::new(base, Some("tildel_unknown".to_owned()));
        unknown.get("/v1/organisations").await.expect_problem(401, "unauthenticated");

        let body = json!({
            "personId": stage.directorate.id, "role": "directorate", "label": "short", "expiresAt": "2020-03-02T09:00:00Z",
        });
        let short = stage.call(admin, "accessTokenCreate", &[], body).await.expect_status(201);
        let short = Client::new(base, Some(short.text("/secret")));
        stage.world.at("2020-03-02T08:59:59Z");
        assert_eq!(account(&short).await, 200);
        stage.world.at("2020-03-02T09:00:00Z");
        assert_eq!(account(&short).await, 401);

        let body = json!({ "personId": stage.directorate.id, "role": "directorate", "label": "revoked" });
        let issued = stage.call(admin, "accessTokenCreate", &[], body).await.expect_status(201);
        let client = Client::new(base, Some(issued.text("/secret")));
        assert_eq!(account(&client).await, 200);
        let id = issued.text("/accessToken/id");
        stage.call(admin, "accessTokenRevoke", &[&id], Value::Null).await.expect_status(200);
        let refused = client.get("/v1/account").await.expect_problem(401, "unauthenticated");
        assert!(refused.header("www-authenticate").is_some_and(|value| value.starts_with("Bearer")));
        // The person's other token goes on.
        assert_eq!(account(&stage.directorate.client).await, 200);
        // Nowhere is the secret to be read again.
        let listed = stage.call(admin, "accessTokenList", &[], Value::Null).await.expect_status(200);
        assert!(!String::from_utf8_lossy(&listed.body).contains(&issued.text("/secret")));
    }

    /// The guard of the tables: an operation that is added to the document has to be added here.
    async fn every_operation_is_in_the_tables(store: TestStore) {
        let props = Props::set(store).await;
        let operations: Vec<_> = props.stage.document.operations().collect();
        let without_request: Vec<_> = operations
            .iter()
            .filter(|operation| props.request(&operation.id).is_none())
            .map(|operation| &operation.id)
            .collect();
        assert!(without_request.is_empty(), "no request in props.rs for {without_request:?}");
        let is_stated = |id: &str| OTHERS.iter().any(|(stated, ..)| *stated == id);
        let unstated: Vec<_> = operations
            .iter()
            .filter(|operation| operation.scope != "any" && !is_stated(&operation.id))
            .map(|operation| &operation.id)
            .collect();
        assert!(unstated.is_empty(), "not in the table of others: {unstated:?}");
        let stale: Vec<_> = OTHERS
            .iter()
            .map(|(id, ..)| *id)
            .filter(|id| !operations.iter().any(|operation| operation.id == *id && operation.scope != "any"))
            .collect();
        assert!(stale.is_empty(), "in the table of others without need: {stale:?}");
    }
}

#[track_caller]
fn request_of(props: &Props, operation: &Operation) -> Request {
    props.request(&operation.id).unwrap_or_else(|| panic!("no request in props.rs for {}", operation.id))
}

async fn call(stage: &Stage, client: &Client, operation: &Operation, request: &Request) -> Reply {
    let ids: Vec<&str> = request.ids.iter().map(String::as_str).collect();
    stage.call(client, &operation.id, &ids, request.body.clone()).await
}

/// Everybody of the office that matters, by the names of roles on the wire.
fn roles(stage: &Stage) -> [(&'static str, Client); 8] {
    let office = &stage.office;
    [
        ("public", stage.world.public()),
        ("applicant", stage.lead.person.client.clone()),
        ("member", office.member.client.clone()),
        ("chair", office.chair.client.clone()),
        ("case_officer", office.officer.client.clone()),
        ("approver", office.approver.client.clone()),
        ("directorate", stage.directorate.client.clone()),
        ("admin", stage.world.admin.clone()),
    ]
}

fn person(stage: &Stage, caller: Caller) -> &crate::stage::Person {
    match caller {
        OtherOfficer => &stage.other.officer,
        OtherApprover => &stage.other.approver,
        OtherChair => &stage.other.chair,
        OtherMember => &stage.other.member,
        Stranger => &stage.stranger.person,
        Chair => &stage.office.chair,
        Member => &stage.office.member,
    }
}

/// The journal shows entries of one's own office and of none.
#[track_caller]
fn assert_entries_of(reply: &Reply, office: &str) {
    let entries = reply.at("/items").as_array().cloned().expect("entries");
    let offices: Vec<&Value> = entries.iter().map(|entry| &entry["officeId"]).collect();
    assert!(offices.iter().all(|found| found.is_null() || *found == office), "{offices:?}");
    assert!(offices.iter().any(|found| *found == office), "nothing of the own office in {}", entries.len());
}

/// The account is the caller's, the new application the caller's organisation's, the declared interest the caller's.
#[track_caller]
fn assert_own(reply: &Reply, person: &str, organisation: &str) {
    let body = reply.json();
    assert!(reply.status < 300, "{}: {body}", reply.asked);
    let owner =
        body.pointer("/parties/0/organisationId").or_else(|| body.get("personId")).or_else(|| body.get("id"));
    let owner = owner.and_then(Value::as_str).expect("an owner");
    assert!(owner == person || owner == organisation, "{}: {body}", reply.asked);
}
