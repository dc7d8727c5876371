//! The national file from a server, then its feed.

use tildel_domain::register::RegisterKey;
use tildel_domain::source::{FetchState, SourceName};
use tildel_test_support::{TestStore, both_backends};
use tildel_usecases::sources::Asked;

use crate::files::{packed, sub_unit};
use crate::server::{Reply, Server};
use crate::setting::{Setting, instant};

const SUB_UNITS: SourceName = SourceName::EnhetsregisteretSubUnits;
const REGISTER: RegisterKey = RegisterKey::Enhetsregisteret;

/// Units of the file; the feed changes some of them.
const UNITS: usize = 1500;
/// Entries of the feed; some pages of 500.
const ENTRIES: usize = 1300;

/// Entry `place` of the feed, in the order of ids, which have gaps. Every 13th is a removal, and units come up again and again.
fn entry(place: usize) -> (usize, String) {
    let (id, number) = (100 + 3 * place, place % 400);
    let change = if place % 13 == 12 { "Fjernet" } else { "Endring" };
    let day = 19 + place / 400;
    let entry = format!(
        "{{\"oppdateringsid\":{id},\"dato\":\"2026-11-{day}T05:{:02}:{:02}.123Z\",\"organisasjonsnummer\":\"{number:09}\",\
         \"endringstype\":\"{change}\"}}",
        place / 60 % 60,
        place % 60
    );
    (id, entry)
}

fn feed_page(url: &url::Url) -> Reply {
    let value =
        |key: &str| url.query_pairs().find(|(own, _)| own == key).map(|(_, value)| value.into_owned());
    let size: usize = value("size").unwrap().parse().unwrap();
    let first: usize = value("oppdateringsid").map_or(0, |id| id.parse().unwrap());
    let mut entries: Vec<String> =
        (0..ENTRIES).map(entry).filter(|(id, _)| *id >= first).take(size).map(|(_, entry)| entry).collect();
    // In the wrong order, and one of them twice.
    entries.reverse();
    if let Some(last) = entries.last().cloned() {
        entries.insert(0, last);
    }
    if entries.is_empty() {
        return Reply::json("{\"page\":{\"totalElements\":0}}");
    }
    let list = entries.join(",");
    Reply::json(format!(
        "{{\"_embedded\":{{\"oppdaterteUnderenheter\":[{list}]}},\"page\":{{\"totalElements\":9}}}}"
    ))
}

/// What the register says of a unit by now: most have more employees; some are deleted, removed, gone over to the other half, persons, or unknown.
fn unit(half: &str, number: usize) -> Reply {
    match (number % 20, half) {
        (1, _) => Reply::json(format!(
            "{{\"organisasjonsnummer\":\"{number:09}\",\"navn\":\"SLETTET\",\"slettedato\":\"2026-11-18\",\"respons_klasse\":\"SlettetUnderenhet\"}}"
        )),
        (2, "underenheter") => {
            Reply { status: 410, ..Reply::json(format!("{{\"organisasjonsnummer\":\"{number:09}\"}}")) }
        }
        (3, "underenheter") | (4, _) => Reply::status(404),
        (5, _) => Reply::json(sub_unit(number, "ENK", Some(9))),
        (6, _) => Reply::json("{}"),
        _ => Reply::json(sub_unit(number, "BEDR", Some(10 + number))),
    }
}

/// With or without units that can not be read.
fn server(with_unreadable: bool) -> Server {
    let units: Vec<String> = (0..UNITS).map(|number| sub_unit(number, "BEDR", Some(5))).collect();
    let file = packed(format!("[{}]", units.join(",")).as_bytes());
    Server::start(move |url, _| {
        let path: Vec<&str> = url.path_segments().unwrap().collect();
        match path[..] {
            ["underenheter", "lastned"] => {
                Reply::json(file.clone()).with("Last-Modified", "Fri, 20 Nov 2026 04:00:00 GMT")
            }
            ["oppdateringer", "underenheter"] => feed_page(url),
            [half, number] => match number.parse().unwrap() {
                number if number % 20 == 6 && !with_unreadable => {
                    Reply::json(sub_unit(number, "BEDR", Some(10 + number)))
                }
                number => unit(half, number),
            },
            _ => Reply::status(400),
        }
    })
}

