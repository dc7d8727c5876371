//! What each operation takes, read from the OpenAPI document: the server enforces what the document says.

use std::collections::BTreeMap;

use actix_web::http::Method;
use serde_json::Value;
use tildel_usecases::domain::policy::Operation;

use crate::schema::Schemas;

/// Operations on money, votes, decisions and submissions: a retry without a key could do them twice.
const KEY_REQUIRED: &[Operation] = &[
    Operation::FundingModelPublish,
    Operation::FrameCreate,
    Operation::ApplicationSubmit,
    Operation::VoteCast,
    Operation::RecommendationAdopt,
    Operation::RecommendationSignOff,
    Operation::DecisionPropose,
    Operation::DecisionApprove,
    Operation::AppealCreate,
    Operation::AppealPropose,
    Operation::AppealApprove,
    Operation::GrantAccept,
    Operation::GrantDecline,
    Operation::PaymentCreate,
    Operation::ImpactReportAccept,
    Operation::ChangeAccept,
    Operation::PlanRecompute,
];

/// Operations whose answer holds a secret, which is not kept, so that it can not be replayed either.
const KEY_REFUSED: &[Operation] = &[Operation::AccessTokenCreate];

/// Operations that move money: with `dryRun=true` they tell what would happen and store nothing.
const DRY_RUN: &[Operation] = &[
    Operation::FundingModelPublish,
    Operation::FrameCreate,
    Operation::FrameUpdate,
    Operation::DecisionPropose,
    Operation::DecisionApprove,
    Operation::PaymentCreate,
    Operation::ImpactReportAccept,
    Operation::ChangeAccept,
    Operation::RegisterUnitsTakeIn,
];

/// Actions on things without versions: the state that they need is checked in the same transaction, so nothing of
/// somebody else's can be written over. A vote is of one seat, whose own last vote counts, a paper is only added, and a
/// source is only asked to be read.
const WITHOUT_IF_MATCH: &[Operation] = &[
    Operation::JobRetry,
    Operation::OperationCancel,
    Operation::PaperCreate,
    Operation::SourceFetch,
    Operation::VoteCast,
];

/// Reads that answer with a stream of events, which has no entity tag.
const STREAMS: &[Operation] = &[Operation::MeetingStream];

/// Lists with an order of their own.
const UNSORTED: &[Operation] =
    &[Operation::JobList, Operation::JournalList, Operation::MunicipalityList, Operation::SourceList];

/// Whether an operation takes an `Idempotency-Key`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum KeyRule {
    /// It has to be there.
    Required,
    /// It may be there.
    Accepted,
    /// It has no meaning: reads are safe to repeat, and writes with `If-Match` happen once.
    Ignored,
    /// It is refused.
    Refused,
}

/// Whether an operation answers with one page of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum List {
    /// It does not.
    No,
    /// The list has an order of its own.
    Unsorted,
    /// The caller chooses the order.
    Sorted,
}

/// How an operation is called, apart from its body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Calling {
    /// Whether it takes an `Idempotency-Key`.
    pub(crate) key: KeyRule,
    /// Whether it needs `If-Match`.
    pub(crate) if_match: bool,
    /// Whether it takes `dryRun`.
    pub(crate) dry_run: bool,
    /// Whether it answers with one page of a list.
    pub(crate) list: List,
    /// Whether it answers with a stream of events.
    pub(crate) stream: bool,
}

impl Calling {
    /// How an operation at this method and path is called.
    pub(crate) fn of(operation: Operation, method: &str, path: &str) -> Self {
        let post = method == "post";
        let key = match operation {
            _ if KEY_REFUSED.contains(&operation) => KeyRule::Refused,
            _ if KEY_REQUIRED.contains(&operation) => KeyRule::Required,
            _ if post => KeyRule::Accepted,
            _ => KeyRule::Ignored,
        };
        // A POST below an id acts on the thing with that id; a POST on a collection makes a new thing.
        let writes_existing = matches!(method, "put" | "patch" | "delete") || (post && path.contains('{'));
        let list = match operation {
            _ if !operation.id().ends_with("List") => List::No,
            _ if UNSORTED.contains(&operation) => List::Unsorted,
            _ => List::Sorted,
        };
        Self {
            key,
            if_match: writes_existing && !WITHOUT_IF_MATCH.contains(&operation),
            dry_run: DRY_RUN.contains(&operation),
            list,
            stream: STREAMS.contains(&operation),
        }
    }
}

