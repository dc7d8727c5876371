//! Reads a file.

use super::cursor::{Cursor, trim};
use super::ids::Ids;
use super::number::Decimal;
use super::{Ballots, PabulibError, PabulibKind, PabulibProblem, PabulibVote};
use crate::budget::{MAX_EXACT, Project};

#[derive(Clone, Copy, PartialEq, Eq)]
enum Section {
    Meta,
    Projects,
    Votes,
}

impl Section {
    fn of(line: &[u8]) -> Option<Self> {
        match line {
            line if line.eq_ignore_ascii_case(b"META") => Some(Self::Meta),
            line if line.eq_ignore_ascii_case(b"PROJECTS") => Some(Self::Projects),
            line if line.eq_ignore_ascii_case(b"VOTES") => Some(Self::Votes),
            _ => None,
        }
    }
}

/// What has been read so far.
#[derive(Default)]
struct File {
    meta: Vec<(String, String)>,
    kind: Option<PabulibKind>,
    budget: Option<(usize, Decimal)>,
    projects: Option<Vec<Project>>,
    costs: Vec<(usize, Decimal)>,
    names: Vec<String>,
    ballots: Option<Ballots>,
}

impl PabulibVote {
    /// Reads a file. Line ends, a byte order mark, blank lines, blanks around fields, quotes and further columns are
    /// taken as they come.
    ///
    /// # Errors
    /// [`PabulibError`] with the line and what to do.
    pub fn read(bytes: &[u8]) -> Result<Self, PabulibError> {
        let mut cursor = Cursor::new(bytes);
        let mut file = File::default();
        while !cursor.is_at_end() {
            let line = cursor.peek_line();
            if line.is_empty() {
                cursor.skip_line()?;
                continue;
            }
            let section = Section::of(line).ok_or_else(|| cursor.error(PabulibProblem::OutsideSection))?;
            cursor.skip_line()?;
            skip_blank_lines(&mut cursor)?;
            match section {
                Section::Meta => file.read_meta(&mut cursor)?,
                Section::Projects => file.read_projects(&mut cursor)?,
                Section::Votes => file.read_votes(&mut cursor)?,
            }
        }
        file.finish(&cursor)
    }
}

fn skip_blank_lines(cursor: &mut Cursor<'_>) -> Result<(), PabulibError> {
    while !cursor.is_at_end() && cursor.peek_line().is_empty() {
        cursor.skip_line()?;
    }
    Ok(())
}

/// Whether another line of the section follows; skips blank ones.
fn has_line(cursor: &mut Cursor<'_>) -> Result<bool, PabulibError> {
    if cursor.is_plain() {
        return Ok(true);
    }
    skip_blank_lines(cursor)?;
    Ok(!cursor.is_at_end() && Section::of(cursor.peek_line()).is_none())
}

/// The place of a column in a section's first line.
fn column(header: &[String], name: &str) -> Option<usize> {
    header.iter().position(|column| column.eq_ignore_ascii_case(name))
}

impl File {
    fn read_meta(&mut self, cursor: &mut Cursor<'_>) -> Result<(), PabulibError> {
        if has_line(cursor)? {
            cursor.skip_line()?;
        }
        while has_line(cursor)? {
            let line = cursor.line();
            let at_line = |problem| PabulibError { line, problem };
            let mut fields = cursor.row()?.into_iter();
            let (key, value) = (fields.next().unwrap_or_default(), fields.next().unwrap_or_default());
            if key.eq_ignore_ascii_case("budget") {
                self.budget = Some((line, Decimal::read(value.as_bytes()).map_err(at_line)?));
            } else if key.eq_ignore_ascii_case("vote_type") {
                let mut kinds = PabulibKind::ALL.into_iter();
                let kind = kinds.find(|(_, name)| value.eq_ignore_ascii_case(name)).map(|(kind, _)| kind);
                self.kind = Some(kind.ok_or_else(|| at_line(PabulibProblem::UnknownKind(value.clone())))?);
            }
            self.meta.push((key, value));
        }
        Ok(())
    }

    fn read_projects(&mut self, cursor: &mut Cursor<'_>) -> Result<(), PabulibError> {
        let missing = |name| cursor.error(PabulibProblem::MissingColumn(name));
        let (no_id, no_cost) = (missing("project_id"), missing("cost"));
        let header = if has_line(cursor)? { cursor.row()? } else { Vec::new() };
        let id_column = column(&header, "project_id").ok_or(no_id)?;
        let cost_column = column(&header, "cost").ok_or(no_cost)?;
        let name_column = column(&header, "name");
        let projects = self.projects.get_or_insert_default();
        while has_line(cursor)? {
            let line = cursor.line();
            let at_line = |problem| PabulibError { line, problem };
            let mut fields = cursor.row()?;
            let mut take = |column: usize| fields.get_mut(column).map(std::mem::take).unwrap_or_default();
            let (id, cost) = (take(id_column), take(cost_column));
            if id.is_empty() {
                return Err(at_line(PabulibProblem::NoProjectId));
            }
            self.costs.push((line, Decimal::read(cost.as_bytes()).map_err(at_line)?));
            self.names.push(name_column.map(&mut take).unwrap_or_default());
            projects.push(Project { id, cost: 0 });
        }
        let mut sorted: Vec<_> = projects.iter().zip(&self.costs).collect();
        sorted.sort_by(|left, right| left.0.id.cmp(&right.0.id));
        if let Some(pair) = sorted.windows(2).find(|pair| pair[0].0.id == pair[1].0.id) {
            let (project, (line, _)) = pair[1];
            let problem = PabulibProblem::DuplicateProject(project.id.clone());
            return Err(PabulibError { line: *line, problem });
        }
        Ok(())
    }

