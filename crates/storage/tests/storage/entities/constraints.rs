//! Every constraint is provoked with plain SQL, as nothing else may stand between a rule and the database.

use std::collections::BTreeSet;

use diesel::connection::SimpleConnection;
use tildel_storage::{Backend, StorageError, Store};
use tildel_test_support::{TestStore, both_backends};

use super::register_constraints;
use super::schema::names;
use super::world::play;
use crate::{id, try_write};

/// What breaks each check, alone; `@n` stands for the nth id.
const CHECKS: &[(&str, &str)] = &[
    ("organisations_number_check", "update organisations set number = '12345678' where id = '@1'"),
    ("organisations_kind_check", "update organisations set kind = 'company' where id = '@1'"),
    ("organisations_language_check", "update organisations set language = 'sv' where id = '@1'"),
    ("organisations_version_check", "update organisations set version = 0 where id = '@1'"),
    ("headcounts_unit_kind_check", "update headcounts set unit_kind = 'university' where id = '@1'"),
    ("headcounts_measure_check", "update headcounts set measure = 'pupils' where id = '@1'"),
    ("headcounts_ownership_check", "update headcounts set ownership = 'shared' where id = '@1'"),
    ("offices_language_check", "update offices set language = 'sv' where id = '@1'"),
    ("offices_version_check", "update offices set version = 0 where id = '@1'"),
    ("reference_counters_year_check", "update reference_counters set year = 1989"),
    ("reference_counters_last_number_check", "update reference_counters set last_number = 0"),
    ("persons_version_check", "update persons set version = 0 where id = '@1'"),
    ("access_tokens_role_check", "update access_tokens set role = 'system' where id = '@1'"),
    ("access_tokens_hash_check", "update access_tokens set hash = 'abc' where id = '@1'"),
    ("access_tokens_version_check", "update access_tokens set version = 0 where id = '@1'"),
    ("schemes_years_check", "update schemes set first_year = 1989 where id = '@1'"),
    ("schemes_years_check", "update schemes set last_year = 2019 where id = '@1'"),
    ("schemes_years_check", "update schemes set last_year = 2101 where id = '@1'"),
    ("schemes_version_check", "update schemes set version = 0 where id = '@1'"),
    (
        "funding_models_model_version_check",
        "update funding_models set model_version = 0, document = '{\"key\":\"model\",\"version\":0,\"validFromYear\":2020,\"validToYear\":2025}' where id = '@1'",
    ),
    (
        "funding_models_years_check",
        "update funding_models set valid_to_year = 2019, document = '{\"key\":\"model\",\"version\":1,\"validFromYear\":2020,\"validToYear\":2019}' where id = '@1'",
    ),
    ("funding_models_columns_check", "update funding_models set key = 'other' where id = '@1'"),
    ("funding_models_columns_check", "update funding_models set model_version = 7 where id = '@1'"),
    ("funding_models_columns_check", "update funding_models set valid_from_year = 2021 where id = '@1'"),
    ("funding_models_columns_check", "update funding_models set valid_to_year = 2026 where id = '@1'"),
    ("funding_models_columns_check", "update funding_models set document = '{}' where id = '@1'"),
    ("funding_models_version_check", "update funding_models set version = 0 where id = '@1'"),
    ("frames_year_check", "update frames set year = 2101 where id = '@1'"),
    ("frames_status_check", "update frames set status = 'hoped' where id = '@1'"),
    ("frames_amount_check", "update frames set amount_ore = -1, committed_ore = 0 where id = '@1'"),
    ("frames_amount_check", "update frames set committed_ore = -1 where id = '@1'"),
    ("frames_money_check", "update frames set committed_ore = 50001 where id = '@1'"),
    ("frames_money_check", "update frames set amount_ore = null where id = '@1'"),
    ("frames_places_check", "update frames set places_used = 3 where id = '@1'"),
    ("frames_places_check", "update frames set places_used = -1 where id = '@2'"),
    ("frames_version_check", "update frames set version = 0 where id = '@1'"),
    ("rounds_budget_year_check", "update rounds set budget_year = 1989 where id = '@1'"),
    ("rounds_deadline_check", "update rounds set deadline_grace_minutes = 1441 where id = '@1'"),
    ("rounds_state_check", "update rounds set state = 'paused' where id = '@1'"),
    ("rounds_cancellation_check", "update rounds set state = 'cancelled' where id = '@1'"),
    ("rounds_cancellation_check", "update rounds set cancellation_reason = 'none' where id = '@1'"),
    ("rounds_version_check", "update rounds set version = 0 where id = '@1'"),
    ("applications_state_check", "update applications set state = 'lost' where id = '@1'"),
    ("applications_submitted_check", "update applications set state = 'submitted' where id = '@2'"),
    ("applications_screened_check", "update applications set screening = null where id = '@1'"),
    ("applications_version_check", "update applications set version = 0 where id = '@1'"),
    ("application_parties_role_check", "update application_parties set role = 'guest' where id = '@11'"),
    ("application_parties_lead_check", "update application_parties set role = 'lead' where id = '@11'"),
    ("application_parties_lead_check", "update application_parties set role = 'partner' where id = '@10'"),
    ("forums_quorum_check", "update forums set quorum_seats = -1 where id = '@1'"),
    ("forums_disclosure_check", "update forums set disclosure = 'gossip' where id = '@1'"),
    ("forums_reminder_check", "update forums set reminder_hours = 0 where id = '@1'"),
    ("forums_deputy_chair_check", "update forums set deputy_chair_id = chair_id where id = '@1'"),
    ("forums_version_check", "update forums set version = 0 where id = '@1'"),
    ("seats_organisation_kind_check", "update seats set organisation_kind = 'company' where id = '@1'"),
    ("seats_vote_right_check", "update seats set vote_right = 'veto' where id = '@1'"),
    ("seats_state_votes_check", "update seats set organisation_kind = 'county_governor' where id = '@1'"),
    ("seats_deputy_check", "update seats set deputy_id = member_id where id = '@1'"),
    ("seats_term_check", "update seats set term_to = '2019-12-31' where id = '@1'"),
    ("seats_version_check", "update seats set version = 0 where id = '@1'"),
    ("meetings_state_check", "update meetings set state = 'late' where id = '@1'"),
    ("meetings_version_check", "update meetings set version = 0 where id = '@1'"),
    ("recusals_ground_check", "update recusals set ground = 'mood' where id = '@1'"),
    ("recusals_state_check", "update recusals set state = 'lost' where id = '@1'"),
    ("recusals_ruling_check", "update recusals set state = 'upheld' where id = '@1'"),
    ("recusals_own_ruling_check", "update recusals set ruled_by = person_id where id = '@1'"),
    ("recusals_version_check", "update recusals set version = 0 where id = '@1'"),
    ("meetings_minutes_check", "update meetings set minutes_number = 1 where id = '@1'"),
    ("papers_kind_check", "update papers set kind = 'novel' where id = '@1'"),
    ("papers_content_check", "update papers set link = 'https://tildel.no' where id = '@1'"),
    (
        "minutes_correction_check",
        "insert into minutes (meeting_id, number, content, approved_by, approved_at) \
         values ('@1', 2, '{}', '@1', '2020-06-01T10:00:00.000000Z')",
    ),
    ("notifications_kind_check", "update notifications set kind = 'gossip' where id = '@1'"),
    ("notifications_version_check", "update notifications set version = 0 where id = '@1'"),
    (
        "notifications_subject_check",
        "update notifications set ballot_id = null, seat_id = null where id = '@1'",
    ),
    (
        "appeals_channel_check",
        "insert into appeals (id, reference, office_id, decision_id, application_id, organisation_id, grounds, channel, \
         received_on, registered_at, registered_by, late, without_right, state, rulings, version) \
         values ('@9', 'RO-2020-0999', '@1', '@2', '@1', '@1', 'grunn', 'pigeon', '2020-06-10', '2020-06-01T10:00:00.000000Z', \
         '@1', false, false, 'received', '[]', 1)",
    ),
    (
        "appeals_posted_check",
        "insert into appeals (id, reference, office_id, decision_id, application_id, organisation_id, grounds, channel, \
         received_on, posted_on, registered_at, registered_by, late, without_right, state, rulings, version) \
         values ('@9', 'RO-2020-0999', '@1', '@2', '@1', '@1', 'grunn', 'electronic', '2020-06-10', '2020-06-09', '2020-06-01T10:00:00.000000Z', \
         '@1', false, false, 'received', '[]', 1)",
    ),
    ("appeals_state_check", "update appeals set state = 'lost' where id = '@1'"),
    ("appeals_ruling_check", "update appeals set state = 'proposed' where id = '@1'"),
    ("appeals_ruling_check", "update appeals set state = 'dismissed' where id = '@1'"),
    ("appeals_followed_check", "update appeals set followed_by = '@3' where id = '@1'"),
    (
        "appeals_two_persons_check",
        "update appeals set prepared_by = '@1', approved_by = '@1' where id = '@1'",
    ),
    ("appeals_version_check", "update appeals set version = 0 where id = '@1'"),
    (
        "appeal_reruns_hashes_check",
        "insert into appeal_reruns (id, appeal_id, run_id, assumption, computed_by, computed_at, input_hash, \
         result_hash, input, plan) \
         select '@9', appeal_id, run_id, assumption, computed_by, computed_at, 'abc', 'abc', input, plan \
         from appeal_reruns where id = '@1'",
    ),
    ("decisions_course_check", "update decisions set course = 'final' where id = '@3'"),
    (
        "decisions_notified_check",
        "update decisions set notified_at = '2020-06-01T10:00:00.000000Z' where id = '@3'",
    ),
    ("ballots_state_check", "update ballots set state = 'lost' where id = '@1'"),
    ("ballots_counted_check", "update ballots set state = 'counted' where id = '@1'"),
    ("ballots_annulment_check", "update ballots set state = 'annulled' where id = '@1'"),
    ("ballots_version_check", "update ballots set version = 0 where id = '@1'"),
    (
        "votes_revision_check",
        "insert into votes (ballot_id, seat_id, revision, person_id, content, recused_on, cast_at, superseded) \
         values ('@1', '@2', 0, '@2', '{}', '[]', '2020-06-01T10:00:00.000000Z', false)",
    ),
    (
        "recommendations_state_check",
        "update recommendations set state = 'lost', adopted_at = '2020-06-01T10:00:00.000000Z' where id = '@2'",
    ),
    ("recommendations_adoption_check", "update recommendations set state = 'adopted' where id = '@2'"),
    ("recommendations_adoption_check", "update recommendations set adopted_by = '@1' where id = '@2'"),
    (
        "recommendations_subject_check",
        "update recommendations set scheme_id = '@1', year = 2021 where id = '@2'",
    ),
    ("recommendations_subject_check", "update recommendations set round_id = null where id = '@2'"),
    ("recommendations_subject_check", "update recommendations set year = null where id = '@8'"),
    ("recommendations_signing_check", "update recommendations set signed_by = '@1' where id = '@2'"),
    (
        "recommendations_signing_check",
        "update recommendations set state = 'signed_off', adopted_at = '2020-06-01T10:00:00.000000Z' where id = '@2'",
    ),
    ("recommendations_number_check", "update recommendations set number = 2 where id = '@2'"),
    ("recommendations_number_check", "update recommendations set supersedes_id = '@1' where id = '@2'"),
    ("recommendations_version_check", "update recommendations set version = 0 where id = '@2'"),
    (
        "runs_input_hash_check",
        "insert into runs (id, office_id, scheme_id, input_hash, input, plan, created_at) \
         values ('@9', '@1', '@1', 'abc', '{}', '{}', '2020-06-01T10:00:00.000000Z')",
    ),
    (
        "runs_result_hash_check",
        "insert into runs (id, office_id, scheme_id, input_hash, result_hash, input, plan, created_at) \
         select '@9', office_id, scheme_id, input_hash, 'abc', input, plan, created_at from runs where id = '@1'",
    ),
    ("decisions_kind_check", "update decisions set kind = 'wish', round_id = null where id = '@3'"),
    ("decisions_matter_check", "update decisions set run_id = '@1' where id = '@3'"),
    ("decisions_matter_check", "update decisions set round_id = null where id = '@3'"),
    ("decisions_renewals_check", "update decisions set scheme_id = '@1', year = 2021 where id = '@3'"),
    ("decisions_renewals_check", "update decisions set kind = 'renewals', round_id = null where id = '@3'"),
    ("decisions_state_check", "update decisions set state = 'lost' where id = '@3'"),
    ("decisions_approval_check", "update decisions set state = 'approved' where id = '@3'"),
    (
        "decisions_approval_check",
        "update decisions set state = 'approved', approved_by = '@2' where id = '@3'",
    ),
    (
        "decisions_two_persons_check",
        "update decisions set state = 'approved', approved_by = '@1', approved_at = '2020-06-01T10:00:00.000000Z' \
         where id = '@3'",
    ),
    ("decisions_version_check", "update decisions set version = 0 where id = '@3'"),
    (
        "grants_state_check",
        "update grants set state = 'lost', answered_at = '2020-06-01T10:00:00.000000Z' where id = '@1'",
    ),
    ("grants_answer_check", "update grants set state = 'accepted' where id = '@1'"),
    ("grants_version_check", "update grants set version = 0 where id = '@1'"),
    (
        "grant_years_year_check",
        "insert into grant_years (grant_id, year, state, conditional) values ('@1', 2101, 'planned', true)",
    ),
    (
        "grant_years_amounts_check",
        "update grant_years set planned_ore = -1 where grant_id = '@1' and year = 2020",
    ),
    (
        "grant_years_state_check",
        "update grant_years set state = 'hoped', conditional = true where grant_id = '@1' and year = 2020",
    ),
    (
        "grant_years_planned_check",
        "update grant_years set planned_run_id = null where grant_id = '@1' and year = 2020",
    ),
    (
        "grant_years_promised_check",
        "update grant_years set state = 'planned', conditional = true where grant_id = '@1' and year = 2020",
    ),
    (
        "grant_years_promised_check",
        "update grant_years set state = 'pre_notified' where grant_id = '@2' and year = 2020",
    ),
    (
        "grant_years_certainty_check",
        "update grant_years set conditional = true where grant_id = '@1' and year = 2020",
    ),
    (
        "grant_years_certainty_check",
        "update grant_years set conditional = false where grant_id = '@1' and year = 2021",
    ),
    (
        "grant_renewals_basis_check",
        "insert into grant_renewals (id, grant_id, year, outcome, reason, decision_id, recorded_by, recorded_at) \
         values ('@9', '@1', 2021, 'renewed', 'grunn', '@1', '@1', '2020-06-01T10:00:00.000000Z')",
    ),
    (
        "grant_years_judgement_check",
        "update grant_years set judgement = 'paused' where grant_id = '@1' and year = 2021",
    ),
    ("grants_stopped_from_check", "update grants set stopped_from = 21 where id = '@1'"),
    (
        "grant_renewals_outcome_check",
        "insert into grant_renewals (id, grant_id, year, outcome, reason, recorded_by, recorded_at) \
         values ('@9', '@1', 2021, 'paused', 'grunn', '@1', '2020-06-01T10:00:00.000000Z')",
    ),
    (
        "grant_payments_sequence_check",
        "insert into grant_payments (id, grant_id, year, sequence, amount_ore, paid_on, recorded_by, recorded_at) \
         values ('@9', '@1', 2020, 0, 1, '2020-06-01', '@1', '2020-06-01T10:00:00.000000Z')",
    ),
    (
        "grant_payments_amount_check",
        "insert into grant_payments (id, grant_id, year, sequence, amount_ore, paid_on, recorded_by, recorded_at) \
         values ('@9', '@1', 2020, 2, 0, '2020-06-01', '@1', '2020-06-01T10:00:00.000000Z')",
    ),
    (
        "impact_reports_state_check",
        "insert into impact_reports (id, office_id, scheme_id, run_id, moves, state, created_at, version) \
         values ('@9', '@1', '@1', '@3', '[]', 'lost', '2020-06-01T10:00:00.000000Z', 1)",
    ),
    (
        "impact_reports_acceptance_check",
        "insert into impact_reports (id, office_id, scheme_id, run_id, moves, state, created_at, version) \
         values ('@9', '@1', '@1', '@3', '[]', 'accepted', '2020-06-01T10:00:00.000000Z', 1)",
    ),
    ("impact_reports_version_check", "update impact_reports set version = 0 where id = '@2'"),
    ("scenarios_version_check", "update scenarios set version = 0 where id = '@1'"),
    ("headcounts_register_check", "update headcounts set register = 'gsi' where id = '@1'"),
    ("units_unit_kind_check", "update units set unit_kind = 'university' where id = '@1'"),
    ("units_ownership_check", "update units set ownership = 'shared' where id = '@1'"),
    ("units_version_check", "update units set version = 0 where id = '@1'"),
    (
        "changes_register_check",
        "insert into changes (id, register, unit_number, organisation_id, kind, effective_on, since, related, fetch_id, state, touches, \
         created_at, version) \
         values ('@9', 'gsi', '974109', '@1', 'new', '2020-12-15', '2020-06-01T10:00:00.000000Z', '[]', '@9', 'open', '{}', \
         '2020-06-01T10:00:00.000000Z', 1)",
    ),
    (
        "changes_kind_check",
        "insert into changes (id, register, unit_number, organisation_id, kind, effective_on, since, related, fetch_id, state, touches, \
         created_at, version) \
         values ('@9', 'nbr', '974109', '@1', 'lost', '2020-12-15', '2020-06-01T10:00:00.000000Z', '[]', '@9', 'open', '{}', \
         '2020-06-01T10:00:00.000000Z', 1)",
    ),
    (
        "changes_state_check",
        "insert into changes (id, register, unit_number, organisation_id, kind, effective_on, since, related, fetch_id, state, touches, \
         created_at, version) \
         values ('@9', 'nbr', '974109', '@1', 'new', '2020-12-15', '2020-06-01T10:00:00.000000Z', '[]', '@9', 'lost', '{}', \
         '2020-06-01T10:00:00.000000Z', 1)",
    ),
    (
        "changes_decided_check",
        "insert into changes (id, register, unit_number, organisation_id, kind, effective_on, since, related, fetch_id, state, touches, \
         created_at, version) \
         values ('@9', 'nbr', '974109', '@1', 'new', '2020-12-15', '2020-06-01T10:00:00.000000Z', '[]', '@9', 'accepted', '{}', \
         '2020-06-01T10:00:00.000000Z', 1)",
    ),
    ("changes_held_check", "update changes set reason = null where id = '@2'"),
    ("changes_version_check", "update changes set version = 0 where id = '@1'"),
    ("letters_state_check", "update letters set state = 'lost' where id = '@2'"),
    ("letters_approval_check", "update letters set state = 'approved' where id = '@2'"),
    (
        "letters_two_persons_check",
        "update letters set state = 'approved', approved_by = '@1', approved_at = '2020-06-01T10:00:00.000000Z' \
         where id = '@2'",
    ),
    (
        "letters_dispatch_check",
        "update letters set dispatched_at = '2020-06-01T10:00:00.000000Z' where id = '@2'",
    ),
    ("letters_version_check", "update letters set version = 0 where id = '@2'"),
    ("letter_renditions_letter_version_check", "update letter_renditions set letter_version = 0"),
    ("letter_renditions_sha256_check", "update letter_renditions set sha256 = 'abc'"),
];

