//! Asking for all there is: each GET of the document with all ids that fit, and each list with all its filters.

use std::collections::{BTreeMap, BTreeSet};

use reqwest::Method;
use serde_json::Value;

use crate::forum_stage::ForumStage;
use crate::{Client, Reply};

/// Headers that tell of the time and of limits, not of things.
const APART: [&str; 2] = ["date", "ratelimit"];
/// Names the request, so that problems have the same trace id in both worlds.
const REQUEST_ID: (&str, &str) = ("X-Request-Id", "walk");
/// An id that nothing has.
const NOTHING: &str = "01890a5d-ac96-774b-bcce-b302099a8057";

/// What somebody got, by what was asked.
#[derive(Debug, Default)]
pub(super) struct Answers(BTreeMap<String, Vec<u8>>);

impl Answers {
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    fn keep(&mut self, asked: &str, reply: &Reply) {
        let mut bytes = format!("{}\n", reply.status).into_bytes();
        let mut headers: Vec<_> =
            reply.headers.iter().filter(|(name, _)| !APART.contains(&name.as_str())).collect();
        headers.sort();
        for (name, value) in headers {
            bytes.extend_from_slice(format!("{name}: {value}\n").as_bytes());
        }
        bytes.extend_from_slice(&reply.body);
        self.0.insert(asked.to_owned(), bytes);
    }

    /// Tries a write, which is refused.
    pub(super) async fn post(&mut self, client: &Client, path: &str, body: &Value, key: &str) {
        let headers = [("Idempotency-Key", key), REQUEST_ID];
        let reply = client.send(Method::POST, path, Some(body), &headers).await;
        self.keep(&format!("POST {path} {body}"), &reply);
    }

    /// The first answer that differs, in words.
    pub(super) fn first_difference(&self, other: &Self) -> Option<String> {
        let asked = self.0.keys().chain(other.0.keys());
        let differing = asked.into_iter().find(|asked| self.0.get(*asked) != other.0.get(*asked))?;
        let text = |answers: &Self| {
            answers
                .0
                .get(differing)
                .map(|bytes| String::from_utf8_lossy(bytes).into_owned())
                .unwrap_or_default()
        };
        Some(format!("{differing}\n--- with\n{}\n--- without\n{}", text(self), text(other)))
    }

    /// The places whose answers differ, with `{id}` for each id.
    pub(super) fn places(&self, other: &Self) -> BTreeSet<String> {
        let asked = self.0.keys().chain(other.0.keys());
        let differing = asked.filter(|asked| self.0.get(*asked) != other.0.get(*asked));
        let place = |asked: &String| {
            let path = asked.split(['?', ' ']).next().unwrap_or_default();
            let parts = path.split('/').map(|part| if part.len() == NOTHING.len() { "{id}" } else { part });
            parts.collect::<Vec<_>>().join("/")
        };
        differing.map(place).collect()
    }

    /// How many answers differ.
    pub(super) fn differences(&self, other: &Self) -> usize {
        let asked: BTreeSet<_> = self.0.keys().chain(other.0.keys()).collect();
        asked.into_iter().filter(|asked| self.0.get(*asked) != other.0.get(*asked)).count()
    }
}

/// What to ask for.
pub(super) struct Walk {
    document: Value,
    /// Ids by the collection that they are of, as paths and filters name it.
    ids: BTreeMap<&'static str, Vec<String>>,
}

impl Walk {
    /// A walk over what there is on a stage.
    pub(super) async fn of(
        stage: &ForumStage,
        meetings: &[&String],
        ballots: &[&String],
        items: &[&String],
        papers: &[&String],
    ) -> Self {
        let document = stage.world.public().get("/v1/openapi.json").await.expect_status(200).json();
        let owned = |ids: &[&String]| ids.iter().map(|id| (*id).clone()).collect::<Vec<_>>();
        let mut ids = BTreeMap::from([
            ("meetings", owned(meetings)),
            ("ballots", owned(ballots)),
            ("items", owned(items)),
            ("papers", owned(papers)),
            ("rounds", vec![stage.round.clone()]),
            ("forums", vec![stage.forum.clone()]),
            ("offices", vec![stage.office.clone()]),
            ("schemes", vec![stage.scheme.clone()]),
            ("applications", stage.applications.clone()),
            ("organisations", stage.organisations.clone()),
            ("seats", stage.seats.iter().take(2).map(|seat| seat.id.clone()).collect()),
            ("persons", stage.seats.iter().take(2).map(|seat| seat.member.id.clone()).collect()),
        ]);
        let recusals = stage.seats[0].member.client.get("/v1/recusals").await.expect_status(200).at("/items");
        let recusals = recusals.as_array().into_iter().flatten();
        ids.insert("recusals", recusals.filter_map(|one| one["id"].as_str().map(str::to_owned)).collect());
        Self { document, ids }
    }

