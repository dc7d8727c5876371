//! Joins the data of a letter with the texts of its scheme.

use minijinja::value::{Serde, Value};
use serde::Serialize;
use tildel_domain::letter_content::{
    BlockText, Contact, InformationFacts, LetterContent, LetterTexts, PrioritisedProject, Sender,
};

use crate::amounts::{self, TableTexts};
use crate::document::{Block, Captions, Detail, Head, LetterDocument, ProjectItem, Span, Style};
use crate::fill::{Filler, clean};
use crate::language::{Words, grouped, phone};

/// Why a letter could not be composed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ComposeError {
    /// A template asks for a fact that the content does not have.
    #[error("fill the letter: the fact for `{placeholder}` is absent")]
    MissingFact {
        /// The placeholder as it stands in the template.
        placeholder: String,
    },
    /// A template is wrong in itself.
    #[error("fill the letter at `{place}`: {reason}")]
    Template {
        /// Where.
        place: String,
        /// What is wrong.
        reason: String,
    },
    /// The texts are for another letter or another language.
    #[error("compose the letter: its texts are for {texts}, the content is for {content}")]
    OtherTexts {
        /// Kind and language of the texts.
        texts: String,
        /// Kind and language of the content.
        content: String,
    },
    /// A table of amounts is asked for while the amounts are pending.
    #[error("compose the table of amounts: the amounts are pending")]
    AmountsPending,
    /// The amounts are there, but no block of the texts shows them.
    #[error("compose the letter: the amounts of run {run} are not shown by any block")]
    AmountsNotShown {
        /// The run.
        run: String,
    },
    /// The caption of a table does not name the run of its amounts.
    #[error("compose the table of amounts: its caption does not name run {run}")]
    RunNotNamed {
        /// The run.
        run: String,
    },
    /// An amount belongs to no project of the letter.
    #[error("compose the table of amounts: no project is called {project}")]
    UnknownProject {
        /// The name that is not known.
        project: String,
    },
    /// A project has no amounts, or has them twice.
    #[error("compose the table of amounts: there is not exactly one line for {project}")]
    NotOneLine {
        /// The project, with the year where it is about one.
        project: String,
    },
    /// An amount has øre.
    #[error("compose the table of amounts: {amount_ore} øre are not whole kroner")]
    NotWholeKroner {
        /// The amount in øre.
        amount_ore: i64,
    },
    /// A sum exceeds 64 bits.
    #[error("compose the table of amounts: a sum is too large")]
    SumTooLarge,
    /// Facts, or the words of a language, cannot be read.
    #[error("read the {what} of the letter")]
    Unreadable {
        /// Which of them.
        what: &'static str,
        /// Why.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

/// What templates see: the facts, and whom the letter is from.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Facts<'a> {
    #[serde(flatten)]
    information: &'a InformationFacts,
    sender: &'a Sender,
    contact: &'a Contact,
    case_number: &'a Option<String>,
}

/// What the template of a project's members sees besides the facts.
#[derive(Serialize)]
struct ProjectFacts<'a> {
    #[serde(flatten)]
    facts: &'a Facts<'a>,
    #[serde(flatten)]
    project: &'a PrioritisedProject,
    members: Vec<&'a str>,
}

/// Composes the letter. Pure: the same content and texts give the same document.
///
/// The approval line is added by the program, not by the texts, so that no text can claim an approval that is not there.
///
/// # Errors
/// The texts ask for a fact that is absent, are of another kind or language, or the amounts do not fit the projects.
pub fn compose(content: &LetterContent, texts: &LetterTexts) -> Result<LetterDocument, ComposeError> {
    if (texts.kind, texts.language) != (content.kind, content.language) {
        return Err(ComposeError::OtherTexts {
            texts: format!("{:?} in {}", texts.kind, texts.language.code()),
            content: format!("{:?} in {}", content.kind, content.language.code()),
        });
    }
    let content = cleaned(content)?;
    let words = Words::load(content.language).map_err(|error| unreadable("language", error))?;
    let facts = Facts {
        information: &content.facts,
        sender: &content.sender,
        contact: &content.contact,
        case_number: &content.case_number,
    };
    let filler = Filler::new(words.clone(), texts.terms.clone());
    let values = Value::from(Serde(&facts));

    let mut blocks = Vec::with_capacity(texts.blocks.len() + 1);
    for block in &texts.blocks {
        if block.when.as_deref().map_or(Ok(true), |condition| filler.holds(condition, &values))? {
            blocks.push(block_of(&block.text, &content, &facts, (&filler, &words))?);
        }
    }
    if let Some(amounts) = &content.facts.amounts
        && !blocks.iter().any(|block| matches!(block, Block::Table(_)))
    {
        return Err(ComposeError::AmountsNotShown { run: amounts.run.clone() });
    }
    if content.approved.is_some() {
        blocks.push(Block::Approval { text: words.labels.approved.clone() });
    }
    Ok(LetterDocument {
        language: content.language,
        title: filler.text(&texts.title, &values)?,
        date: content.date,
        head: head(&content, &words),
        blocks,
        captions: Captions {
            recipients: words.labels.recipients,
            details: words.labels.details,
            page: words.labels.page,
            of: words.labels.of,
        },
    })
}