both_backends! {
    fn a_page_of_units_of_another_shape_is_not_taken(store: TestStore) {
        let server = server(true);
        let setting = Setting::with_server(store, &server.base);
        let error = setting.read(&Asked::of(SUB_UNITS)).unwrap_err();
        assert!(error.to_string().contains("units of one page can not be read"), "{error}");
        // The file is read, and the feed is not passed over.
        assert_eq!(setting.count("register_units"), UNITS);
        let source = setting.source(SUB_UNITS);
        assert_eq!((source.failures, source.cursor.unwrap()["after"].clone()), (1, serde_json::Value::Null));
    }

    fn broken_off_anywhere_it_ends_the_same(store: TestStore) {
        let server = server(false);
        let setting = Setting::with_server(store, &server.base);
        let asked = Asked::of(SUB_UNITS);
        let (last, pieces) = setting.read_in_pieces(&asked);
        // The download, two batches of the file, what follows from its end, and three pages of the feed.
        assert_eq!(pieces, 7);
        assert_eq!(last.state, FetchState::Unchanged, "the last piece finds nothing new");
        let in_pieces = setting.rows();
        let asked_for = server.asked();
        assert_eq!(asked_for.iter().filter(|path| path.ends_with("lastned")).count(), 1, "it was fetched once");
        assert!(asked_for.iter().any(|path| path.contains("dato=2026-11-19t04%3a00%3a00.000z")), "{asked_for:?}");

        // In one go, in another database.
        let clean = Setting::with_server(tildel_test_support::TestStore::open(tildel_test_support::Backend::Sqlite).unwrap(), &server.base);
        let fetch = clean.read(&asked).unwrap();
        assert_eq!(fetch.state, FetchState::Done);
        let after = |setting: &Setting| setting.source(SUB_UNITS).cursor.unwrap()["after"].clone();
        assert_eq!(after(&clean), after(&setting));
        assert_eq!(clean.source(SUB_UNITS).data_as_of, setting.source(SUB_UNITS).data_as_of);
        for (table, rows) in clean.rows() {
            assert_eq!(rows.len(), in_pieces[&table].len(), "{table}");
        }
        if setting.store.backend() == tildel_test_support::Backend::Sqlite {
            assert_eq!(clean.rows(), in_pieces);
        }

        // What it says. Unit 7 was changed last by entry 1 207 of the feed, the fourth day, minute 20, second 7.
        let states = setting.states(REGISTER, "000000007");
        assert_eq!(states.len(), 2, "{states:?}");
        assert_eq!(states[0].since, instant("2026-11-19T04:00:00Z"));
        // Of several entries of a page the newest counts: entry 407 is in the first page of 500.
        assert_eq!(states[1].since, instant("2026-11-20T05:06:47.123Z"));
        assert_eq!(states[0].until, Some(states[1].since));
        // Deleted: known with its last day. Removed, and persons: not at all. In the other half, and unknown: as the file said.
        assert_eq!(setting.states(REGISTER, "000000001").last().unwrap().unit.ended_on, Some(jiff::civil::date(2026, 11, 18)));
        assert_eq!(setting.states(REGISTER, "000000002"), []);
        assert_eq!(setting.states(REGISTER, "000000005"), []);
        assert_eq!(setting.states(REGISTER, "000000004").len(), 1);
        assert_eq!(setting.states(REGISTER, "000000003").len(), 2);
        // Entry 12 removes unit 12, entry 412 brings it back in the same page.
        assert_eq!(setting.states(REGISTER, "000000012").len(), 2);

        // Nothing new: one question.
        server.asked();
        let fetch = setting.read(&asked).unwrap();
        assert_eq!((fetch.state, fetch.records), (FetchState::Unchanged, 0));
        assert_eq!(server.asked().len(), 1);
        assert_eq!(setting.rows(), in_pieces);
    }

    fn a_file_that_is_not_what_was_downloaded_is_not_gone_on_with(store: TestStore) {
        let server = server(false);
        let setting = Setting::with_server(store, &server.base);
        let asked = Asked::of(SUB_UNITS);
        let folder = setting.folder.path().join("sources");
        std::fs::create_dir_all(&folder).unwrap();
        let left = folder.join("enhetsregisteret-sub-units-00000000-0000-7000-8000-000000000000.unfinished");
        let others = folder.join("enhetsregisteret-units-00000000-0000-7000-8000-000000000000.json.gz");
        std::fs::write(&left, "left").unwrap();
        std::fs::write(&others, "another source's").unwrap();
        assert!(setting.read_until(&asked, 2).is_err(), "the download and a batch");
        assert!(!left.exists() && others.exists());
        let files = || std::fs::read_dir(&folder).unwrap().map(|file| file.unwrap().path()).filter(|path| *path != others).collect::<Vec<_>>();
        // Cut behind what was read.
        let file = files().remove(0);
        let body = std::fs::read(&file).unwrap();
        std::fs::write(&file, &body[..body.len() - 20]).unwrap();
        setting.read(&asked).unwrap();
        assert_eq!(server.asked().iter().filter(|path| path.ends_with("lastned")).count(), 2);
        assert_eq!(files(), Vec::<std::path::PathBuf>::new());
    }
}
