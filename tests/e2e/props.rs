//! One good request for each operation of the document, on things that lie ready for it: whoever may call an operation
//! succeeds with its request, so that whoever is refused is refused for who they are.

mod appeals;
mod awards;
mod changes;
mod forum;
mod money;
mod registers;
mod registry;
mod rounds;

use serde_json::Value;
use tildel_test_support::TestStore;

use crate::stage::Stage;

/// What lies ready.
pub(crate) struct Props {
    /// The stage it lies on.
    pub(crate) stage: Stage,
    appeals: appeals::Appeals,
    awards: awards::Awards,
    changes: changes::Changes,
    forum: forum::Forum,
    money: money::Money,
    rounds: rounds::Rounds,
    registers: registers::Registers,
    registry: registry::Registry,
}

/// Ids for the path, and a body.
pub(crate) struct Request {
    /// The ids.
    pub(crate) ids: Vec<String>,
    /// The body; null for none.
    pub(crate) body: Value,
}

impl Props {
    /// Lays everything ready.
    pub(crate) async fn set(store: TestStore) -> Self {
        let stage = Stage::set(store).await;
        // First, as work is done here, and letters must not be written.
        let money = money::Money::set(&stage).await;
        // As is here.
        let registers = registers::Registers::set(&stage).await;
        // Its own letter is written and sent, before there are others.
        let appeals = appeals::Appeals::set(&stage).await;
        let mut props = Self {
            money,
            appeals,
            changes: changes::Changes::set(&stage).await,
            awards: awards::Awards::set(&stage).await,
            forum: forum::Forum::set(&stage).await,
            rounds: rounds::Rounds::set(&stage).await,
            registers,
            registry: registry::Registry::set(&stage).await,
            stage,
        };
        props.money.read_report(&props.stage).await;
        props
    }

    /// The good request of an operation, or none for one that nothing lies ready for.
    pub(crate) fn request(&self, operation: &str) -> Option<Request> {
        let stage = &self.stage;
        self.registry
            .request(stage, operation)
            .or_else(|| self.rounds.request(stage, operation))
            .or_else(|| self.forum.request(stage, operation))
            .or_else(|| self.appeals.request(stage, operation))
            .or_else(|| self.awards.request(stage, operation))
            .or_else(|| self.money.request(stage, operation))
            .or_else(|| self.changes.request(operation))
            .or_else(|| self.registers.request(operation))
    }

    /// Does what has to be done right before a good request of an operation.
    pub(crate) async fn prepare(&self, operation: &str) {
        if operation == "changeAccept" {
            self.changes.tell(&self.stage).await;
        }
    }

    /// What must not be in the list that an operation gives to those whom it does not concern.
    pub(crate) fn hidden(&self, list: &str) -> &str {
        let hidden = self.rounds.hidden(list).or_else(|| self.forum.hidden(list));
        let hidden = hidden.or_else(|| self.appeals.hidden(list));
        let hidden = hidden.or_else(|| self.awards.hidden(list)).or_else(|| self.money.hidden(list));
        hidden.unwrap_or_else(|| panic!("nothing is hidden in {list}"))
    }
}

fn plain<const N: usize>(ids: [&String; N]) -> Request {
    sent(ids, Value::Null)
}

fn sent<const N: usize>(ids: [&String; N], body: Value) -> Request {
    Request { ids: ids.into_iter().cloned().collect(), body }
}

/// Makes as many of a thing as are wanted.
async fn several<const N: usize>(make: impl AsyncFn() -> String) -> [String; N] {
    let mut things = Vec::with_capacity(N);
    for _ in 0..N {
        things.push(make().await);
    }
    things.try_into().expect("as many as were made")
}
