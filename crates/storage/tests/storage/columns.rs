use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::json;
use tildel_storage::columns::{DbDate, DbId, DbInstant, DbJson};
use tildel_storage::{Backend, Place, StorageError};
use tildel_test_support::{TestStore, both_backends};

use crate::{id, read, write};

diesel::table! {
    use diesel::sql_types::{BigInt, Nullable};
    use tildel_storage::columns::sql::{Day, Id, Instant, Json};

    probes (number) {
        number -> BigInt,
        id -> Id,
        at -> Instant,
        day -> Day,
        detail -> Json,
        other_id -> Nullable<Id>,
        other_at -> Nullable<Instant>,
    }
}

type Probe = (i64, DbId, DbInstant, DbDate, DbJson, Option<DbId>, Option<DbInstant>);

fn probe(number: i64, at: &str, day: &str) -> Probe {
    let detail = json!({"b": [1, null, true], "a": "æøå \u{1f600}", "big": 9_007_199_254_740_991_i64});
    let at: Timestamp = at.parse().unwrap();
    let day: Date = day.parse().unwrap();
    let other = (number % 2 == 0).then_some((DbId(id(7)), DbInstant(at)));
    let probe_id = DbId(id(u128::try_from(number).unwrap()));
    (number, probe_id, DbInstant(at), DbDate(day), DbJson(detail), other.map(|o| o.0), other.map(|o| o.1))
}

fn create_probes(store: &TestStore) {
    let ddl = match store.backend() {
        Backend::Sqlite => {
            "create table probes (number integer primary key, id text not null, at text not null, day text not null, \
             detail text not null, other_id text, other_at text) strict"
        }
        Backend::Postgres => {
            "create table probes (number bigint primary key, id uuid not null, at timestamptz not null, \
             day date not null, detail jsonb not null, other_id uuid, other_at timestamptz)"
        }
    };
    write(store, |db| Ok(db.batch_execute(ddl)?));
}

both_backends! {
    /// What is written comes back the same, also at the edges of the calendar.
    fn values_round_trip(store: TestStore) {
        create_probes(&store);
        let probes = [
            probe(0, "0001-01-01T00:00:00Z", "0001-01-01"),
            probe(1, "1969-12-31T23:59:59.999999Z", "1969-12-31"),
            probe(2, "1999-12-31T23:59:59.999999Z", "1999-12-31"),
            probe(3, "2000-01-01T00:00:00Z", "2000-02-29"),
            probe(4, "2026-11-01T12:34:56.7Z", "2026-11-01"),
            probe(5, "9999-12-30T22:00:00.999999Z", "9999-12-31"),
        ];
        for row in &probes {
            write(&store, |db| {
                Ok(diesel::insert_into(probes::table)
                    .values((
                        probes::number.eq(row.0), probes::id.eq(row.1), probes::at.eq(row.2), probes::day.eq(row.3),
                        probes::detail.eq(row.4.clone()), probes::other_id.eq(row.5), probes::other_at.eq(row.6),
                    ))
                    .execute(db)?)
            });
        }
        let found: Vec<Probe> = read(&store, |db| Ok(probes::table.order(probes::at).load(db)?));
        assert_eq!(found, probes);
        let days: Vec<i64> =
            read(&store, |db| Ok(probes::table.order(probes::day).select(probes::number).load(db)?));
        assert_eq!(days, [0, 1, 2, 3, 4, 5], "the order of dates is the order of time");
        let wanted = [DbId(id(2)), DbId(id(4)), DbId(id(99))];
        let some: Vec<i64> = read(&store, |db| {
            let query = probes::table.filter(probes::id.eq_any(wanted)).order(probes::id);
            Ok(query.select(probes::number).load(db)?)
        });
        assert_eq!(some, [2, 4]);
    }

    /// Text without the fixed form would sort wrongly, so it is refused; a mere text column shows it.
    fn nanoseconds_are_cut_off(store: TestStore) {
        create_probes(&store);
        let fine: Timestamp = "2026-11-01T12:00:00.123456789Z".parse().unwrap();
        let (number, probe_id, _, day, detail, other_id, other_at) = probe(1, "2026-11-01T00:00:00Z", "2026-11-01");
        write(&store, |db| {
            Ok(diesel::insert_into(probes::table)
                .values((
                    probes::number.eq(number), probes::id.eq(probe_id), probes::at.eq(DbInstant(fine)),
                    probes::day.eq(day), probes::detail.eq(detail.clone()), probes::other_id.eq(other_id),
                    probes::other_at.eq(other_at),
                ))
                .execute(db)?)
        });
        let at: DbInstant = read(&store, |db| Ok(probes::table.select(probes::at).first(db)?));
        assert_eq!(at.0.to_string(), "2026-11-01T12:00:00.123456Z");
    }
}

#[test]
fn a_value_that_breaks_a_rule_is_found_by_its_place() {
    let place = Place::new("rounds", id(3), "rules");
    let kept = place.to_json(&vec![1_u8, 2]).unwrap();
    assert_eq!(place.json::<Vec<u8>>(kept.clone()).unwrap(), [1, 2]);
    let error = place.json::<Vec<String>>(kept).unwrap_err();
    let StorageError::Inconsistent { table, row, column, .. } = error else { panic!("{error}") };
    assert_eq!((table, row, column), ("rounds", id(3).to_string(), "rules"));
    assert!(place.number::<u8>(256).is_err());
    assert!(place.parse::<bool>("maybe").is_err());
}
