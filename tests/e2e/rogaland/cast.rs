//! Who and what there is in the journey, by the keys of the case file.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;
use tildel_tests::World;

use super::actor::Actor;
use super::case::Case;
use super::recorder::Recorder;

/// The running world, the case, and what has been made of it so far.
pub(crate) struct Journey {
    /// Server, clock and worker.
    pub(crate) world: World,
    /// Who listens.
    pub(crate) recorder: Arc<Recorder>,
    /// The case.
    pub(crate) case: Case,
    /// The admin, who is there from the start.
    pub(crate) admin: Actor,
    /// Somebody who has not signed in.
    pub(crate) public: Actor,
    actors: BTreeMap<String, Actor>,
    ids: BTreeMap<(Kind, String), String>,
}

/// The kinds of thing that the case file gives keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    /// What there is one of: office, scheme, round, award, frame of a year.
    Single,
    Organisation,
    Person,
    Forum,
    Seat,
    Application,
    Meeting,
}

impl Journey {
    /// A journey that has not begun.
    pub(crate) async fn start(world: World) -> Self {
        let document = world.public().get("/v1/openapi.json").await.expect_status(200).json();
        let recorder = Arc::new(Recorder::of(&document));
        let admin = Actor::new(world.admin.clone(), &recorder);
        let public = Actor::new(world.public(), &recorder);
        let (actors, ids) = (BTreeMap::new(), BTreeMap::new());
        Self { world, recorder, case: Case::load(), admin, public, actors, ids }
    }

    /// Remembers a thing's id.
    pub(crate) fn remember(&mut self, kind: Kind, key: &str, id: String) {
        let before = self.ids.insert((kind, key.to_owned()), id);
        assert!(before.is_none(), "{kind:?} {key} is there twice");
    }

    /// The id of a thing.
    #[track_caller]
    pub(crate) fn id(&self, kind: Kind, key: &str) -> String {
        let known = self.ids.get(&(kind, key.to_owned()));
        known.unwrap_or_else(|| panic!("no {kind:?} {key} yet")).clone()
    }

    /// The address of a thing.
    #[track_caller]
    pub(crate) fn at(&self, collection: &str, kind: Kind, key: &str) -> String {
        format!("/v1/{collection}/{}", self.id(kind, key))
    }

    /// The address of the round.
    #[track_caller]
    pub(crate) fn round(&self) -> String {
        self.at("rounds", Kind::Single, "round")
    }

    /// Gives a person a token.
    pub(crate) fn enter(&mut self, key: &str, actor: Actor) {
        let before = self.actors.insert(key.to_owned(), actor);
        assert!(before.is_none(), "{key} has entered twice");
    }

    /// The person of that key, with a token of their own.
    #[track_caller]
    pub(crate) fn actor(&self, key: &str) -> Actor {
        self.actors.get(key).unwrap_or_else(|| panic!("{key} has no token")).clone()
    }

    /// How many people have a token.
    pub(crate) fn actor_count(&self) -> usize {
        self.actors.len()
    }

    /// Who prepares for the office.
    pub(crate) fn officer(&self) -> Actor {
        self.actor("case-officer")
    }

    /// Who approves for the office.
    pub(crate) fn approver(&self) -> Actor {
        self.actor("director")
    }

    /// Sets the clock to an instant of the case file.
    pub(crate) fn at_time(&self, instant: &Value) {
        self.world.at(instant.as_str().unwrap());
    }
}