fn block_of(
    text: &BlockText,
    content: &LetterContent,
    facts: &Facts<'_>,
    (filler, words): (&Filler, &Words),
) -> Result<Block, ComposeError> {
    let values = Value::from(Serde(facts));
    Ok(match text {
        BlockText::Heading { text } => Block::Heading { text: filler.text(text, &values)? },
        BlockText::Paragraph { text } => Block::Paragraph { spans: filler.spans(text, &values)? },
        BlockText::Projects { members } => {
            let items =
                content.facts.projects.iter().map(|project| project_item(project, members, facts, filler));
            Block::Projects { items: items.collect::<Result<_, _>>()? }
        }
        BlockText::Amounts { caption, project, total } => {
            let amounts = content.facts.amounts.as_ref().ok_or(ComposeError::AmountsPending)?;
            let texts = TableTexts {
                caption: filler.text(caption, &values)?,
                project: filler.text(project, &values)?,
                total: filler.text(total, &values)?,
            };
            Block::Table(amounts::table(&content.facts.projects, amounts, texts)?)
        }
        BlockText::Appeals { text } => {
            let rules = &content.facts.appeals;
            if rules.is_empty() {
                return Err(ComposeError::MissingFact { placeholder: "appeals".to_owned() });
            }
            let mut spans = filler.spans(text, &values)?;
            for rule in rules {
                let sentences = format!(" {}", words.appeal(rule, &content.sender.name));
                spans.push(Span { text: sentences, style: Style::Plain });
            }
            Block::Paragraph { spans }
        }
        BlockText::Signatures { closing } => Block::Signatures {
            closing: filler.text(closing, &values)?,
            signatories: content.signatories.clone(),
        },
    })
}

fn project_item(
    project: &PrioritisedProject,
    members: &str,
    facts: &Facts<'_>,
    filler: &Filler,
) -> Result<ProjectItem, ComposeError> {
    let joint = !project.partners.is_empty();
    let all: Vec<&str> =
        std::iter::once(&project.lead).chain(&project.partners).map(String::as_str).collect();
    let values = Value::from(Serde(ProjectFacts { facts, project, members: all }));
    Ok(ProjectItem {
        name: project.name.clone(),
        members: joint.then(|| filler.text(members, &values)).transpose()?,
        title: project.title.clone(),
    })
}

fn head(content: &LetterContent, words: &Words) -> Head {
    let detail = |label: &String, lines: Vec<String>| Detail { label: label.clone(), lines };
    let labels = &words.labels;
    let mut details = vec![detail(&labels.our_date, vec![words.date(content.date)])];
    if let Some(number) = &content.case_number {
        details.push(detail(&labels.our_reference, vec![number.clone()]));
    }
    let contact = &content.contact;
    let phone = format!("{} {}", labels.phone, phone(&contact.phone));
    details.push(detail(&labels.contact, vec![format!("{}, {}", contact.name, contact.title), phone]));
    Head {
        sender: content.sender.name.clone(),
        department: content.sender.department.clone(),
        address: content.sender.address.clone(),
        organisation_number: format!(
            "{} {}",
            labels.organisation_number,
            grouped(&content.sender.organisation_number)
        ),
        recipients: content.recipients.clone(),
        details,
    }
}

/// The content with every string rid of what no letter may hold. One pass over all strings, so that none is forgotten.
fn cleaned(content: &LetterContent) -> Result<LetterContent, ComposeError> {
    let mut value = serde_json::to_value(content).map_err(|error| unreadable("facts", error))?;
    clean_strings(&mut value);
    serde_json::from_value(value).map_err(|error| unreadable("facts", error))
}

fn clean_strings(value: &mut serde_json::Value) {
    match value {
        serde_json::Value::String(text) => *text = clean(text),
        serde_json::Value::Array(items) => items.iter_mut().for_each(clean_strings),
        serde_json::Value::Object(fields) => fields.values_mut().for_each(clean_strings),
        serde_json::Value::Null | serde_json::Value::Bool(_) | serde_json::Value::Number(_) => {}
    }
}

fn unreadable(what: &'static str, error: impl std::error::Error + Send + Sync + 'static) -> ComposeError {
    ComposeError::Unreadable { what, source: Box::new(error) }
}
