//! All routes, a file for each resource.

pub mod access_tokens;
pub mod account;
pub mod appeal_reruns;
pub mod appeal_rules;
pub mod appeals;
pub mod applications;
pub mod ballots;
pub mod changes;
pub mod control_totals;
pub mod decisions;
pub mod forums;
pub mod frames;
pub mod funding_models;
pub mod grants;
pub mod headcounts;
pub mod impact_reports;
pub mod jobs;
pub mod journal;
pub mod letter_texts;
pub mod letters;
pub mod live;
pub mod meetings;
pub mod minutes;
pub mod municipalities;
pub mod notifications;
pub mod offices;
pub mod operations;
pub mod organisations;
pub mod papers;
pub mod parties;
pub mod payments;
pub mod persons;
pub mod prefills;
pub mod recommendations;
pub mod recusals;
pub mod register_units;
pub mod renewals;
pub mod reserve_lists;
pub mod rounds;
pub mod runs;
pub mod scenarios;
pub mod schemes;
pub mod seats;
pub mod sources;
pub mod treatments;
pub mod units;
pub mod votes;

use utoipa_actix_web::service_config::ServiceConfig;

/// The groups of operations in the document, in its order.
pub(crate) const TAGS: &[(&str, &str)] = &[
    ("Account", "Who the caller is."),
    ("Organisations", "Those who apply, take part and sit in forums."),
    ("Headcounts", "How many work where, by source and date."),
    (
        "Registers",
        "What is read of public registers: how old it is, what each says, and what municipality numbers became.",
    ),
    ("Units", "The schools and kindergartens whose people organisations are counted by."),
    ("Changes", "What registers say otherwise than before, and what it would do to plans."),
    ("Offices", "The county governors' offices, who own rounds and decisions."),
    ("Schemes", "Grant schemes with a period."),
    ("Funding models", "Versioned rules that turn headcounts into amounts."),
    ("Frames", "The money and places that an office has for a scheme and a year."),
    ("Forums", "The standing bodies that advise an office."),
    ("Seats", "Who sits in a forum, for whom, for how long, and with which right to vote."),
    ("Rounds", "Calls of a scheme in an office for a budget year."),
    ("Applications", "What applicants write and hand in, with their parties and the formal control."),
    ("Meetings", "Meetings of forums: agenda, papers, attendance, agreement tests and minutes."),
    ("Recusals", "Interests of persons in applications, declared or found, and the rulings on them."),
    ("Ballots", "What forums vote on, by which rules, and what came of it."),
    ("Votes", "One for each seat and ballot, with a receipt."),
    ("Recommendations", "What forums advise."),
    ("Decisions", "What offices decide, approved by a second person."),
    (
        "Appeals",
        "Appeals against decisions: who may appeal, what is ruled, and what the appellant would have got.",
    ),
    ("Grants", "Granted projects over years, with their renewals and payments."),
    ("Plans", "Computations of what projects get, with the reasons of each amount, and what new ones move."),
    ("Scenarios", "What would be, without touching the plan."),
    ("Letters", "What offices write to applicants, approved by a second person."),
    ("Notifications", "What people are told, such as that a ballot ends soon."),
    ("Persons", "Those who sign in or are named in letters."),
    ("Access tokens", "What people and systems sign in with."),
    ("Operations", "Long work, as the one who asked for it sees it."),
    ("Jobs", "The worker's queue, for the operator."),
    ("Journal", "All that was done, in order and without gaps."),
];

/// Adds all routes.
pub(crate) fn configure(config: &mut ServiceConfig<'_>) {
    config
        .configure(access_tokens::configure)
        .configure(account::configure)
        .configure(appeal_reruns::configure)
        .configure(appeal_rules::configure)
        .configure(appeals::configure)
        .configure(applications::configure)
        .configure(ballots::configure)
        .configure(changes::configure)
        .configure(control_totals::configure)
        .configure(decisions::configure)
        .configure(forums::configure)
        .configure(frames::configure)
        .configure(funding_models::configure)
        .configure(grants::configure)
        .configure(headcounts::configure)
        .configure(impact_reports::configure)
        .configure(jobs::configure)
        .configure(journal::configure)
        .configure(letters::configure)
        .configure(live::configure)
        .configure(meetings::configure)
        .configure(minutes::configure)
        .configure(municipalities::configure)
        .configure(notifications::configure)
        .configure(offices::configure)
        .configure(operations::configure)
        .configure(organisations::configure)
        .configure(papers::configure)
        .configure(parties::configure)
        .configure(payments::configure)
        .configure(persons::configure)
        .configure(prefills::configure)
        .configure(recommendations::configure)
        .configure(recusals::configure)
        .configure(register_units::configure)
        .configure(renewals::configure)
        .configure(reserve_lists::configure)
        .configure(rounds::configure)
        .configure(runs::configure)
        .configure(scenarios::configure)
        .configure(schemes::configure)
        .configure(seats::configure)
        .configure(sources::configure)
        .configure(treatments::configure)
        .configure(units::configure)
        .configure(votes::configure);
}
