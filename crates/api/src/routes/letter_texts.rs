//! The texts of a scheme's letters, as a part of the scheme.

use serde::{Deserialize, Serialize};
use tildel_usecases::domain::letter_content::{self as domain, BlockText, LetterKind as Kind};
use utoipa::ToSchema;

use crate::body::{Language, wire_enum};

wire_enum! {
    /// The kinds of letter.
    LetterKind = Kind {
        /// The information letter: who was prioritised, what is settled and what is not.
        Information,
    }
}

/// The texts of one kind of letter in one language. Texts are `MiniJinja` templates over the letter's facts.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LetterTexts {
    /// The kind of letter they are for.
    pub kind: LetterKind,
    /// Their language.
    pub language: Language,
    /// Subject line.
    #[schema(min_length = 1, max_length = 500)]
    pub title: String,
    /// Nouns that are counted.
    #[serde(default)]
    #[schema(max_items = 50)]
    pub terms: Vec<LetterTerm>,
    /// The body, in reading order.
    #[schema(min_items = 1, max_items = 100)]
    pub blocks: Vec<LetterBlock>,
}

/// A noun that is counted; plain text.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LetterTerm {
    /// The name that the texts know it by.
    #[schema(pattern = "^[A-Za-z_]{1,40}$")]
    pub key: String,
    /// One of them, with its article, such as «en friskole».
    #[schema(min_length = 1, max_length = 100)]
    pub one: String,
    /// Several, without the number, such as «friskoler».
    #[schema(min_length = 1, max_length = 100)]
    pub many: String,
}

/// What a block shows.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LetterBlockKind {
    /// A heading: `text`.
    Heading,
    /// A paragraph: `text`.
    Paragraph,
    /// The list of the prioritised projects: `text` says who takes part in a joint project.
    Projects,
    /// The table of amounts: `text` is its caption, `project` and `total` are its heads.
    Amounts,
    /// Who may appeal, until when and to whom, in the words of the language; `text` is what it begins with.
    Appeals,
    /// The closing words, `text`, and those who sign.
    Signatures,
}

/// One block of a letter's body.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LetterBlock {
    /// What it shows.
    pub kind: LetterBlockKind,
    /// The condition under which it appears, an expression over the facts; always, where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 500)]
    pub when: Option<String>,
    /// Its text.
    #[schema(min_length = 1, max_length = 5000)]
    pub text: String,
    /// Head of the column of projects, in a table of amounts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 100)]
    pub project: Option<String>,
    /// Head of the totals, in a table of amounts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 100)]
    pub total: Option<String>,
}

impl From<domain::LetterTexts> for LetterTexts {
    fn from(texts: domain::LetterTexts) -> Self {
        let term = |(key, term): (String, domain::Term)| LetterTerm { key, one: term.one, many: term.many };
        Self {
            kind: texts.kind.into(),
            language: texts.language.into(),
            title: texts.title,
            terms: texts.terms.into_iter().map(term).collect(),
            blocks: texts.blocks.into_iter().map(LetterBlock::from).collect(),
        }
    }
}

impl From<LetterTexts> for domain::LetterTexts {
    fn from(texts: LetterTexts) -> Self {
        let term = |term: LetterTerm| (term.key, domain::Term { one: term.one, many: term.many });
        Self {
            kind: texts.kind.into(),
            language: texts.language.into(),
            title: texts.title,
            terms: texts.terms.into_iter().map(term).collect(),
            blocks: texts.blocks.into_iter().map(domain::TextBlock::from).collect(),
        }
    }
}

impl From<domain::TextBlock> for LetterBlock {
    fn from(block: domain::TextBlock) -> Self {
        let (kind, text, project, total) = match block.text {
            BlockText::Heading { text } => (LetterBlockKind::Heading, text, None, None),
            BlockText::Paragraph { text } => (LetterBlockKind::Paragraph, text, None, None),
            BlockText::Projects { members } => (LetterBlockKind::Projects, members, None, None),
            BlockText::Amounts { caption, project, total } => {
                // A head that was not given is kept as an empty text.
                let given = |head: String| Some(head).filter(|head| !head.is_empty());
                (LetterBlockKind::Amounts, caption, given(project), given(total))
            }
            BlockText::Appeals { text } => (LetterBlockKind::Appeals, text, None, None),
            BlockText::Signatures { closing } => (LetterBlockKind::Signatures, closing, None, None),
        };
        Self { kind, when: block.when, text, project, total }
    }
}

impl From<LetterBlock> for domain::TextBlock {
    fn from(block: LetterBlock) -> Self {
        let text = match block.kind {
            LetterBlockKind::Heading => BlockText::Heading { text: block.text },
            LetterBlockKind::Paragraph => BlockText::Paragraph { text: block.text },
            LetterBlockKind::Projects => BlockText::Projects { members: block.text },
            LetterBlockKind::Amounts => BlockText::Amounts {
                caption: block.text,
                project: block.project.unwrap_or_default(),
                total: block.total.unwrap_or_default(),
            },
            LetterBlockKind::Appeals => BlockText::Appeals { text: block.text },
            LetterBlockKind::Signatures => BlockText::Signatures { closing: block.text },
        };
        Self { when: block.when, text }
    }
}
