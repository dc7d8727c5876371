//! What makes a fetcher bearable: few requests at once, marks, a name, and a pace.

use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use tildel_registers::RegisterNumber;
use tildel_registers::enhetsregisteret::{UnitKind, unit};
use tildel_registers::fetch::{
    ContentHash, FetchError, FileSink, Found, Marks, Pace, Request, SourceKey, SourceLimits,
};

use crate::server::{Reply, Server};
use crate::setting::{request, setting, setting_with};

#[tokio::test]
async fn an_unchanged_answer_is_not_sent_again() {
    let server = Server::start(|asked, _| match asked.header("If-None-Match") {
        Some("\"7\"") => Reply::status(304).with("ETag", "\"7\""),
        _ => Reply::json("[7]").with("ETag", "\"7\"").with("Last-Modified", "Fri, 27 Nov 2026 02:00:00 GMT"),
    });
    let setting = setting();
    let first = setting.fetcher.fetch(&request(server.url("x"))).await.unwrap();
    let marks =
        Marks { etag: Some("\"7\"".into()), last_modified: Some("Fri, 27 Nov 2026 02:00:00 GMT".into()) };
    assert_eq!((first.found, &first.marks), (Found::Content, &marks));
    let again = setting.fetcher.fetch(&request(server.url("x")).unless_unchanged(marks)).await.unwrap();
    assert_eq!((again.found, again.body.len()), (Found::Unchanged, 0));
    let asked = server.asked();
    assert_eq!(asked[0].header("If-None-Match"), None);
    assert_eq!(asked[1].header("If-Modified-Since"), Some("Fri, 27 Nov 2026 02:00:00 GMT"));
    assert_eq!(asked[1].header("User-Agent"), Some("Tildel/test (+https://example.org)"));
    assert_eq!(asked[1].header("Accept"), Some("application/json"));
    assert_eq!(setting.kept.all(), [(ContentHash::of(b"[7]"), b"[7]".to_vec())]);
}

#[tokio::test]
async fn nothing_and_gone_are_answers() {
    let server = Server::start(|asked, _| match asked.path.as_str() {
        "/gone" => Reply { body: b"{\"slettedato\":\"2020-01-01\"}".to_vec(), ..Reply::status(410) },
        _ => Reply::status(404),
    });
    let setting = setting();
    let gone = setting.fetcher.fetch(&request(server.url("gone"))).await.unwrap();
    let nothing = setting.fetcher.fetch(&request(server.url("x"))).await.unwrap();
    assert_eq!((gone.found, nothing.found), (Found::Gone, Found::Nothing));
    assert_eq!(setting.kept.all(), [], "what must be purged is not archived");
}

#[tokio::test]
async fn what_may_tell_of_persons_is_not_archived_and_one_unit_is_short() {
    let server = Server::start(|asked, _| match asked.path.as_str() {
        "/underenheter/974552124" => Reply::json(r#"{"navn":"KARI NORDMANN"}"#),
        _ => Reply::json(format!("[{}]", " ".repeat(2 * 1024 * 1024))),
    });
    let setting = setting_with(|settings| settings.limits.bytes = 4 * 1024 * 1024);
    let ask = |number| unit(&server.url(""), UnitKind::Sub, &RegisterNumber::new(number));
    assert_eq!(setting.fetcher.fetch(&ask("974552124")).await.unwrap().found, Found::Content);
    let error = setting.fetcher.fetch(&ask("999999999")).await.unwrap_err();
    assert!(matches!(error, FetchError::TooLarge { .. } | FetchError::UnpacksTooLarge { .. }), "{error}");
    assert_eq!(setting.kept.all(), []);
    // Negative control: any other answer may be as long, and is archived.
    setting.fetcher.fetch(&request(server.url("x"))).await.unwrap();
    assert_eq!(setting.kept.all().len(), 1);
}

/// The most requests that the server had at once, where it lets none go before `wanted` have come.
async fn at_once(limit: usize, wanted: usize, requests: usize) -> usize {
    let inside = Arc::new((Mutex::new((0, 0, 0)), Condvar::new()));
    let state = Arc::clone(&inside);
    let server = Server::start(move |_, _| {
        let (counts, changed) = &*state;
        let mut now = counts.lock().unwrap();
        now.0 += 1;
        now.1 = now.1.max(now.0);
        now.2 += 1;
        changed.notify_all();
        // All come in rounds of `wanted`.
        let round = (now.2 - 1) / wanted + 1;
        while now.2 < round * wanted {
            now = changed.wait(now).unwrap();
        }
        now.0 -= 1;
        Reply::json("[]")
    });
    let setting = Arc::new(setting_with(|settings| {
        settings.sources.insert(SourceKey::KLASS, SourceLimits { at_once: limit, pace: None });
    }));
    let all: Vec<_> = (0..requests)
        .map(|_| {
            let (setting, url) = (Arc::clone(&setting), server.url("x"));
            tokio::spawn(async move { setting.fetcher.fetch(&request(url)).await.map(drop) })
        })
        .collect();
    for one in all {
        one.await.unwrap().unwrap();
    }
    inside.0.lock().unwrap().1
}

#[tokio::test]
async fn a_source_has_so_many_requests_at_once_and_no_more() {
    assert_eq!(at_once(2, 2, 8).await, 2);
    // Without the limit there would be more: the same eight, with room for all.
    assert_eq!(at_once(8, 8, 8).await, 8);
}

#[tokio::test]
async fn a_pace_is_kept() {
    let server = Server::start(|_, _| Reply::json("[]"));
    let setting = setting_with(|settings| {
        let pace = Some(Pace { requests: 3, per: Duration::from_mins(1) });
        settings.sources.insert(SourceKey::KLASS, SourceLimits { at_once: 1, pace });
    });
    for _ in 0..7 {
        setting.fetcher.fetch(&request(server.url("x"))).await.unwrap();
    }
    // Three at once, then the fourth waits for the first's minute to pass, and the seventh for the fourth's.
    assert_eq!(setting.clock.waits(), [Duration::from_mins(1), Duration::from_mins(1)]);
    let without = crate::setting::setting();
    for _ in 0..7 {
        without.fetcher.fetch(&request(server.url("x"))).await.unwrap();
    }
    assert_eq!(without.clock.waits(), []);
}

#[tokio::test]
async fn a_file_comes_as_it_is_and_whole() {
    let packed = b"\x1f\x8b rather any bytes".to_vec();
    let body = packed.clone();
    let server = Server::start(move |asked, before| match asked.path.as_str() {
        "/large" => Reply { body: vec![b'x'; 5000], ..Reply::status(200) },
        // Half of it first, which must not stay before the whole.
        _ if before == 0 => Reply { cut_at: Some(7), body: body.clone(), ..Reply::status(200) },
        _ => Reply { body: body.clone(), ..Reply::status(200) }.with("ETag", "\"a\""),
    });
    let setting = setting();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file");
    let sink = || FileSink::new(std::fs::File::create(&path).unwrap());
    let request = |path: &str| Request::file(SourceKey::ENHETSREGISTERET, server.url(path));
    let answer = setting.fetcher.fetch_file(&request("x"), &mut sink()).await.unwrap();
    assert_eq!(std::fs::read(&path).unwrap(), packed);
    assert_eq!(
        (answer.bytes, answer.attempts, answer.hash),
        (packed.len() as u64, 2, ContentHash::of(&packed))
    );
    assert_eq!(server.asked()[0].header("Accept-Encoding"), Some("identity"));
    assert!(setting.fetcher.fetch_file(&request("large"), &mut sink()).await.is_err());
}
