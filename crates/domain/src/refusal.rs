//! Why the domain said no.
//!
//! Each refusal has a stable code, the rule it comes from and texts in three languages
//! (`texts/refusals.toml`) that say what happened and what to do.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use crate::text::{Catalogue, Language, fill};

/// How a refusal concerns the caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefusalClass {
    /// The input itself is not acceptable: mend it and try again.
    Invalid,
    /// The thing is not in a state where this can be done.
    Conflict,
    /// The actor may not do this.
    Forbidden,
    /// There is no such thing, or the actor may not know of it.
    NotFound,
}

macro_rules! refusal_codes {
    ($($(#[$meta:meta])* $name:ident = $code:literal, $class:ident, $rule:literal;)+) => {
        /// The stable name of a refusal.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum RefusalCode {
            $($(#[$meta])* $name,)+
        }

        impl RefusalCode {
            /// All codes.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            /// The code on the wire.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $code,)+ }
            }

            /// How it concerns the caller.
            pub const fn class(self) -> RefusalClass {
                match self { $(Self::$name => RefusalClass::$class,)+ }
            }

            /// The rule it comes from: a number of the list of rules in `docs/rules.md`, or a word for the lifecycle.
            pub const fn rule(self) -> &'static str {
                match self { $(Self::$name => $rule,)+ }
            }
        }
    };
}

refusal_codes! {
    /// No such thing, or not for this actor's eyes.
    NotFound = "not_found", NotFound, "access";
    /// The actor's role may not do this.
    RoleNotAllowed = "role_not_allowed", Forbidden, "access";
    /// The thing belongs to another office.
    OtherOffice = "other_office", Forbidden, "access";
    /// The thing belongs to another organisation.
    OtherOrganisation = "other_organisation", Forbidden, "access";
    /// The actor does not chair this forum.
    NotChair = "not_chair", Forbidden, "access";
    /// The actor holds no seat of this forum.
    NotYourSeat = "not_your_seat", Forbidden, "rule-1";
    /// The lifecycle does not allow this now.
    WrongState = "wrong_state", Conflict, "lifecycle";
    /// A value is not acceptable.
    InvalidValue = "invalid_value", Invalid, "values";
    /// A reference points to nothing.
    UnknownReference = "unknown_reference", Invalid, "values";
    /// The same thing exists already.
    AlreadyExists = "already_exists", Conflict, "values";
    /// A reason has to be given.
    ReasonRequired = "reason_required", Invalid, "lifecycle";
    /// The round does not take applications now.
    RoundNotOpen = "round_not_open", Conflict, "lifecycle";
    /// The deadline, with its grace, is over.
    DeadlinePassed = "deadline_passed", Conflict, "lifecycle";
    /// Required parts of the application are missing.
    ApplicationIncomplete = "application_incomplete", Invalid, "lifecycle";
    /// A partner has not confirmed.
    PartnerNotConfirmed = "partner_not_confirmed", Conflict, "lifecycle";
    /// The organisation is a party already.
    DuplicateParty = "duplicate_party", Conflict, "lifecycle";
    /// A deferral has to be to a later year.
    DeferralNotLater = "deferral_not_later", Invalid, "lifecycle";
    /// Applications of the round wait for screening.
    ScreeningIncomplete = "screening_incomplete", Conflict, "lifecycle";
    /// The person is recused on the application.
    Recused = "recused", Forbidden, "rule-1";
    /// The seat is not on the ballot's roster.
    NotOnRoster = "not_on_roster", Forbidden, "rule-1";
    /// The roster leaves out a seat that has a vote.
    RosterIncomplete = "roster_incomplete", Invalid, "rule-1";
    /// Somebody else holds the vote of the seat now.
    SeatHeldByAnother = "seat_held_by_another", Forbidden, "rule-1";
    /// Who rules on this interest is somebody else.
    RulingNotYours = "ruling_not_yours", Forbidden, "rule-1";
    /// An interest that was found waits for a ruling.
    RecusalNotRuled = "recusal_not_ruled", Conflict, "rule-1";
    /// The vote does not fit the ballot.
    InvalidVote = "invalid_vote", Invalid, "rule-1";
    /// A score leaves the ballot's scale.
    ScoreOffScale = "score_off_scale", Invalid, "rule-1";
    /// Scores of applications or on criteria are missing.
    ScoresIncomplete = "scores_incomplete", Invalid, "rule-1";
    /// More points than a seat has to hand out.
    TooManyPoints = "too_many_points", Invalid, "rule-1";
    /// The forum keeps votes secret, so they are not handed out.
    VotesSecret = "votes_secret", Forbidden, "access";
    /// A vote has been cast, so the ballot's rules are frozen.
    BallotFrozen = "ballot_frozen", Conflict, "rule-2";
    /// Agreement has to be tested, or its skipping explained, before a vote.
    AgreementTestMissing = "agreement_test_missing", Conflict, "rule-3";
    /// The forum agreed, so there is nothing to vote on.
    AgreementReached = "agreement_reached", Conflict, "rule-3";
    /// Too few seats take part for the forum to agree.
    QuorumNotMet = "quorum_not_met", Conflict, "rule-3";
    /// A recommendation rests on an agreement or on a count with quorum.
    RecommendationWithoutBasis = "recommendation_without_basis", Conflict, "rule-3";
    /// An order other than the count's says why.
    DepartureFromCountUnexplained = "departure_from_count_unexplained", Invalid, "rule-3";
    /// The office takes part without a vote.
    OfficeHasNoVote = "office_has_no_vote", Invalid, "rule-4";
    /// A departure from the recommendation needs a reason code.
    DepartureWithoutReasonCode = "departure_without_reason_code", Invalid, "rule-5";
    /// A departure from the recommendation needs a reason.
    DepartureWithoutReason = "departure_without_reason", Invalid, "rule-5";
    /// A departure from the recommendation needs a legal basis.
    DepartureWithoutLegalBasis = "departure_without_legal_basis", Invalid, "rule-5";
    /// The decision does not treat every application that it has to.
    DecisionLineMissing = "decision_line_missing", Invalid, "rule-5";
    /// Each running grant that is to be judged needs a line.
    RenewalLineMissing = "renewal_line_missing", Invalid, "rule-5";
    /// Each award criterion is assessed.
    CriterionNotAssessed = "criterion_not_assessed", Invalid, "rule-5";
    /// No forum has adopted a recommendation for the round.
    RecommendationMissing = "recommendation_missing", Conflict, "rule-5";
    /// The person who prepared may not approve.
    SamePersonApproves = "same_person_approves", Forbidden, "rule-6";
    /// The approver has a recorded interest.
    ApproverHasInterest = "approver_has_interest", Forbidden, "rule-6";
    /// An appeal that came late or without a right is dismissed, unless somebody says why it is treated all the same.
    AppealNotAdmissible = "appeal_not_admissible", Invalid, "appeals";
    /// A decision on an appealed application needs an appeal that was upheld.
    AppealNotUpheld = "appeal_not_upheld", Conflict, "appeals";
    /// More money than the frame holds.
    FrameExceeded = "frame_exceeded", Conflict, "rule-7";
    /// More projects than there are places.
    PlacesExceeded = "places_exceeded", Conflict, "rule-7";
    /// The frame of the year is not known.
    FrameUnknown = "frame_unknown", Conflict, "rule-7";
    /// An amount that the named run does not hold.
    AmountNotOfRun = "amount_not_of_run", Invalid, "rule-8";
    /// A decided amount changes only by a new decision.
    DecidedAmountFixed = "decided_amount_fixed", Conflict, "rule-8";
    /// More would be paid than is decided.
    PaymentExceedsAmount = "payment_exceeds_amount", Conflict, "rule-8";
    /// The impact report moves nothing that was told to anybody, or not any more.
    ImpactReportNotOpen = "impact_report_not_open", Conflict, "rule-8";
    /// No plan was computed yet.
    PlanMissing = "plan_missing", Conflict, "lifecycle";
    /// The scenario was not computed since it was changed.
    ScenarioNotRun = "scenario_not_run", Conflict, "lifecycle";
    /// The scenario gives no plan.
    ScenarioNotComputable = "scenario_not_computable", Invalid, "rule-9";
    /// The worker has not written the letter yet.
    LetterNotWritten = "letter_not_written", Conflict, "lifecycle";
    /// The change of a register waits for nobody any more.
    ChangeNotOpen = "change_not_open", Conflict, "changes";
    /// What the change was found on does not stand any more.
    ChangeStale = "change_stale", Conflict, "changes";
    /// What the change does was not told as things stand now.
    ChangeNotAssessed = "change_not_assessed", Conflict, "changes";
    /// Somebody set the headcount with a reason, and the register contradicts it.
    HeadcountSetByPerson = "headcount_set_by_person", Conflict, "changes";
    /// The plan counts the organisation as a whole, so the count of one unit can not stand for it.
    CountedAsWhole = "counted_as_whole", Conflict, "changes";
    /// The shares of the successors do not add up to the whole.
    SharesNotWhole = "shares_not_whole", Invalid, "rule-13";
    /// The organisation would come after itself.
    SuccessorCircle = "successor_circle", Invalid, "rule-13";
    /// Nobody is counted yet, so the count of one unit would stand for all of them.
    UnitsNotTakenIn = "units_not_taken_in", Conflict, "changes";
    /// The amount is pending, so it can not be decided.
    AmountPending = "amount_pending", Conflict, "rule-12";
}

/// Words by language, by the word that the code has.
type Things = BTreeMap<String, BTreeMap<Language, String>>;

/// What things are called in Norwegian; in English they are called as in the code.
static THINGS: LazyLock<Result<Things, toml::de::Error>> =
    LazyLock::new(|| toml::from_str(include_str!("../texts/things.toml")));

static TEXTS: LazyLock<Result<Catalogue, toml::de::Error>> =
    LazyLock::new(|| Catalogue::parse(include_str!("../texts/refusals.toml")));

/// A typed "no" that names its rule.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.detail(Language::En))]
pub struct Refusal {
    /// Which refusal.
    pub code: RefusalCode,
    /// Where in the input the cause is, as a JSON pointer, if it is in the input.
    pub pointer: Option<String>,
    params: Vec<(&'static str, String)>,
}

impl Refusal {
    /// A refusal without parameters.
    pub fn new(code: RefusalCode) -> Self {
        Self { code, pointer: None, params: Vec::new() }
    }

    /// Sets a parameter of the texts.
    pub fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.params.push((name, value.to_string()));
        self
    }

    /// Says where in the input the cause is.
    pub fn at(mut self, pointer: impl Into<String>) -> Self {
        self.pointer = Some(pointer.into());
        self
    }

    /// Takes the place in the input back, where the cause turned out not to be in the input.
    pub fn without_pointer(self) -> Self {
        Self { pointer: None, ..self }
    }

    /// A value that is not acceptable, with what is expected in its place.
    pub fn invalid(pointer: &str, expected: impl ToString) -> Self {
        Self::new(RefusalCode::InvalidValue)
            .with("field", pointer.trim_start_matches('/').replace('/', "."))
            .with("expected", expected)
            .at(pointer)
    }

    /// A thing in the wrong state for an action.
    pub fn wrong_state(thing: &str, state: impl ToString, allowed: &str) -> Self {
        Self::new(RefusalCode::WrongState).with("thing", thing).with("state", state).with("allowed", allowed)
    }

    /// Nothing of this kind with this id is known to the actor.
    pub fn not_found(thing: &str) -> Self {
        Self::new(RefusalCode::NotFound).with("thing", thing)
    }

    /// A short text for people.
    pub fn title(&self, language: Language) -> String {
        match TEXTS.as_ref().ok().and_then(|texts| texts.get(self.code.as_str())) {
            Some(texts) => texts.title.get(language).to_owned(),
            None => self.code.as_str().to_owned(),
        }
    }

    /// A sentence that says what happened and what to do.
    pub fn detail(&self, language: Language) -> String {
        match TEXTS.as_ref().ok().and_then(|texts| texts.get(self.code.as_str())) {
            Some(texts) => fill(texts.detail.get(language), &self.params_in(language)),
            None => self.code.as_str().to_owned(),
        }
    }

    /// The parameters, with the thing in the language of the sentence.
    fn params_in(&self, language: Language) -> Vec<(&'static str, String)> {
        let named = |(name, value): &(&'static str, String)| {
            let known =
                THINGS.as_ref().ok().filter(|_| *name == "thing").and_then(|things| things.get(value));
            let word = known.and_then(|words| words.get(&language).cloned());
            (*name, word.unwrap_or_else(|| value.clone()))
        };
        self.params.iter().map(named).collect()
    }

    /// The value of a parameter, for tests and logs.
    pub fn param(&self, name: &str) -> Option<&str> {
        self.params.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn things_are_called_by_their_norwegian_names() {
        let things = THINGS.as_ref().expect("the words parse");
        assert!(
            things
                .values()
                .all(|words| words.contains_key(&Language::Nb) && words.contains_key(&Language::Nn))
        );
        let refusal = Refusal::not_found("funding model");
        assert!(refusal.detail(Language::Nb).contains("tildelingsmodell"));
        assert!(refusal.detail(Language::En).contains("funding model"));
        // What has no word yet is at least named.
        assert!(Refusal::not_found("gizmo").detail(Language::Nn).contains("gizmo"));
    }

    #[test]
    fn every_code_has_texts_in_every_language_and_no_text_is_left_over() {
        let texts = TEXTS.as_ref().expect("the refusal texts parse");
        for code in RefusalCode::ALL {
            let entry = texts.get(code.as_str()).unwrap_or_else(|| panic!("{} has no texts", code.as_str()));
            for text in [&entry.title, &entry.detail] {
                assert!(text.nn.is_some() && text.en.is_some(), "{} lacks a language", code.as_str());
            }
        }
        let known: Vec<_> = RefusalCode::ALL.iter().map(|code| code.as_str()).collect();
        let left_over: Vec<_> = texts.keys().filter(|key| !known.contains(key)).collect();
        assert!(left_over.is_empty(), "texts without a code: {left_over:?}");
    }
}
