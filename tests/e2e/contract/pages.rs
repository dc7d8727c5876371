//! Pages: nothing that was there is lost, nothing comes twice, while others write.

use std::collections::BTreeSet;

use tildel_test_support::TestStore;
use tildel_tests::{Client, World};

use super::create_organisation;

/// Reads a list page by page, and lets somebody do something after each page.
async fn read_all(client: &Client, query: &str, mut between: impl AsyncFnMut()) -> Vec<String> {
    let mut seen = Vec::new();
    let mut cursor: Option<String> = None;
    loop {
        let place = cursor.map(|cursor| format!("&cursor={cursor}")).unwrap_or_default();
        let page = client.get(&format!("/v1/organisations?{query}{place}")).await.expect_status(200);
        let items = page.at("/items").as_array().cloned().expect("items");
        seen.extend(items.iter().filter_map(|item| item["id"].as_str().map(str::to_owned)));
        match page.at("/nextCursor").as_str() {
            Some(next) => cursor = Some(next.to_owned()),
            None => return seen,
        }
        between().await;
    }
}

tildel_test_support::both_backends! {
    /// In both orders, with pages that divide the list evenly and such as do not.
    async fn pages_lose_and_double_nothing_while_others_write(store: TestStore) {
        let world = World::start(store).await;
        let mut serial = 0;
        let mut there = BTreeSet::new();
        for _ in 0..30 {
            serial += 1;
            there.insert(create_organisation(&world.admin, serial).await);
        }
        for (limit, sort) in
            [(7, "createdAt"), (7, "-createdAt"), (10, "createdAt"), (10, "-createdAt"), (1, "createdAt")]
        {
            let before = there.clone();
            let mut written = Vec::new();
            let query = format!("limit={limit}&sort={sort}");
            // What is written meanwhile is at most one thing a page, so that the reading ends.
            let seen = read_all(&world.public(), &query, async || {
                if limit > 1 {
                    serial += 1;
                    written.push(create_organisation(&world.admin, serial).await);
                }
            })
            .await;
            let distinct: BTreeSet<String> = seen.iter().cloned().collect();
            assert_eq!(distinct.len(), seen.len(), "{query}: something came twice");
            let lost: Vec<_> = before.difference(&distinct).collect();
            assert!(lost.is_empty(), "{query}: lost {lost:?}");
            there.extend(written);
            assert!(distinct.is_subset(&there), "{query}: something that nobody wrote");
        }
    }

    /// The same things in both orders, each the other's reverse; a list that fits one page has no cursor.
    async fn orders_are_total(store: TestStore) {
        let world = World::start(store).await;
        for serial in 1..=12 {
            create_organisation(&world.admin, serial).await;
        }
        let public = world.public();
        let up = read_all(&public, "limit=5&sort=createdAt", async || {}).await;
        let mut down = read_all(&public, "limit=5&sort=-createdAt", async || {}).await;
        down.reverse();
        assert_eq!(up, down);
        assert_eq!(read_all(&public, "limit=12", async || panic!("a second page")).await, up);
        assert_eq!(read_all(&public, "", async || panic!("a second page")).await, up);
    }
}
