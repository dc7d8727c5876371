//! What the migration of money makes of rows that stood before it.

use diesel::connection::SimpleConnection;
use tildel_domain::allocation::model::{Component, CountFilter};
use tildel_domain::allocation::{FundingModel, Measure, Nok, UnitKind};
use tildel_storage::{Backend, funding_models, runs};
use tildel_test_support::{TestStore, both_backends};

use super::world::{kroner, play, settle};
use crate::{id, read, write};

const SQLITE: [&str; 2] = [
    include_str!("../../../migrations/sqlite/2026-11-27-000006_money/down.sql"),
    include_str!("../../../migrations/sqlite/2026-11-27-000006_money/up.sql"),
];
const POSTGRES: [&str; 2] = [
    include_str!("../../../migrations/postgres/2026-11-27-000006_money/down.sql"),
    include_str!("../../../migrations/postgres/2026-11-27-000006_money/up.sql"),
];

/// Goes back before the migration, does something there, and comes again.
fn around(store: &TestStore, before: &str) {
    let [down, up] = match store.backend() {
        Backend::Sqlite => SQLITE,
        Backend::Postgres => POSTGRES,
    };
    for sql in [down, before, up] {
        write(store, |db| Ok(db.batch_execute(sql)?));
    }
}

fn old_model(n: u128, counted: &str) -> String {
    format!(
        "insert into funding_models (id, scheme_id, key, model_version, valid_from_year, valid_to_year, legal_basis, \
         base_ore, rate_ore, counted, withheld_assumed_milli, version) \
         values ('{}', '{}', 'model', {n}, 2020, 2025, '§ «1»', 40000005, 85250, '{counted}', 2500, 1);",
        id(n),
        id(1),
    )
}

both_backends! {
    /// Base and rate per counted person become a document of two components; without counts the base stands alone.
    fn models_of_before_are_converted(store: TestStore) {
        settle(&store);
        let counted = r#"[["primary_school","man_years"],["kindergarten","employees"]]"#;
        around(&store, &(old_model(1, counted) + &old_model(2, "[]")));
        let found = |n| read(&store, |db| funding_models::find(db, id(n).into())).unwrap().model;
        let filter = |unit_kind, measure| CountFilter { unit_kind, measure, ownership: None };
        let count = vec![
            filter(UnitKind::PrimarySchool, Measure::ManYears),
            filter(UnitKind::Kindergarten, Measure::Employees),
        ];
        let base = Nok::from_ore(40_000_005);
        let mut expected = FundingModel::base_and_rate("model", 2020..=2025, "§ «1»", base, Nok::from_ore(85_250), count);
        expected.withheld_assumed = "2.5".parse().unwrap();
        assert_eq!(found(1), expected);
        assert!(matches!(found(2).components.as_slice(), [Component::Base { amount, .. }] if *amount == base));
        assert_eq!(found(1).validate(), Ok(()));
        assert_eq!(found(2).validate(), Ok(()));
        // And back: what the old columns have room for is what it was.
        around(&store, &old_model(3, counted));
        assert_eq!(found(1), expected);
        assert_eq!(found(3), FundingModel { version: 3, ..expected });
    }

    /// Runs of before stay for those who name them, and are not shown.
    fn runs_of_before_are_kept_and_not_shown(store: TestStore) {
        play(&store);
        around(&store, "select 1");
        assert_eq!(read(&store, |db| runs::latest(db, id(1).into(), id(1).into())), None);
        let grant = read(&store, |db| tildel_storage::grants::find(db, id(1).into())).unwrap();
        assert_eq!((grant.years[0].promised, grant.years[0].promised_run_id), (Some(kroner(300)), Some(id(1).into())));
    }
}
