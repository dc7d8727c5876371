-- A funding model is one document; beside it stand only the columns that keys and checks need. SQLite drops no column that
-- a check speaks of, so the table is made anew.
create table funding_model_documents (
    id text not null,
    scheme_id text not null,
    key text not null,
    model_version integer not null,
    valid_from_year integer not null,
    valid_to_year integer not null,
    document text not null constraint funding_models_document_check check (json_valid(document)),
    version integer not null,
    constraint funding_models_id_key primary key (id),
    constraint funding_models_scheme_id_key_model_version_key unique (scheme_id, key, model_version),
    constraint funding_models_scheme_id_fkey foreign key (scheme_id) references schemes (id),
    constraint funding_models_model_version_check check (model_version >= 1),
    constraint funding_models_years_check check (
        valid_from_year >= 1990 and valid_to_year >= valid_from_year and valid_to_year <= 2100
    ),
    -- What is beside the document says what the document says.
    constraint funding_models_columns_check check (
        (json_extract(document, '$.key') = key) is true
        and (json_extract(document, '$.version') = model_version) is true
        and (json_extract(document, '$.validFromYear') = valid_from_year) is true
        and (json_extract(document, '$.validToYear') = valid_to_year) is true
    ),
    constraint funding_models_version_check check (version >= 1)
) strict;

insert into funding_model_documents (
    id, scheme_id, key, model_version, valid_from_year, valid_to_year, document, version
)
select id, scheme_id, key, model_version, valid_from_year, valid_to_year,
    json_object(
        'key', key,
        'version', model_version,
        'validFromYear', valid_from_year,
        'validToYear', valid_to_year,
        'legalBasis', legal_basis,
        'withheldAssumed', printf('%d.%03d', withheld_assumed_milli / 1000, withheld_assumed_milli % 1000),
        'components', json(case when json_array_length(counted) = 0 then
            json_array(json_object(
                'kind', 'base', 'id', 'base', 'per', 'project',
                'amount', printf('%d.%02d', base_ore / 100, base_ore % 100)
            ))
        else
            json_array(
                json_object(
                    'kind', 'base', 'id', 'base', 'per', 'project',
                    'amount', printf('%d.%02d', base_ore / 100, base_ore % 100)
                ),
                json_object(
                    'kind', 'per_head', 'id', 'per-head',
                    'rates', json_array(json_object('rate', printf('%d.%02d', rate_ore / 100, rate_ore % 100))),
                    'count', (select json_group_array(json_object(
                        'unitKind', json_extract(pair.value, '$[0]'), 'measure', json_extract(pair.value, '$[1]')
                    )) from json_each(counted) pair)
                )
            )
        end)
    ),
    version
from funding_models;

-- contract: nothing is released that reads the old columns, which hold one kind of model only
drop table funding_models;

alter table funding_model_documents rename to funding_models;

-- Who owns the units where the counted people are; null where the source counts all of them together.
alter table headcounts add column ownership text
    constraint headcounts_ownership_check check (ownership in ('private', 'public'));

-- Empty for runs of before 0.1.0, whose form nothing reads any more. They stay, as grants name them, and are not shown.
alter table runs add column result_hash text not null default ''
    constraint runs_result_hash_check check (length(result_hash) in (0, 64));

create table grant_renewals (
    id text not null,
    grant_id text not null,
    year integer not null,
    outcome text not null,
    reason text not null,
    recorded_by text not null,
    recorded_at text not null,
    constraint grant_renewals_id_key primary key (id),
    constraint grant_renewals_grant_id_fkey foreign key (grant_id) references grants (id),
    constraint grant_renewals_recorded_by_fkey foreign key (recorded_by) references persons (id),
    constraint grant_renewals_outcome_check check (outcome in ('renewed', 'stopped'))
) strict;

create index grant_renewals_grant_idx on grant_renewals (grant_id, id);

create table grant_payments (
    id text not null,
    grant_id text not null,
    year integer not null,
    sequence integer not null,
    amount_ore integer not null,
    paid_on text not null,
    recorded_by text not null,
    recorded_at text not null,
    constraint grant_payments_id_key primary key (id),
    constraint grant_payments_grant_id_year_sequence_key unique (grant_id, year, sequence),
    constraint grant_payments_grant_id_fkey foreign key (grant_id) references grants (id),
    constraint grant_payments_recorded_by_fkey foreign key (recorded_by) references persons (id),
    constraint grant_payments_sequence_check check (sequence >= 1),
    constraint grant_payments_amount_check check (amount_ore > 0)
) strict;

create index grant_payments_grant_idx on grant_payments (grant_id, id);

