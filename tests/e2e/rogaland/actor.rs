//! Somebody of the case, who speaks HTTP while the recorder listens.

use std::sync::Arc;

use reqwest::Method;
use serde_json::Value;
use tildel_tests::{Client, Reply};

use super::recorder::Recorder;

/// An actor with a token of their own; the public has none.
#[derive(Clone)]
pub(crate) struct Actor {
    client: Client,
    recorder: Arc<Recorder>,
}

impl Actor {
    /// An actor who is listened to.
    pub(crate) fn new(client: Client, recorder: &Arc<Recorder>) -> Self {
        Self { client, recorder: Arc::clone(recorder) }
    }

    /// GET.
    pub(crate) async fn get(&self, path: &str) -> Reply {
        self.send(Method::GET, path, None, &[]).await
    }

    /// All items of a list, page by page. The first page is a small one, which makes a readable example.
    pub(crate) async fn list(&self, path: &str) -> Vec<Value> {
        let mut items = Vec::new();
        let mut limit = 2;
        let mut cursor = String::new();
        loop {
            let separator = if path.contains('?') { '&' } else { '?' };
            let page = self.get(&format!("{path}{separator}limit={limit}{cursor}")).await.expect_status(200);
            items.extend(page.at("/items").as_array().unwrap().clone());
            let next = page.at("/nextCursor");
            let Some(next) = next.as_str() else { return items };
            limit = 200;
            cursor = format!("&cursor={next}");
        }
    }

    /// POST that makes a new thing.
    pub(crate) async fn post(&self, path: &str, body: &Value) -> Reply {
        let key = self.recorder.next_key();
        self.send(Method::POST, path, Some(body), &[("Idempotency-Key", &key)]).await
    }

    /// POST without a key, where none is taken.
    pub(crate) async fn post_without_key(&self, path: &str, body: &Value) -> Reply {
        self.send(Method::POST, path, Some(body), &[]).await
    }

    /// Acts on the thing at `resource`, in the version that stands.
    pub(crate) async fn act(&self, resource: &str, action: &str, body: Option<&Value>) -> Reply {
        self.write(Method::POST, resource, &format!("{resource}/{action}"), body).await
    }

    /// Writes the thing at `resource`, in the version that stands.
    pub(crate) async fn put(&self, resource: &str, body: &Value) -> Reply {
        self.write(Method::PUT, resource, resource, Some(body)).await
    }

    /// Asks `method` of `path`, which belongs to the thing at `resource`, in the version that stands.
    pub(crate) async fn write(
        &self,
        method: Method,
        resource: &str,
        path: &str,
        body: Option<&Value>,
    ) -> Reply {
        let read = self.get(resource).await.expect_status(200);
        let tag = read.header("etag").unwrap().to_owned();
        let key = self.recorder.next_key();
        let mut headers = vec![("If-Match", tag.as_str())];
        if method == Method::POST {
            headers.push(("Idempotency-Key", &key));
        }
        self.send(method, path, body, &headers).await
    }

    async fn send(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
        headers: &[(&str, &str)],
    ) -> Reply {
        let reply = self.client.send(method.clone(), path, body, headers).await;
        self.recorder.note(method.as_str(), path, body, &reply);
        reply
    }
}
