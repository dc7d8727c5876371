//! Each fault and what becomes of it.

use std::io::Write;
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;
use tildel_registers::enhetsregisteret::SearchPage;
use tildel_registers::fetch::{FetchError, Fetcher, FetcherSettings, NoArchive};
use tildel_registers::klass::read_changes;
use tildel_registers::read::ReadError;

use crate::server::{Reply, Server};
use crate::setting::{Clock, request, setting, setting_with};

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// What becomes of one reply, given for ever, and how often it was asked for.
async fn outcome(reply: Reply) -> (Result<Vec<u8>, FetchError>, usize) {
    let server = Server::start(move |_, _| reply.clone());
    let setting = setting();
    let fetched = setting.fetcher.fetch(&request(server.url("x"))).await;
    assert_eq!(fetched.is_ok(), !setting.kept.all().is_empty(), "only what is good is kept");
    (fetched.map(|answer| answer.body), server.asked().len())
}

#[tokio::test]
async fn a_good_answer_passes() {
    let (fetched, asked) = outcome(Reply::json("{\"a\":[1]}")).await;
    assert_eq!((fetched.unwrap(), asked), (b"{\"a\":[1]}".to_vec(), 1));
    let packed = Reply { body: gzip(b"{}"), ..Reply::json("") }.with("Content-Encoding", "gzip");
    assert_eq!(outcome(packed).await.0.unwrap(), b"{}");
}

#[tokio::test]
async fn an_answer_that_is_cut_is_asked_for_again_and_then_given_up() {
    let (fetched, asked) = outcome(Reply { cut_at: Some(5), ..Reply::json("{\"a\":[1]}") }).await;
    assert!(matches!(fetched, Err(FetchError::CutShort)), "{fetched:?}");
    assert_eq!(asked, 4);
    let mut packed = gzip(&b"[1,2,3,4,5,6,7,8,9]".repeat(9));
    packed.truncate(packed.len() - 9);
    let (fetched, asked) = outcome(Reply::json(packed).with("Content-Encoding", "gzip")).await;
    assert!(matches!(fetched, Err(FetchError::CutShort)), "{fetched:?}");
    assert_eq!(asked, 4);
}

/// Time goes by itself here where nothing else can happen, so nobody waits.
#[tokio::test(start_paused = true)]
async fn a_server_that_says_nothing_is_left() {
    let server = Server::start(|_, _| Reply { silent: true, ..Reply::default() });
    let setting = setting_with(|settings| settings.retries.attempts = 2);
    let fetched = setting.fetcher.fetch(&request(server.url("x"))).await;
    assert!(matches!(fetched, Err(FetchError::TimedOut(_))), "{fetched:?}");
    assert_eq!(
        setting.clock.waits(),
        [Duration::from_millis(500)],
        "tried again once, after half a second at least"
    );
}

#[tokio::test]
async fn failures_are_tried_again_later_and_later() {
    let server = Server::start(|_, before| if before < 2 { Reply::status(500) } else { Reply::json("[]") });
    let setting = setting();
    let answer = setting.fetcher.fetch(&request(server.url("x"))).await.unwrap();
    assert_eq!(answer.attempts, 3);
    // Half of one and of two seconds, as chance says zero.
    assert_eq!(setting.clock.waits(), [Duration::from_millis(500), Duration::from_secs(1)]);
    let (fetched, asked) = outcome(Reply::status(503)).await;
    assert!(matches!(fetched, Err(FetchError::Unavailable { status: 503, .. })));
    assert_eq!(asked, 4);
}

#[tokio::test]
async fn who_asks_too_often_waits_as_long_as_is_said() {
    let reply = |wait: &str| Reply::status(429).with("Retry-After", wait);
    for (wait, seconds) in [("7", 7), ("Fri, 27 Nov 2026 12:00:20 GMT", 20)] {
        let reply = reply(wait);
        let server =
            Server::start(move |_, before| if before == 0 { reply.clone() } else { Reply::json("[]") });
        let setting = setting();
        setting.fetcher.fetch(&request(server.url("x"))).await.unwrap();
        assert_eq!(setting.clock.waits(), [Duration::from_secs(seconds)]);
    }
    // An hour is too long to wait for; the caller is told and comes back.
    let (fetched, asked) = outcome(reply("3600")).await;
    let Err(error) = fetched else { panic!("it is asked too often") };
    assert_eq!((error.retry_after(), error.may_pass(), asked), (Some(Duration::from_hours(1)), true, 1));
}

#[tokio::test]
async fn refusals_are_final() {
    for status in [400, 401, 403, 405] {
        let reply = Reply { body: b"{\"feilmelding\":\"size\"}".to_vec(), ..Reply::status(status) };
        let (fetched, asked) = outcome(reply).await;
        assert!(
            matches!(&fetched, Err(FetchError::Refused { status: told, beginning }) if *told == status && beginning.contains("size"))
        );
        assert_eq!(asked, 1);
    }
    let (fetched, asked) = outcome(Reply::status(406)).await;
    assert!(matches!(fetched, Err(FetchError::MediaType)));
    assert_eq!(asked, 1);
}

