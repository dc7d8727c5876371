//! Files of Pabulib.

use proptest::collection::vec;
use proptest::prelude::*;
use tildel_voting::{PabulibError, PabulibKind, PabulibProblem, PabulibVote, Project};

use crate::budget::folder;

const SMALL: &str = "META\nkey;value\ndescription;\"Two; \"\"quoted\"\"\nlines\"\nbudget;100.50\nvote_type;approval\n\
PROJECTS\nproject_id;cost;name\n1;50;Swings\nlong-id-10;25.25;\"Slide; big\"\nVOTES\nvoter_id;age;vote;sex\n\
7;30;1,long-id-10;F\n8;31;;M\n9;32;long-id-10;\"F\"\n";

fn error(text: &str) -> PabulibError {
    PabulibVote::read(text.as_bytes()).unwrap_err()
}

#[test]
fn a_small_file_is_read() {
    let vote = PabulibVote::read(SMALL.as_bytes()).unwrap();
    assert_eq!(vote.kind, PabulibKind::Approval);
    assert_eq!(vote.meta_value("description"), Some("Two; \"quoted\"\nlines"));
    assert_eq!((vote.budget, vote.decimals), (10_050, 2));
    let costs: Vec<_> = vote.projects.iter().map(|project| (project.id.as_str(), project.cost)).collect();
    assert_eq!(costs, [("1", 5000), ("long-id-10", 2525)]);
    assert_eq!(vote.names, ["Swings", "Slide; big"]);
    let ballots: Vec<&[u32]> = (0..vote.ballot_count()).map(|index| vote.ballot(index)).collect();
    assert_eq!(ballots, [&[0, 1][..], &[], &[1]]);
    let instance = vote.instance().unwrap();
    assert_eq!((instance.voters(), instance.votes(1), instance.distinct_ballots()), (3, 2, 2));
}

#[test]
fn line_ends_blanks_and_marks_are_taken_as_they_come() {
    let plain = PabulibVote::read(SMALL.replace("\nlines", "").as_bytes()).unwrap();
    let other = format!(
        "\u{feff}\n{}\n\n",
        SMALL.replace("\nlines", "").replace('\n', "\r\n").replace("1,long", " 1 , long")
    );
    let other = other.replace("VOTES", "\r\nvotes");
    assert_eq!(PabulibVote::read(other.as_bytes()).unwrap(), plain);
}

#[test]
fn points_are_exact() {
    let text = "META\nkey;value\nbudget;10\nvote_type;cumulative\nPROJECTS\nproject_id;cost\na;1\nb;2\n\
        VOTES\nvoter_id;vote;points\n1;a,b;3,0.5\n2;b;1.25\n";
    let vote = PabulibVote::read(text.as_bytes()).unwrap();
    assert_eq!(PabulibVote::read(vote.write().as_bytes()).unwrap().instance(), vote.instance());
    assert!(vote.write().contains("1;a,b;3,0.5\n"), "{}", vote.write());
    let mismatch = error(&text.replace("3,0.5", "3"));
    assert_eq!(
        mismatch,
        PabulibError { line: 11, problem: PabulibProblem::PointsMismatch { projects: 2, points: 1 } }
    );
}

#[test]
fn errors_name_the_line_and_what_to_do() {
    let cases = [
        (SMALL.replace("7;30;1,", "7;30;2,"), 13, PabulibProblem::UnknownProject("2".to_owned())),
        (SMALL.replace("1;50;", "1;5O;"), 9, PabulibProblem::Number("5O".to_owned())),
        (SMALL.replace("1;50;", "1;-5;"), 9, PabulibProblem::Number("-5".to_owned())),
        (SMALL.replace("long-id-10;25", "1;25"), 10, PabulibProblem::DuplicateProject("1".to_owned())),
        (SMALL.replace("approval", "approve"), 6, PabulibProblem::UnknownKind("approve".to_owned())),
        (SMALL.replace("vote;sex", "ballot;sex"), 12, PabulibProblem::MissingColumn("vote")),
        (
            SMALL.replace("100.50", "99999999999999999999"),
            5,
            PabulibProblem::TooLarge("99999999999999999999".to_owned()),
        ),
        (SMALL.replace("\"F\"", "\"F"), 15, PabulibProblem::OpenQuote),
        ("x".to_owned(), 1, PabulibProblem::OutsideSection),
        (String::new(), 1, PabulibProblem::MissingSection("META")),
    ];
    for (text, line, problem) in cases {
        assert_eq!(error(&text), PabulibError { line, problem }, "{text}");
    }
    let shown = error(&SMALL.replace("7;30;1,", "7;30;2,")).to_string();
    assert_eq!(
        shown,
        "line 13: the vote names \"2\", which is not among the projects: correct the vote or add the project"
    );
}

#[test]
fn real_files_round_trip() {
    let Some(folder) = folder() else { return };
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "pb") {
            let vote = PabulibVote::read(&std::fs::read(&path).unwrap()).unwrap();
            let again = PabulibVote::read(vote.write().as_bytes()).unwrap();
            assert_eq!(again.instance(), vote.instance(), "{}", path.display());
            assert_eq!(again.write(), vote.write(), "{}", path.display());
        }
    }
}

fn kinds() -> impl Strategy<Value = PabulibKind> {
    use PabulibKind::{Approval, ChooseOne, Cumulative, Ordinal, Scoring};
    prop_oneof![Just(Approval), Just(ChooseOne), Just(Cumulative), Just(Ordinal), Just(Scoring)]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn what_is_written_reads_the_same(
        kind in kinds(),
        (budget, decimals) in (0_u64..1_000_000, 0_u32..4),
        costs in vec(0_u64..100_000, 1..6),
        ballots in vec(vec((0_u32..6, 0_u32..50), 0..5), 0..8),
    ) {
        let projects: Vec<Project> = costs
            .into_iter()
            .enumerate()
            .map(|(index, cost)| Project { id: format!("{};\"{index}", "p".repeat(index * 3)), cost })
            .collect();
        let count = u32::try_from(projects.len()).unwrap();
        let ballots: Vec<Vec<(u32, u32)>> = ballots
            .into_iter()
            .map(|ballot| ballot.into_iter().map(|(project, points)| (project % count, points)).collect())
            .collect();
        let vote = PabulibVote::new(kind, (budget, decimals), projects, &ballots).unwrap();
        let again = PabulibVote::read(vote.write().as_bytes()).unwrap();
        prop_assert_eq!(again.write(), vote.write());
        for index in 0..vote.ballot_count() {
            prop_assert_eq!(again.ballot(index), vote.ballot(index));
        }
    }

    #[test]
    fn no_file_stops_the_reader(
        changes in vec((0_usize..400, prop_oneof![any::<u8>(), Just(b'"'), Just(b';'), Just(b'\n'), Just(b',')]), 0..12),
        cut in 0_usize..400,
        insert in any::<bool>(),
    ) {
        let mut bytes = SMALL.as_bytes().to_vec();
        for (at, byte) in changes {
            let at = at % bytes.len();
            if insert { bytes.insert(at, byte) } else { bytes[at] = byte }
        }
        bytes.truncate(bytes.len() - cut.min(bytes.len() / 2));
        if let Ok(vote) = PabulibVote::read(&bytes) {
            let _: Result<_, _> = vote.instance();
            let _: Result<_, _> = PabulibVote::read(vote.write().as_bytes());
        }
    }
}
