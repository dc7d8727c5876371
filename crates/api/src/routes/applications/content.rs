//! What an applicant writes.

use std::collections::BTreeMap;

use serde::Deserialize;
use tildel_usecases::domain::{Refusal, application as domain};
use utoipa::ToSchema;

use crate::body::Money;
use crate::routes::headcounts::UnitKind;

/// The name of a question, such as `measure`, `participants` or `goal`.
#[derive(PartialEq, Eq, PartialOrd, Ord, Deserialize, ToSchema)]
#[schema(pattern = "^[a-z][A-Za-z0-9]{0,63}$")]
pub struct QuestionKey(pub String);

/// The answer to a question.
#[derive(Deserialize, ToSchema)]
#[schema(max_length = 20000)]
pub struct AnswerText(pub String);

/// What an applicant writes.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ApplicationContent {
    /// Title of the project.
    #[schema(min_length = 1, max_length = 300)]
    pub title: String,
    /// Name of the joint project; else the lead's name is used.
    #[schema(min_length = 1, max_length = 200)]
    pub project_name: Option<String>,
    /// The kinds of unit that take part; at least one is there when it is handed in.
    #[schema(max_items = 3)]
    pub unit_kinds: Vec<UnitKind>,
    /// The answers by question, at most 30; `measure`, `participants` and `goal` are there when it is handed in.
    pub answers: BTreeMap<QuestionKey, AnswerText>,
    /// The amount applied for, where the scheme asks for one.
    pub requested: Option<Money>,
}

impl TryFrom<ApplicationContent> for domain::ApplicationContent {
    type Error = Refusal;

    fn try_from(content: ApplicationContent) -> Result<Self, Refusal> {
        let requested = content.requested.map(|amount| amount.read("/requested")).transpose()?;
        Ok(Self {
            title: content.title,
            project_name: content.project_name,
            unit_kinds: content.unit_kinds.into_iter().map(Into::into).collect(),
            answers: content.answers.into_iter().map(|(key, answer)| (key.0, answer.0)).collect(),
            requested,
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::document::contracts;
    use crate::problem::{ApiCode, Place};

    fn errors(answers: &Value) -> Vec<(Place, ApiCode)> {
        let schema = json!({ "$ref": "#/components/schemas/ApplicationContent" });
        let content =
            json!({ "title": "Flere i fellesskapet", "unitKinds": ["kindergarten"], "answers": answers });
        let errors = contracts().schemas.check(&schema, &content);
        errors.into_iter().map(|error| (error.place, error.code)).collect()
    }

    #[test]
    fn answers_have_names_of_questions_and_an_end() {
        assert_eq!(errors(&json!({ "goal": "å".repeat(20_000) })), []);
        let wrong = |pointer: &str| [(Place::Pointer(pointer.to_owned()), ApiCode::UnacceptableValue)];
        assert_eq!(errors(&json!({ "goal": "å".repeat(20_001) })), wrong("/answers/goal"));
        assert_eq!(errors(&json!({ "Goal 1": "" })), wrong("/answers/Goal 1"));
    }
}
