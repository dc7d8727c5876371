//! From the files of a case to what a plan is computed from.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use jiff::civil::Date;
use tildel_allocation::model::{DocumentFormat, read_document};
use tildel_allocation::{
    Bundle, BundleError, FundingModel, Language, OrganisationInput, PlanError, PlanInput, ProjectInput,
    ProjectStatus, plan,
};

use super::cell;
use super::document::{
    CaseDocument, HeadcountSource, OrganisationDocument, PerOrganisation, ProjectDocument,
};
use super::files::{Files, open};
use super::problem::Problem;
use super::table::{self, Organisation};

/// A case that was read.
#[derive(Debug)]
pub struct PlanCase {
    /// What the case is called.
    pub title: String,
    /// The language of tables and pictures.
    pub language: Language,
    /// What the plan is computed from.
    pub input: PlanInput,
    origins: Origins,
}

/// Where the parts of the input stand, so that what the computation finds wrong is told with file and line.
#[derive(Debug)]
struct Origins {
    file: PathBuf,
    text: String,
    format: DocumentFormat,
    /// The files of models after those of the document itself.
    model_files: Vec<PathBuf>,
    models_inside: usize,
    /// The file and line of each organisation that stands in a table; none for those of the document.
    organisations: Vec<Option<(PathBuf, u64)>>,
    projects_inside: usize,
}

impl PlanCase {
    /// Computes the plan.
    ///
    /// # Errors
    /// What contradicts itself, with file, line and field.
    pub fn compute(&self) -> Result<Bundle, Problem> {
        Bundle::compute(self.input.clone()).map_err(|error| match error {
            // The bundle's lists are sorted; those here stand as they were read, and so do the pointers.
            BundleError::Plan(error) => self.origins.place(plan(&self.input).err().unwrap_or(error)),
            other => Problem::of_file(&self.origins.file, other.to_string()),
        })
    }
}

impl Origins {
    fn place(&self, error: PlanError) -> Problem {
        let (pointer, message) = match &error {
            PlanError::Input { pointer, problem } => (pointer.clone(), problem.to_string()),
            PlanError::FrameBelowDecided { pointer, .. } => {
                let told = error.to_string();
                (pointer.clone(), told.strip_prefix(&format!("{pointer}: ")).unwrap_or(&told).to_owned())
            }
            other => return Problem::of_file(&self.file, other.to_string()),
        };
        let mut parts = pointer.split('/').skip(1);
        let (list, index) =
            (parts.next().unwrap_or_default(), parts.next().and_then(|part| part.parse::<usize>().ok()));
        let rest = parts.collect::<Vec<_>>().join(".");
        match (list, index) {
            ("organisations", Some(index)) => {
                if let Some(Some((file, line))) = self.organisations.get(index) {
                    return Problem::of_line(file, *line, &rest, message);
                }
            }
            ("models", Some(index)) if index >= self.models_inside => {
                if let Some(file) = self.model_files.get(index - self.models_inside) {
                    return Problem { field: rest, ..Problem::of_file(file, message) };
                }
            }
            ("projects", Some(index)) if index >= self.projects_inside => {
                return Problem::at(&self.file, &self.text, self.format, "/perOrganisation", message);
            }
            _ => {}
        }
        Problem::at(&self.file, &self.text, self.format, &pointer, message)
    }
}

