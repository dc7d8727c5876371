#![doc = include_str!("../README.md")]
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, reason = "tests may stop at once"))]

mod amounts;
mod compose;
mod document;
mod fill;
mod html;
mod language;
mod pdf;
mod plain;

pub use compose::{ComposeError, compose};
pub use document::{Block, Captions, Detail, Head, LetterDocument, ProjectItem, Span, Style, Table};
pub use html::render_html;
pub use pdf::{RenderError, render_pdf};
pub use plain::plain_text;