#[tokio::test]
async fn what_is_too_large_or_too_deep_is_not_taken() {
    let (fetched, asked) = outcome(Reply::json(format!("[{}]", " ".repeat(1023)))).await;
    assert!(matches!(fetched, Err(FetchError::TooLarge { limit: 1024 })));
    assert_eq!(asked, 1, "a giant does not shrink");
    assert!(outcome(Reply::json(format!("[{}]", " ".repeat(1022)))).await.0.is_ok());
    // Ten megabytes of zeros in ten kilobytes: as packed it is too large already; a hundredth of it is not.
    let bomb = |bytes: usize| Reply::json(gzip(&vec![b' '; bytes])).with("Content-Encoding", "gzip");
    assert!(matches!(outcome(bomb(10_000_000)).await.0, Err(FetchError::TooLarge { .. })));
    assert!(matches!(outcome(bomb(100_000)).await.0, Err(FetchError::UnpacksTooLarge { limit: 1024 })));
    let (fetched, _) = outcome(Reply::json("[".repeat(5))).await;
    assert!(matches!(fetched, Err(FetchError::Content(ReadError::TooDeep { limit: 4, .. }))));
}

#[tokio::test]
async fn pages_for_people_are_no_answers() {
    let page = Reply { body: b"<html>Stengt for vedlikehold</html>".to_vec(), ..Reply::json("") };
    assert!(matches!(outcome(page).await.0, Err(FetchError::Content(ReadError::NotJson { .. }))));
    assert!(matches!(outcome(Reply::json("")).await.0, Err(FetchError::Content(ReadError::CutShort { .. }))));
    let unasked = Reply::json("{}").with("Content-Encoding", "br");
    assert!(matches!(outcome(unasked).await.0, Err(FetchError::Packing(_))));
    let wrongly = Reply::json("{}").with("Content-Encoding", "gzip");
    assert!(outcome(wrongly).await.0.is_err());
}

#[tokio::test]
async fn a_wrong_charset_is_read_all_the_same() {
    let body = b"{\"codeChanges\":[{\"oldCode\":\"4613\",\"oldName\":\"B\xf8mlo\",\"changeOccurred\":\"2026-01-01\"}]}";
    let reply = Reply {
        headers: vec![("Content-Type", "application/json; charset=utf-8".into())],
        ..Reply::json(*body)
    };
    let fetched = outcome(reply).await.0.unwrap();
    assert_eq!(read_changes(&fetched).unwrap()[0].old.as_ref().unwrap().name, "Bømlo");
}

#[tokio::test]
async fn a_changed_schema_is_told_with_its_field() {
    let body = r#"{"_embedded":{"enheter":[{"organisasjonsnummer":"1","navn":"A","antallAnsatte":"12"}]},"page":{"totalElements":1}}"#;
    let fetched = outcome(Reply::json(body)).await.0.unwrap();
    let read = SearchPage::read(&fetched);
    assert!(
        matches!(&read, Err(ReadError::Shape { path, .. }) if path == "_embedded.enheter[0].antallAnsatte"),
        "{read:?}"
    );
}

#[tokio::test]
async fn redirects_stay_on_the_host() {
    let server = Server::start(|asked, _| match asked.path.as_str() {
        "/old" => Reply::status(301).with("Location", "/new"),
        "/new" => Reply::json("[]"),
        "/round" => Reply::status(302).with("Location", "/round"),
        "/elsewhere" => Reply::status(302).with("Location", "http://example.org/"),
        "/port" => Reply::status(302).with("Location", "http://127.0.0.1:1/"),
        _ => Reply::status(302).with("Location", "file:///etc/hostname"),
    });
    let setting = setting();
    let fetch = |path: &str| {
        let request = request(server.url(path));
        let fetcher = &setting.fetcher;
        async move { fetcher.fetch(&request).await }
    };
    assert!(fetch("old").await.is_ok());
    assert!(matches!(fetch("round").await, Err(FetchError::RedirectLoop)));
    for path in ["elsewhere", "port", "file"] {
        assert!(matches!(fetch(path).await, Err(FetchError::RedirectElsewhere(_))), "{path}");
    }
    assert_eq!(server.asked().len(), 2 + 6 + 3, "old and new, the first and five more, and one each");
}

#[tokio::test]
async fn a_server_that_is_not_there_is_tried_again() {
    // Bound and closed at once: nobody listens.
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let setting = setting();
    let url = format!("http://{free}/").parse().unwrap();
    let fetched = setting.fetcher.fetch(&request(url)).await;
    assert!(matches!(fetched, Err(FetchError::Connection(_))), "{fetched:?}");
    assert_eq!(setting.clock.waits().len(), 3);
}

#[tokio::test]
async fn only_the_own_scheme_is_fetched() {
    let setting = setting();
    for url in ["https://127.0.0.1/", "file:///etc/hostname", "mailto:a@example.org"] {
        let fetched = setting.fetcher.fetch(&request(url.parse().unwrap())).await;
        assert!(matches!(fetched, Err(FetchError::Address(_))), "{url}: {fetched:?}");
    }
    let clock = std::sync::Arc::<Clock>::default();
    match Fetcher::new(FetcherSettings::new("Tildel/test"), clock, std::sync::Arc::new(NoArchive)) {
        Ok(over_tls) => {
            let server = Server::start(|_, _| Reply::json("[]"));
            let fetched = over_tls.fetch(&request(server.url("x"))).await;
            assert!(matches!(fetched, Err(FetchError::Address(_))), "{fetched:?}");
            assert_eq!(server.asked().len(), 0);
        }
        Err(error) => println!("{error}: what a fetcher over TLS refuses was not tried"),
    }
}
