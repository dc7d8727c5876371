//! The letter as blocks: what every form of it (PDF, HTML, plain text) shows, in reading order.

use jiff::civil::Date;
use serde::Serialize;
use tildel_domain::letter_content::Signatory;
use tildel_domain::text::Language;

/// A composed letter. All strings are plain text; markup characters in them mean themselves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LetterDocument {
    /// Language of the whole letter.
    pub language: Language,
    /// Subject line, also the document's title.
    pub title: String,
    /// The date the letter bears, also the document's date.
    pub date: Date,
    /// Who writes, to whom, and the case's details.
    pub head: Head,
    /// The body, in reading order.
    pub blocks: Vec<Block>,
    /// Words that the forms themselves add.
    pub captions: Captions,
}

/// The letter head.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Head {
    /// Name of the office.
    pub sender: String,
    /// The department that writes.
    pub department: String,
    /// Postal address, one line each.
    pub address: Vec<String>,
    /// Organisation number with its label.
    pub organisation_number: String,
    /// Addressees, one line each.
    pub recipients: Vec<String>,
    /// Date, reference, contact.
    pub details: Vec<Detail>,
}

/// A labelled line of the letter head; the value may have several lines.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Detail {
    /// What it is, e.g. «Vår dato».
    pub label: String,
    /// Its lines.
    pub lines: Vec<String>,
}

/// Words that the forms add around the content.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Captions {
    /// Heading of the recipients for those who hear the page.
    pub recipients: String,
    /// Heading of the case's details for those who hear the page.
    pub details: String,
    /// «Side» in «Side 1 av 2».
    pub page: String,
    /// «av» in «Side 1 av 2».
    pub of: String,
}

/// One block of the body.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum Block {
    /// A heading under the subject line.
    Heading {
        /// Its text.
        text: String,
    },
    /// A paragraph.
    Paragraph {
        /// Its text, cut where the emphasis changes.
        spans: Vec<Span>,
    },
    /// The prioritised projects.
    Projects {
        /// One per project, in order.
        items: Vec<ProjectItem>,
    },
    /// A table of amounts.
    Table(Table),
    /// The closing words and those who sign.
    Signatures {
        /// E.g. «Med vennlig hilsen».
        closing: String,
        /// In the order of signing.
        signatories: Vec<Signatory>,
    },
    /// The line that the document is electronically approved.
    Approval {
        /// Its text.
        text: String,
    },
}

/// A piece of a paragraph in one style.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Span {
    /// Its text.
    pub text: String,
    /// Its style.
    pub style: Style,
}

/// The style of a span.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Style {
    /// Running text.
    Plain,
    /// Stressed, in italics.
    Emphasis,
    /// Important, in a heavier weight.
    Strong,
}

/// A project in the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ProjectItem {
    /// What its owner is called.
    pub name: String,
    /// Who takes part in a joint project.
    pub members: Option<String>,
    /// Title of the project.
    pub title: String,
}

/// A table with a header row, a header column, and a row of totals.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Table {
    /// What the table shows, in which unit and from which run.
    pub caption: String,
    /// Heads of the columns; the first is that of the header column.
    pub columns: Vec<String>,
    /// Rows, each as long as `columns`; the first cell is the row's header.
    pub rows: Vec<Vec<String>>,
    /// The last row: the totals.
    pub totals: Vec<String>,
}