    fn read_votes(&mut self, cursor: &mut Cursor<'_>) -> Result<(), PabulibError> {
        let (Some(projects), Some(kind)) = (&self.projects, self.kind) else {
            return Err(cursor.error(PabulibProblem::VotesTooEarly));
        };
        let missing = |name| cursor.error(PabulibProblem::MissingColumn(name));
        let (no_vote, no_points) = (missing("vote"), missing("points"));
        let header = if has_line(cursor)? { cursor.row()? } else { Vec::new() };
        let vote_column = column(&header, "vote").ok_or(no_vote)?;
        let points_column =
            if kind.has_points() { Some(column(&header, "points").ok_or(no_points)?) } else { None };
        let mut votes = Votes {
            ids: Ids::new(projects),
            columns: (vote_column, points_column),
            ballots: self.ballots.take().unwrap_or_default(),
        };
        while has_line(cursor)? {
            votes.read(cursor)?;
        }
        self.ballots = Some(votes.ballots);
        Ok(())
    }

    /// Puts money into the smallest unit that any amount needs.
    fn finish(self, cursor: &Cursor<'_>) -> Result<PabulibVote, PabulibError> {
        let missing = |name| cursor.error(PabulibProblem::MissingSection(name));
        if self.meta.is_empty() {
            return Err(missing("META"));
        }
        let mut projects = self.projects.ok_or_else(|| missing("PROJECTS"))?;
        let ballots = self.ballots.ok_or_else(|| missing("VOTES"))?;
        let kind = self.kind.ok_or_else(|| cursor.error(PabulibProblem::MissingKey("vote_type")))?;
        let budget = self.budget.ok_or_else(|| cursor.error(PabulibProblem::MissingKey("budget")))?;
        let decimals =
            self.costs.iter().map(|(_, cost)| cost.places).fold(budget.1.places, std::cmp::Ord::max);
        let mut total = 0_u64;
        let mut in_units = |(line, amount): (usize, Decimal)| {
            let units = (decimals <= 15).then(|| amount.in_units(decimals)).flatten();
            let units = units.and_then(|units| {
                total = total.checked_add(units).filter(|total| *total <= 2 * MAX_EXACT)?;
                (units <= MAX_EXACT).then_some(units)
            });
            let problem = PabulibProblem::TooLarge(format!("{amount:?}"));
            units.ok_or(PabulibError { line, problem })
        };
        for (project, &cost) in projects.iter_mut().zip(&self.costs) {
            project.cost = in_units(cost)?;
        }
        let budget = in_units(budget)?;
        Ok(PabulibVote { kind, meta: self.meta, projects, names: self.names, budget, decimals, ballots })
    }
}

/// The section VOTES.
struct Votes<'a> {
    ids: Ids<'a>,
    columns: (usize, Option<usize>),
    ballots: Ballots,
}

impl Votes<'_> {
    fn read(&mut self, cursor: &mut Cursor<'_>) -> Result<(), PabulibError> {
        let (vote_column, points_column) = self.columns;
        let last = points_column.map_or(vote_column, |column| column.max(vote_column));
        let (first_named, first_points) = (self.ballots.named.len(), self.ballots.points.len());
        let line = cursor.line();
        let at_line = |problem| PabulibError { line, problem };
        for index in 0..=last {
            let (field, follows) = cursor.field()?;
            if index == vote_column {
                self.read_projects(&field).map_err(at_line)?;
            } else if Some(index) == points_column {
                self.read_points(&field).map_err(at_line)?;
            }
            if !follows {
                break;
            }
            if index == last {
                cursor.skip_line()?;
            }
        }
        let projects = self.ballots.named.len() - first_named;
        let points = self.ballots.points.len() - first_points;
        if points_column.is_some() && projects != points {
            return Err(at_line(PabulibProblem::PointsMismatch { projects, points }));
        }
        let end =
            u32::try_from(self.ballots.named.len()).map_err(|_| at_line(PabulibProblem::TooManyVotes))?;
        self.ballots.ends.push(end);
        Ok(())
    }

    fn read_projects(&mut self, field: &[u8]) -> Result<(), PabulibProblem> {
        for id in field.split(|&byte| byte == b',').map(trim).filter(|id| !id.is_empty()) {
            let unknown = || PabulibProblem::UnknownProject(String::from_utf8_lossy(id).into_owned());
            self.ballots.named.push(self.ids.find(id).ok_or_else(unknown)?);
        }
        Ok(())
    }

    /// Points are kept in the smallest part seen so far; a smaller one rescales those before.
    fn read_points(&mut self, field: &[u8]) -> Result<(), PabulibProblem> {
        for given in field.split(|&byte| byte == b',').map(trim).filter(|given| !given.is_empty()) {
            let too_large = || PabulibProblem::TooLarge(String::from_utf8_lossy(given).into_owned());
            let number = Decimal::read(given)?;
            if number.places > self.ballots.point_decimals {
                let factor =
                    10_u32.checked_pow(number.places - self.ballots.point_decimals).ok_or_else(too_large)?;
                for points in &mut self.ballots.points {
                    *points = points.checked_mul(factor).ok_or_else(too_large)?;
                }
                self.ballots.point_decimals = number.places;
            }
            let points =
                number.in_units(self.ballots.point_decimals).and_then(|units| u32::try_from(units).ok());
            self.ballots.points.push(points.ok_or_else(too_large)?);
        }
        Ok(())
    }
}