/// What breaks each unique constraint but the primary keys of one id.
const UNIQUES: &[(&str, &str)] = &[
    ("organisations_number_key", "update organisations set number = '964965137' where id = '@2'"),
    ("offices_key_key", "update offices set key = 'RO' where id = '@2'"),
    (
        "reference_counters_office_key_year_key",
        "insert into reference_counters (office_key, year, last_number) values ('RO', 2020, 7)",
    ),
    ("access_tokens_hash_key", "update access_tokens set hash = (select max(hash) from access_tokens)"),
    ("schemes_key_key", "update schemes set key = 'same'"),
    (
        "funding_models_scheme_id_key_model_version_key",
        "update funding_models set model_version = 7, document = '{\"key\":\"model\",\"version\":7,\"validFromYear\":2020,\"validToYear\":2025}'",
    ),
    ("frames_office_id_scheme_id_year_key", "update frames set year = 2022"),
    ("applications_reference_key", "update applications set reference = 'RO-2020-0009'"),
    (
        "application_parties_application_id_organisation_id_key",
        "update application_parties set organisation_id = '@1' where id = '@11'",
    ),
    (
        "application_parties_application_id_position_key",
        "update application_parties set position = 2 where id = '@11'",
    ),
    ("recusals_person_id_application_id_key", "update recusals set application_id = '@1'"),
    (
        "votes_ballot_id_seat_id_key",
        "insert into votes (ballot_id, seat_id, revision, person_id, content, recused_on, cast_at, superseded) \
         values ('@1', '@1', 3, '@1', '{}', '[]', '2020-06-01T10:00:00.000000Z', false)",
    ),
    (
        "votes_ballot_id_seat_id_revision_key",
        "insert into votes (ballot_id, seat_id, revision, person_id, content, recused_on, cast_at, superseded) \
         values ('@1', '@1', 2, '@1', '{}', '[]', '2020-06-01T10:00:00.000000Z', true)",
    ),
    (
        "minutes_meeting_id_number_key",
        "insert into minutes (meeting_id, number, content, approved_by, approved_at) \
         values ('@1', 1, '{}', '@1', '2020-06-01T10:00:00.000000Z')",
    ),
    (
        "notifications_person_id_kind_ballot_id_seat_id_key",
        "insert into notifications (id, person_id, kind, ballot_id, seat_id, text, created_at, version) \
         values ('@2', '@1', 'ballot_reminder', '@1', '@1', '{}', '2020-06-01T10:00:00.000000Z', 1)",
    ),
    (
        "recommendations_round_id_forum_id_number_key",
        "update recommendations set forum_id = '@1' where id = '@2'",
    ),
    (
        "recommendations_scheme_id_year_forum_id_number_key",
        "update recommendations set year = 2021 where id = '@8'",
    ),
    ("decisions_reference_key", "update decisions set reference = 'RO-2020-0101' where id = '@3'"),
    ("grants_reference_key", "update grants set reference = 'RO-2020-0201' where id = '@2'"),
    ("grants_application_id_key", "update grants set application_id = '@1' where id = '@2'"),
    (
        "grant_years_grant_id_year_key",
        "insert into grant_years (grant_id, year, state, conditional) values ('@1', 2020, 'planned', true)",
    ),
    (
        "grant_payments_grant_id_year_sequence_key",
        "insert into grant_payments (id, grant_id, year, sequence, amount_ore, paid_on, recorded_by, recorded_at) \
         values ('@9', '@1', 2020, 1, 1, '2020-06-01', '@1', '2020-06-01T10:00:00.000000Z')",
    ),
    (
        "impact_reports_run_id_key",
        "insert into impact_reports (id, office_id, scheme_id, run_id, moves, state, created_at, version) \
         values ('@9', '@1', '@1', '@2', '[]', 'informative', '2020-06-01T10:00:00.000000Z', 1)",
    ),
    (
        "impact_reports_office_id_scheme_id_key",
        "insert into impact_reports (id, office_id, scheme_id, run_id, moves, state, created_at, version) \
         values ('@9', '@1', '@1', '@3', '[]', 'open', '2020-06-01T10:00:00.000000Z', 1)",
    ),
    (
        "appeals_reference_key",
        "insert into appeals (id, reference, office_id, decision_id, application_id, organisation_id, grounds, channel, \
         received_on, registered_at, registered_by, late, without_right, state, rulings, version) \
         values ('@9', 'RO-2020-0401', '@1', '@2', '@1', '@1', 'grunn', 'electronic', '2020-06-10', '2020-06-01T10:00:00.000000Z', \
         '@1', false, false, 'received', '[]', 1)",
    ),
    (
        "appeals_decision_id_application_id_key",
        "insert into appeals (id, reference, office_id, decision_id, application_id, organisation_id, grounds, channel, \
         received_on, registered_at, registered_by, late, without_right, state, rulings, version) \
         values ('@9', 'RO-2020-0999', '@1', '@1', '@1', '@1', 'grunn', 'electronic', '2020-06-10', '2020-06-01T10:00:00.000000Z', \
         '@1', false, false, 'received', '[]', 1)",
    ),
    ("units_number_key", "update units set number = '974101' where id = '@2'"),
    (
        "organisation_versions_organisation_id_since_key",
        "insert into organisation_versions (organisation_id, since, content) \
         select organisation_id, since, content from organisation_versions",
    ),
    (
        "change_offices_change_id_office_id_key",
        "insert into change_offices (change_id, office_id) values ('@2', '@1')",
    ),
    ("letters_reference_key", "update letters set reference = 'RO-2020-0301' where id = '@2'"),
    (
        "letter_renditions_letter_id_format_key",
        "insert into letter_renditions (letter_id, format, letter_version, sha256, body) \
         select letter_id, format, letter_version, sha256, body from letter_renditions",
    ),
];