/// Reads a document and all that it names.
pub(super) fn build(
    file: &Path,
    text: &str,
    format: DocumentFormat,
    files: &dyn Files,
) -> Result<PlanCase, Problem> {
    let document: CaseDocument =
        read_document(text, format).map_err(|error| Problem::of_document(file, error))?;
    let beside = |name: &str| file.parent().unwrap_or(Path::new("")).join(name);
    let at = |pointer: &str, message: String| Problem::at(file, text, format, pointer, message);

    let models_inside = document.models.len();
    let mut models = document.models;
    let model_files: Vec<PathBuf> = document.model_files.iter().map(|name| beside(name)).collect();
    for path in &model_files {
        models.push(model(path, files)?);
    }

    let mut organisations = Vec::new();
    for (place, written) in document.organisations.into_iter().enumerate() {
        let pointer = |field: &str| format!("/organisations/{place}/{field}");
        organisations.push(
            organisation(written, &document.headcount_sources)
                .map_err(|(field, message)| at(&pointer(&field), message))?,
        );
    }
    let mut origins: Vec<Option<(PathBuf, u64)>> = vec![None; organisations.len()];
    for name in &document.organisation_files {
        let path = beside(name);
        let rows = table::organisations(&path, &open(&path, files)?, &document.headcount_sources)?;
        origins.extend(rows.iter().map(|row| row.line.map(|line| (path.clone(), line))));
        organisations.extend(rows);
    }

    let (first_year, last_year) = (document.first_year, document.last_year);
    let projects_inside = document.projects.len();
    let mut projects: Vec<ProjectInput> =
        document.projects.into_iter().map(|written| project(written, first_year, last_year)).collect();
    if let Some(rule) = &document.per_organisation {
        projects.extend(distribution(rule, &organisations, first_year, last_year));
    }
    let mut seen = BTreeSet::new();
    if let Some(twice) = projects.iter().find(|project| !seen.insert(&project.reference)) {
        return Err(at("/projects", format!("the reference {:?} stands twice", twice.reference)));
    }
    let input = PlanInput {
        office: document.office,
        scheme: document.scheme,
        first_year,
        last_year,
        carried_in: document.carried_in,
        models,
        frames: document.frames,
        organisations: organisations.into_iter().map(|organisation| organisation.input).collect(),
        projects,
        history: document.history,
    };
    let origins = Origins {
        file: file.to_owned(),
        text: text.to_owned(),
        format,
        model_files,
        models_inside,
        organisations: origins,
        projects_inside,
    };
    let title = document.title.unwrap_or_else(|| format!("{} {}", input.office, input.scheme));
    Ok(PlanCase { title, language: document.language, input, origins })
}

fn model(path: &Path, files: &dyn Files) -> Result<FundingModel, Problem> {
    let format = match path.extension().and_then(|extension| extension.to_str()) {
        Some("json") => DocumentFormat::Json,
        _ => DocumentFormat::Toml,
    };
    FundingModel::from_document(&open(path, files)?, format)
        .map_err(|error| Problem::of_document(path, error))
}

/// An organisation of the document; what is wrong is told with its field.
fn organisation(
    written: OrganisationDocument,
    sources: &[HeadcountSource],
) -> Result<Organisation, (String, String)> {
    let mut headcounts: Vec<_> = written.headcounts.into_iter().map(Into::into).collect();
    for (name, text) in &written.counts {
        let at = |message: String| (format!("counts/{name}"), message);
        let column = cell::column(name).map_err(at)?;
        headcounts.extend(table::record_of(column, name, text, sources).map_err(at)?);
    }
    let input = OrganisationInput {
        number: written.number,
        name: written.name,
        municipality: written.municipality,
        ceased: written.ceased,
        successors: written.successors,
        headcounts,
    };
    Ok(Organisation { input, from: written.from, tags: written.tags, line: None })
}

fn project(written: ProjectDocument, first_year: i16, last_year: i16) -> ProjectInput {
    ProjectInput {
        id: written.id.unwrap_or_else(|| written.reference.clone()),
        title: written.title.unwrap_or_else(|| written.reference.clone()),
        reference: written.reference,
        first_year: written.first_year.unwrap_or(first_year),
        last_year: written.last_year.unwrap_or(last_year),
        status: written.status.unwrap_or(ProjectStatus::Running),
        priority: written.priority,
        lead: written.lead,
        partners: written.partners,
        supporters: written.supporters,
        tags: written.tags,
        renewals: written.renewals,
        years: written.years,
    }
}

/// A project for each organisation, in the years of the case in which it exists on 1 January.
fn distribution(
    rule: &PerOrganisation,
    organisations: &[Organisation],
    first_year: i16,
    last_year: i16,
) -> Vec<ProjectInput> {
    let mut projects = Vec::new();
    for organisation in organisations {
        let input = &organisation.input;
        let begins = organisation.from.map_or(first_year, first_new_year);
        let ends = input.ceased.map_or(last_year, |ceased| first_new_year(ceased) - 1);
        let (from, to) = (first_year.max(begins), last_year.min(ends));
        if from > to {
            continue;
        }
        let fill = |text: &str| text.replace("{number}", &input.number).replace("{name}", &input.name);
        projects.push(ProjectInput {
            id: fill(&rule.reference),
            reference: fill(&rule.reference),
            title: fill(&rule.title),
            first_year: from,
            last_year: to,
            status: ProjectStatus::Running,
            priority: None,
            lead: input.number.clone(),
            partners: Vec::new(),
            supporters: Vec::new(),
            tags: organisation.tags.clone(),
            renewals: Vec::new(),
            years: Vec::new(),
        });
    }
    projects
}

/// The first year whose 1 January is not before the day.
fn first_new_year(day: Date) -> i16 {
    if day.day_of_year() == 1 { day.year() } else { day.year().saturating_add(1) }
}
