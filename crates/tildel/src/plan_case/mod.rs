//! Plan cases: what a plan is computed from, as files that people write.
//!
//! A case is a document in TOML or JSON with the fields of a plan input (`docs/bundle.md`, section 3) and shorter ways to say them:
//! models, organisations and their people may stand in files of their own, and a distribution has one project for
//! each organisation. `docs/cases.md` is the guide. Nothing here reads a file by itself: [`Files`] does.

mod build;
mod cell;
mod command;
mod csv_files;
mod document;
mod files;
mod picture;
mod problem;
mod summary;
mod table;
mod texts;

pub use build::PlanCase;
pub use command::command;
pub use files::{Files, Folder, find, read};
pub use problem::Problem;