/// Changes beside the broken ones that the constraints must let pass.
const SOUND: &[&str] = &[
    "update frames set committed_ore = 50000, places_used = 2 where id = '@1'",
    "update frames set amount_ore = 0, places = 0 where id = '@2'",
    "update seats set organisation_kind = 'county_governor', vote_right = 'observer' where id = '@1'",
    "update rounds set state = 'cancelled', cancellation_reason = 'none' where id = '@1'",
    "update decisions set state = 'approved', approved_by = '@2', approved_at = '2020-06-01T10:00:00.000000Z' where id = '@3'",
    "update grant_years set planned_ore = 0, planned_run_id = '@1' where grant_id = '@2' and year = 2020",
    "insert into votes (ballot_id, seat_id, revision, person_id, content, recused_on, cast_at, superseded) \
     values ('@1', '@2', 1, '@2', '{}', '[]', '2020-06-01T10:00:00.000000Z', false)",
];

/// Runs a statement in a transaction of its own.
pub(super) fn execute(store: &Store, sql: &str) -> Result<(), StorageError> {
    let mut statement = sql.to_owned();
    for n in (1..=11).rev() {
        statement = statement.replace(&format!("@{n}"), &id(n).to_string());
    }
    try_write(store, |db| Ok(db.batch_execute(&statement)?))
}