create table impact_reports (
    id text not null,
    office_id text not null,
    scheme_id text not null,
    run_id text not null,
    previous_run_id text,
    moves text not null constraint impact_reports_moves_check check (json_valid(moves)),
    state text not null,
    created_at text not null,
    accepted_by text,
    accepted_at text,
    version integer not null,
    constraint impact_reports_id_key primary key (id),
    constraint impact_reports_run_id_key unique (run_id),
    constraint impact_reports_office_id_fkey foreign key (office_id) references offices (id),
    constraint impact_reports_scheme_id_fkey foreign key (scheme_id) references schemes (id),
    constraint impact_reports_run_id_fkey foreign key (run_id) references runs (id),
    constraint impact_reports_previous_run_id_fkey foreign key (previous_run_id) references runs (id),
    constraint impact_reports_accepted_by_fkey foreign key (accepted_by) references persons (id),
    constraint impact_reports_state_check check (state in ('open', 'informative', 'accepted', 'superseded')),
    constraint impact_reports_acceptance_check check (
        (state = 'accepted') = (accepted_by is not null) and (accepted_by is not null) = (accepted_at is not null)
    ),
    constraint impact_reports_version_check check (version >= 1)
) strict;

create index impact_reports_plan_idx on impact_reports (office_id, scheme_id, id);
create index impact_reports_scheme_idx on impact_reports (scheme_id, id);

-- What would move is said in one place: a newer report takes the place of an open one.
create unique index impact_reports_office_id_scheme_id_key on impact_reports (office_id, scheme_id)
    where state = 'open';

create table scenarios (
    id text not null,
    office_id text not null,
    scheme_id text not null,
    name text not null,
    changes text not null constraint scenarios_changes_check check (json_valid(changes)),
    created_by text not null,
    created_at text not null,
    outcome text constraint scenarios_outcome_check check (json_valid(outcome)),
    version integer not null,
    constraint scenarios_id_key primary key (id),
    constraint scenarios_office_id_fkey foreign key (office_id) references offices (id),
    constraint scenarios_scheme_id_fkey foreign key (scheme_id) references schemes (id),
    constraint scenarios_created_by_fkey foreign key (created_by) references persons (id),
    constraint scenarios_version_check check (version >= 1)
) strict;

create index scenarios_office_idx on scenarios (office_id, id);
create index scenarios_scheme_idx on scenarios (scheme_id, id);

-- The report by which a promise was moved last, if not by a decision.
alter table grant_years add column impact_report_id text
    constraint grant_years_impact_report_id_fkey references impact_reports (id);

create trigger grant_renewals_fixed_update before update on grant_renewals for each row
begin
    select raise(abort, 'CHECK constraint failed: grant_renewals_fixed');
end;

create trigger grant_renewals_fixed_delete before delete on grant_renewals for each row
begin
    select raise(abort, 'CHECK constraint failed: grant_renewals_fixed');
end;

-- Money that has left the office stays in the books.
create trigger grant_payments_fixed_update before update on grant_payments for each row
begin
    select raise(abort, 'CHECK constraint failed: grant_payments_fixed');
end;

create trigger grant_payments_fixed_delete before delete on grant_payments for each row
begin
    select raise(abort, 'CHECK constraint failed: grant_payments_fixed');
end;

-- Only what is decided is paid, and never more than that.
create trigger grant_payments_within_decided_insert before insert on grant_payments for each row
    when (not exists (select 1 from grant_years
        where grant_id = new.grant_id and year = new.year and state = 'decided'
        and promised_ore >= new.amount_ore + (select coalesce(sum(paid.amount_ore), 0) from grant_payments paid
            where paid.grant_id = new.grant_id and paid.year = new.year)))
begin
    select raise(abort, 'CHECK constraint failed: grant_payments_within_decided');
end;

-- What a report says stands; only an open one is still accepted or superseded.
create trigger impact_reports_fixed_update before update on impact_reports for each row
    when (old.state <> 'open'
        or (new.id, new.office_id, new.scheme_id, new.run_id, new.previous_run_id, new.moves, new.created_at)
        is not (old.id, old.office_id, old.scheme_id, old.run_id, old.previous_run_id, old.moves, old.created_at))
begin
    select raise(abort, 'CHECK constraint failed: impact_reports_fixed');
end;

create trigger impact_reports_fixed_delete before delete on impact_reports for each row
begin
    select raise(abort, 'CHECK constraint failed: impact_reports_fixed');
end;

-- A promise changes only by another decision (rule 8), or, while it is pre-notified, to the run of an accepted report.
drop trigger grant_years_promise_by_decision_update;

create trigger grant_years_promise_by_decision_update before update on grant_years for each row
    when ((new.grant_id, new.year) is not (old.grant_id, old.year)
        or ((new.promised_ore, new.promised_run_id) is not (old.promised_ore, old.promised_run_id)
        and (new.decision_id is null or new.decision_id is old.decision_id)
        and not (old.state = 'pre_notified' and new.state = 'pre_notified'
            and exists (select 1 from impact_reports where id = new.impact_report_id
                and state = 'accepted' and run_id = new.promised_run_id))))
begin
    select raise(abort, 'CHECK constraint failed: grant_years_promise_by_decision');
end;
