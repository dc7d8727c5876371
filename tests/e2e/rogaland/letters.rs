//! The two letters: one while the amounts are pending, one with them.

use serde_json::{Value, json};

use super::case::{pick, texts};
use super::cast::{Journey, Kind};
use super::facts::{APPROVED, PENDING, missing, text_of_html};

/// Prepares, approves and sends a letter; returns its text. `absent` are the facts that it rightly lacks.
async fn send(journey: &Journey, date: &Value, greeting: Option<&Value>, absent: &[&str]) -> String {
    journey.at_time(date);
    let (officer, approver) = (journey.officer(), journey.approver());
    let letter = officer.post("/v1/letters", &new_letter(journey, greeting)).await.expect_status(201);
    let address = format!("/v1/letters/{}", letter.id());
    let html = format!("{address}/documents/html");
    journey.world.work().await;
    let draft = text_of_html(&String::from_utf8(officer.get(&html).await.expect_status(200).body).unwrap());
    let mut absent_in_draft = absent.to_vec();
    absent_in_draft.push(APPROVED);
    assert_eq!(missing(&draft), absent_in_draft, "the draft reads: {draft}");
    officer.act(&address, "proposal", None).await.expect_status(200);
    officer.act(&address, "approval", None).await.expect_problem(403, "same_person_approves");
    let decided = approver.act(&address, "approval", None).await.expect_status(200);
    assert_ne!(decided.text("/preparedBy"), decided.text("/approvedBy"));
    journey.public.get(&address).await.expect_problem(404, "not_found");
    journey.world.work().await;
    let sent = officer.act(&address, "dispatch", None).await.expect_status(200);
    assert_eq!(sent.text("/state"), "dispatched");
    journey.public.get(&address).await.expect_status(200);
    check_pdf(journey, &address).await;
    let html = journey.public.get(&html).await.expect_status(200);
    assert_eq!(html.header("content-type"), Some("text/html; charset=utf-8"));
    let text = text_of_html(&String::from_utf8(html.body).unwrap());
    assert_eq!(missing(&text), absent, "the letter reads: {text}");
    text
}

fn new_letter(journey: &Journey, greeting: Option<&Value>) -> Value {
    let file = &journey.case.file["letter"];
    let signatories = texts(&file["signatories"]);
    let signatories: Vec<_> = signatories.iter().map(|key| journey.id(Kind::Person, key)).collect();
    let mut new = pick(file, &["language", "recipients", "events", "pending"]);
    new["decisionId"] = json!(journey.id(Kind::Single, "award"));
    new["contactId"] = json!(journey.id(Kind::Person, file["contact"].as_str().unwrap()));
    new["signatoryIds"] = json!(signatories);
    if let Some(greeting) = greeting {
        new["greeting"] = greeting.clone();
    }
    new
}

/// The PDF is a PDF, and the same one each time.
async fn check_pdf(journey: &Journey, letter: &str) {
    let pdf = format!("{letter}/documents/pdf");
    let first = journey.public.get(&pdf).await.expect_status(200);
    assert_eq!(first.header("content-type"), Some("application/pdf"));
    assert!(first.body.starts_with(b"%PDF-"));
    let second = journey.public.get(&pdf).await.expect_status(200);
    assert!(first.body == second.body, "two fetches of {pdf} differ");
}

/// The letter of June: who was prioritised, and that the amounts are being computed.
pub(crate) async fn inform(journey: &Journey) {
    let file = journey.case.file["letter"].clone();
    let text = send(journey, &file["informationAt"], Some(&file["greeting"]), &[]).await;
    assert!(text.contains(
        "Vi i utdanningsavdelingen benytter anledningen til å ønske dere alle en riktig god sommer!"
    ));
    assert!(!text.contains("2 513 518"));
    // What the letter of 2020 did not say: who may appeal, until when and to whom.
    for told in [
        "Kommuner og fylkeskommuner kan ikke klage på vedtaket (forvaltningsloven § 2 første ledd bokstav a).",
        "Friskoler kan klage på vedtaket innen tre uker etter at dette brevet er mottatt (forvaltningsloven §§ 28 og 29). \
         Klagen sendes til Fylkesmannen i Rogaland. Klageinstans er Utdanningsdirektoratet.",
    ] {
        assert!(text.contains(told), "{told} is not in: {text}");
    }
    let award = journey.at("decisions", Kind::Single, "award");
    assert_eq!(journey.public.get(&award).await.text("/state"), "notified");
}

/// The letter of September: the amounts stand where it said that they were pending.
pub(crate) async fn tell_amounts(journey: &Journey, run_id: &str) {
    let text = send(journey, &journey.case.file["letter"]["amountsAt"], None, &[PENDING]).await;
    assert!(text.contains(&format!("Beregning {run_id}")), "{text}");
    // Five years of 2 513 518 and 2 382 148: 12 567 590 and 11 910 740; 4 895 666 a year; 24 478 330 in all.
    for row in [
        "Sandnes kommune 2 513 518 2 513 518 2 513 518 2 513 518 2 513 518 12 567 590",
        "Jærbarnehagene 2 382 148 2 382 148 2 382 148 2 382 148 2 382 148 11 910 740",
        "Sum 4 895 666 4 895 666 4 895 666 4 895 666 4 895 666 24 478 330",
    ] {
        assert!(text.contains(row), "{row} is not in: {text}");
    }
    assert_eq!(journey.public.list("/v1/letters").await.len(), 2);
    // With the letter the recipients are told of the decision on the amounts; none of them may appeal, so it is final at once.
    let told = journey.public.list("/v1/decisions?state=notified").await;
    assert_eq!(told.len(), 1);
    assert_eq!(told[0]["matter"]["kind"], "amounts");
    journey.world.work().await;
    let decision = journey.public.get(&format!("/v1/decisions/{}", told[0]["id"].as_str().unwrap())).await;
    assert_eq!(decision.text("/state"), "final");
}
