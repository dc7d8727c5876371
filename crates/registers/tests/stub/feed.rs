//! A feed with entries twice, out of order and with gaps, read to its end over HTTP.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use rand::{RngExt, SeedableRng};
use tildel_registers::RegisterNumber;
use tildel_registers::enhetsregisteret::{FeedAction, FeedCursor, FeedPage, UnitKind, feed_from};

use crate::server::{Reply, Server};
use crate::setting::setting_with;

/// What the entries of a feed leave of each unit: the newest entry's id, and whether it is to be purged.
type State = BTreeMap<RegisterNumber, (i64, FeedAction)>;

fn page(
    entries: &[(i64, u32, &str)],
    first: i64,
    size: usize,
    random: &mut rand_chacha::ChaCha8Rng,
) -> String {
    // The register gives the oldest entries from the id on; here some come twice, and their order is any.
    let mut given: Vec<_> = entries.iter().filter(|entry| entry.0 >= first).take(size).copied().collect();
    if let Some(twice) = given.first().copied() {
        given.push(twice);
    }
    for place in (1..given.len()).rev() {
        given.swap(place, random.random_range(0..=place));
    }
    if given.is_empty() {
        return r#"{"_links":{},"page":{"totalElements":0}}"#.to_owned();
    }
    let mut text = String::new();
    for (id, unit, change) in given {
        let comma = if text.is_empty() { "" } else { "," };
        write!(text, r#"{comma}{{"oppdateringsid":{id},"dato":"2026-01-01T00:00:00.000Z","organisasjonsnummer":"{unit}","endringstype":"{change}"}}"#).unwrap();
    }
    format!(r#"{{"_embedded":{{"oppdaterteEnheter":[{text}]}}}}"#)
}

#[tokio::test]
async fn a_feed_ends_in_the_state_that_its_entries_say() {
    let seed =
        std::env::var_os("TILDEL_TEST_SEED").and_then(|seed| seed.to_str()?.parse().ok()).unwrap_or(20);
    println!("seed {seed}");
    let mut random = rand_chacha::ChaCha8Rng::seed_from_u64(seed);
    let mut id = 25_000_000;
    let entries: Vec<(i64, u32, &str)> = (0..3000)
        .map(|_| {
            id += random.random_range(1..5);
            let change = ["Ny", "Endring", "Endring", "Sletting", "Fjernet", "Ukjent", "Flyttet"]
                [random.random_range(0..7)];
            (id, random.random_range(0..200), change)
        })
        .collect();
    let mut expected = State::new();
    for (id, unit, change) in &entries {
        let action = if *change == "Fjernet" { FeedAction::Purge } else { FeedAction::Read };
        expected.insert(RegisterNumber::new(unit.to_string()), (*id, action));
    }
    let listed = entries.clone();
    let shuffle = std::sync::Mutex::new(random);
    let server = Server::start(move |asked, _| {
        let query: url::Url = format!("http://x{}", asked.path).parse().unwrap();
        let value =
            |key: &str| query.query_pairs().find(|(own, _)| own == key).unwrap().1.parse::<i64>().unwrap();
        let size = usize::try_from(value("size")).unwrap();
        Reply::json(page(&listed, value("oppdateringsid"), size, &mut shuffle.lock().unwrap()))
    });
    let setting = setting_with(|settings| settings.limits.bytes = 1024 * 1024);
    let (mut state, mut cursor) = (State::new(), FeedCursor::START);
    loop {
        let request = feed_from(&server.base, UnitKind::Head, cursor.next_id(), 100).unwrap();
        let answer = setting.fetcher.fetch(&request).await.unwrap();
        let batch = cursor.take(&FeedPage::read(&answer.body).unwrap().entries);
        if batch.cursor == cursor {
            break;
        }
        for (id, unit, action) in batch.actions {
            state.insert(unit, (id, action));
        }
        cursor = batch.cursor;
    }
    assert_eq!(state, expected);
    assert_eq!(cursor, FeedCursor::after(id));
    // Thirty pages of a hundred, and the empty one at the end.
    assert_eq!(server.asked().len(), 31);
}