/// A query parameter.
#[derive(Clone, Debug)]
pub(crate) struct QueryParameter {
    /// Its schema.
    pub(crate) schema: Value,
    /// Whether it has to be there.
    pub(crate) required: bool,
}

/// What one operation takes.
#[derive(Clone, Debug)]
pub(crate) struct Contract {
    /// The operation.
    pub(crate) operation: Operation,
    /// How it is called.
    pub(crate) calling: Calling,
    /// Its query parameters by name.
    pub(crate) query: BTreeMap<String, QueryParameter>,
    /// The schemas of its path parameters by name.
    pub(crate) path: BTreeMap<String, Value>,
    /// The schema of its body, if it takes one.
    pub(crate) body: Option<Value>,
}

/// The contracts of a document by path and method.
#[derive(Debug)]
pub(crate) struct Contracts {
    by_path: BTreeMap<String, BTreeMap<String, Contract>>,
    /// The schemas that the contracts speak of.
    pub(crate) schemas: Schemas,
}

impl Contracts {
    /// Reads a document.
    pub(crate) fn of(document: &Value) -> Result<Self, regex::Error> {
        let mut by_path: BTreeMap<String, BTreeMap<String, Contract>> = BTreeMap::new();
        for (path, method, operation) in operations(document) {
            let Some(policy) = operation_of(operation) else { continue };
            let contract = Contract {
                operation: policy,
                calling: Calling::of(policy, method, path),
                query: query_of(document, operation),
                path: path_of(document, operation),
                body: operation.pointer("/requestBody/content/application~1json/schema").cloned(),
            };
            by_path.entry(path.to_owned()).or_default().insert(method.to_owned(), contract);
        }
        Ok(Self { by_path, schemas: Schemas::of(document)? })
    }

    /// The contract of a method at a path pattern such as `/v1/rounds/{id}`.
    pub(crate) fn find(&self, method: &Method, pattern: &str) -> Option<&Contract> {
        self.by_path.get(pattern)?.get(&method.as_str().to_ascii_lowercase())
    }

    /// The methods of a path pattern, as an `Allow` value; `None` for a path that is not in the document.
    pub(crate) fn allow(&self, pattern: &str) -> Option<String> {
        let methods = self.by_path.get(pattern)?.keys().map(|method| method.to_ascii_uppercase());
        Some(methods.collect::<Vec<_>>().join(", "))
    }
}

/// All operations of a document: path, method, operation.
pub(crate) fn operations(document: &Value) -> impl Iterator<Item = (&str, &str, &Value)> {
    let paths = document.get("paths").and_then(Value::as_object).into_iter().flatten();
    paths.flat_map(|(path, item)| {
        let methods = item.as_object().into_iter().flatten();
        methods.map(move |(method, operation)| (path.as_str(), method.as_str(), operation))
    })
}

/// The operation of the policy that an operation of the document is.
pub(crate) fn operation_of(operation: &Value) -> Option<Operation> {
    let id = operation.get("operationId").and_then(Value::as_str)?;
    Operation::ALL.iter().copied().find(|policy| policy.id() == id)
}

/// The parameters of an operation, references followed.
pub(crate) fn parameters_of<'a>(
    document: &'a Value,
    operation: &'a Value,
) -> impl Iterator<Item = &'a Value> {
    let parameters = operation.get("parameters").and_then(Value::as_array).into_iter().flatten();
    parameters.map(|parameter| {
        let reference = parameter.get("$ref").and_then(Value::as_str);
        reference.and_then(|path| document.pointer(path.trim_start_matches('#'))).unwrap_or(parameter)
    })
}

fn query_of(document: &Value, operation: &Value) -> BTreeMap<String, QueryParameter> {
    let in_query = parameters_of(document, operation).filter(|parameter| parameter["in"] == "query");
    let entry = |parameter: &Value| {
        let required = parameter["required"] == true;
        let name = parameter["name"].as_str().unwrap_or_default().to_owned();
        (name, QueryParameter { schema: parameter["schema"].clone(), required })
    };
    in_query.map(entry).collect()
}

fn path_of(document: &Value, operation: &Value) -> BTreeMap<String, Value> {
    let in_path = parameters_of(document, operation).filter(|parameter| parameter["in"] == "path");
    let entry = |parameter: &Value| {
        (parameter["name"].as_str().unwrap_or_default().to_owned(), parameter["schema"].clone())
    };
    in_path.map(entry).collect()
}