    /// Adds a thing that came later.
    pub(super) fn add(&mut self, collection: &'static str, id: &str) {
        self.ids.entry(collection).or_default().push(id.to_owned());
    }

    /// Asks for everything.
    pub(super) async fn ask(&self, client: &Client) -> Answers {
        let mut answers = Answers::default();
        for target in self.targets() {
            let reply = client.send(Method::GET, &target, None, &[REQUEST_ID]).await;
            answers.keep(&target, &reply);
            // A list is read on by its own cursor, one thing at a time.
            let next = if target.ends_with("limit=1") { reply.at("/nextCursor") } else { Value::Null };
            if let Some(cursor) = next.as_str() {
                let target = format!("{target}&cursor={cursor}");
                answers.keep(&target, &client.send(Method::GET, &target, None, &[REQUEST_ID]).await);
            }
            if target.ends_with("/stream") {
                let headers = [REQUEST_ID, ("Last-Event-ID", "3-00000000")];
                let reply = client.send(Method::GET, &target, None, &headers).await;
                answers.keep(&format!("{target} after an event"), &reply);
            }
        }
        answers
    }

    fn targets(&self) -> Vec<String> {
        let mut targets = Vec::new();
        for (path, item) in self.document["paths"].as_object().expect("paths") {
            let Some(operation) = item.get("get") else { continue };
            for place in self.fill(path) {
                targets.push(place.clone());
                for query in self.queries(operation) {
                    targets.push(format!("{place}?{query}"));
                }
            }
        }
        assert!(targets.len() > 50, "the walk finds almost nothing: {targets:?}");
        targets
    }

    /// A path with each combination of ids that fit into it, and with one that nothing has.
    fn fill(&self, path: &str) -> Vec<String> {
        let mut filled = vec![String::new()];
        let mut collection = "";
        for part in path.split('/').skip(1) {
            let is_variable = part.starts_with('{');
            let choices: Vec<String> = if is_variable {
                let named = if part == "{seatId}" { "seats" } else { collection };
                let known = self.ids.get(named).cloned().unwrap_or_default();
                known.into_iter().chain([NOTHING.to_owned()]).collect()
            } else {
                collection = part;
                vec![part.to_owned()]
            };
            filled = filled
                .iter()
                .flat_map(|begun| choices.iter().map(move |choice| format!("{begun}/{choice}")))
                .collect();
        }
        filled
    }

    /// Queries of an operation: each filter alone with each value that fits, and the smallest page in both orders.
    fn queries(&self, operation: &Value) -> Vec<String> {
        let mut queries = Vec::new();
        for parameter in operation["parameters"].as_array().into_iter().flatten() {
            let parameter = match parameter["$ref"].as_str() {
                Some(path) => self.document.pointer(path.trim_start_matches('#')).unwrap_or(parameter),
                None => parameter,
            };
            if parameter["in"] != "query" {
                continue;
            }
            let name = parameter["name"].as_str().unwrap_or_default();
            if name == "limit" {
                queries.push("sort=-createdAt&limit=1".to_owned());
                queries.push("limit=1".to_owned());
                queries.push("limit=0".to_owned());
                continue;
            }
            queries.extend(
                self.values(name, &parameter["schema"]).into_iter().map(|value| format!("{name}={value}")),
            );
        }
        queries
    }

    fn values(&self, name: &str, schema: &Value) -> Vec<String> {
        let mut values: Vec<String> = Vec::new();
        let branches = schema["oneOf"].as_array().into_iter().flatten().chain([schema]);
        for branch in branches {
            let named = branch["enum"].as_array().into_iter().flatten();
            values.extend(named.filter_map(Value::as_str).map(str::to_owned));
            if branch["type"].to_string().contains("boolean") {
                values.extend(["true".to_owned(), "false".to_owned()]);
            }
        }
        if let Some(thing) = name.strip_suffix("Id") {
            values.extend(self.ids.get(format!("{thing}s").as_str()).cloned().unwrap_or_default());
            values.push(NOTHING.to_owned());
        }
        values
    }
}