/// These and those of the tables of registers.
fn with(
    list: &[(&'static str, &str)],
    registers: Vec<(&'static str, String)>,
) -> Vec<(&'static str, String)> {
    list.iter().map(|(name, sql)| (*name, (*sql).to_owned())).chain(registers).collect()
}

both_backends! {
    fn every_check_holds(store: TestStore) {
        play(&store);
        for (name, sql) in with(CHECKS, register_constraints::checks()) {
            let error = execute(&store, &sql).expect_err(&sql);
            assert!(error.is_check_violation(name), "{sql}: {error}");
        }
    }

    fn every_unique_constraint_holds(store: TestStore) {
        play(&store);
        for (name, sql) in with(UNIQUES, register_constraints::uniques()) {
            let error = execute(&store, &sql).expect_err(&sql);
            assert!(error.is_unique_violation(name), "{sql}: {error}");
        }
    }

    fn sound_changes_pass(store: TestStore) {
        play(&store);
        for sql in SOUND {
            execute(&store, sql).expect(sql);
        }
    }
}

#[test]
fn no_constraint_is_left_out_of_these_lists() {
    let store = TestStore::open(Backend::Postgres).unwrap();
    let provoked = |list: Vec<(&'static str, String)>| {
        list.into_iter().map(|(name, _)| name.to_owned()).collect::<BTreeSet<_>>()
    };
    assert_eq!(names(&store, "conname", "c"), provoked(with(CHECKS, register_constraints::checks())));
    let composite: BTreeSet<String> = names(&store, "conname", "u', 'p")
        .into_iter()
        .filter(|name| !name.ends_with("s_id_key"))
        .chain(
            [
                "votes_ballot_id_seat_id_key",
                "impact_reports_office_id_scheme_id_key",
                "appeals_decision_id_application_id_key",
            ]
            .map(str::to_owned),
        )
        .collect();
    assert_eq!(composite, provoked(with(UNIQUES, register_constraints::uniques())));
}
