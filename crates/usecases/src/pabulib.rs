//! Counted budget ballots as files, so that any other program can check the count.

use tildel_domain::Refusal;
use tildel_domain::application::Application;
use tildel_domain::ballot::Ballot;
use tildel_domain::forum::Forum;
use tildel_domain::id::BallotId;
use tildel_domain::meeting::Meeting;
use tildel_domain::policy::Operation;
use tildel_storage::votes;

use crate::ballots::find_visible;
use crate::context::Context;
use crate::failure::Outcome;

/// A file of the votes of a ballot.
#[derive(Clone, Debug)]
pub struct VotesFile {
    /// The ballot.
    pub ballot: Ballot,
    /// The file's text, in the format of Pabulib.
    pub text: String,
}

/// The votes of a budget ballot that was counted, without seats, for those who may see its count, where the forum lets votes be
/// seen. Who is recused on one of its applications finds none, whatever became of the ballot.
pub fn read(cx: &mut Context<'_>, id: BallotId) -> Outcome<VotesFile> {
    cx.require(Operation::BallotPabulibRead)?;
    let (ballot, viewer) = find_visible(cx, id)?;
    if viewer.is_withheld(&ballot) {
        return Err(Refusal::not_found("file of votes").into());
    }
    let forum: Forum = cx.find(ballot.forum_id)?;
    let meeting: Meeting = cx.find(ballot.meeting_id)?;
    let mut applications: Vec<Application> = Vec::new();
    for application_id in ballot.rules.matter.applications() {
        applications.push(cx.find(*application_id)?);
    }
    let votes = votes::current(cx.db, id)?;
    let file = ballot.pabulib(&votes, (&forum, &meeting, &applications))?;
    Ok(VotesFile { text: file.write(), ballot })
}
