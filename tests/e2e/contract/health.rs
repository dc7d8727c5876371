//! Paths outside the contract: health, figures, and the documentation, which needs nobody else's server.

use tildel_test_support::TestStore;
use tildel_tests::World;

tildel_test_support::both_backends! {
    /// Alive, ready, measured.
    async fn health_is_told_without_a_token(store: TestStore) {
        let world = World::start(store).await;
        let public = world.public();
        assert_eq!(public.get("/healthz").await.expect_status(200).text("/status"), "alive");
        assert_eq!(public.get("/readyz").await.expect_status(200).text("/status"), "ready");
        let figures = public.get("/metrics").await.expect_status(200);
        assert!(
            figures.header("content-type").is_some_and(|kind| kind.starts_with("text/plain; version=0.0.4"))
        );
    }

    /// The pages load: every file that they name is on this server, and no script or style names a foreign host.
    async fn the_documentation_needs_no_network(store: TestStore) {
        let world = World::start(store).await;
        let public = world.public();
        let page = public.get("/docs/").await.expect_status(200);
        let html = String::from_utf8(page.body.clone()).expect("text");
        let files: Vec<&str> = ["src=\"", "href=\""]
            .into_iter()
            .flat_map(|attribute| html.split(attribute).skip(1))
            .filter_map(|rest| rest.split('"').next())
            .collect();
        assert!(files.iter().any(|file| file.contains("swagger-ui-bundle")), "{html}");
        for file in files {
            assert!(!file.contains("//"), "{file} is on another host");
            let reply =
                public.get(&format!("/docs/{}", file.trim_start_matches("./"))).await.expect_status(200);
            assert!(!reply.body.is_empty(), "{file}");
        }
        let start = public.get("/docs/swagger-initializer.js").await.expect_status(200);
        let start = String::from_utf8(start.body.clone()).expect("text");
        assert!(start.contains("/v1/openapi.json") && !start.contains("http"), "{start}");
        let policy = page.header("content-security-policy").expect("a policy");
        assert!(
            policy.contains("default-src 'self'"),
            "a browser would not load anything foreign either: {policy}"
        );
        assert_eq!(public.get("/v1/openapi.json").await.text("/openapi"), "3.1.0");
    }
}
