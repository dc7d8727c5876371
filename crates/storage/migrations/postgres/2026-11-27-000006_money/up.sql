-- A funding model is one document; beside it stand only the columns that keys and checks need.
alter table funding_models add column document jsonb;

update funding_models set document = jsonb_build_object(
    'key', key,
    'version', model_version,
    'validFromYear', valid_from_year,
    'validToYear', valid_to_year,
    'legalBasis', legal_basis,
    'withheldAssumed', (withheld_assumed_milli / 1000)::text || '.' || lpad((withheld_assumed_milli % 1000)::text, 3, '0'),
    'components', jsonb_build_array(jsonb_build_object(
        'kind', 'base', 'id', 'base', 'per', 'project',
        'amount', (base_ore / 100)::text || '.' || lpad((base_ore % 100)::text, 2, '0')
    )) || case when jsonb_array_length(counted) = 0 then '[]'::jsonb else
        jsonb_build_array(jsonb_build_object(
            'kind', 'per_head', 'id', 'per-head',
            'rates', jsonb_build_array(jsonb_build_object(
                'rate', (rate_ore / 100)::text || '.' || lpad((rate_ore % 100)::text, 2, '0')
            )),
            'count', (select jsonb_agg(
                jsonb_build_object('unitKind', pair.value -> 0, 'measure', pair.value -> 1) order by pair.place
            ) from jsonb_array_elements(counted) with ordinality pair (value, place))
        ))
    end
);

-- contract: nothing is released that writes without a document
alter table funding_models alter column document set not null;

-- contract: nothing is released that reads the old columns, which hold one kind of model only
alter table funding_models
    drop column legal_basis, drop column base_ore, drop column rate_ore, drop column counted,
    drop column withheld_assumed_milli;

-- What is beside the document says what the document says.
alter table funding_models add constraint funding_models_columns_check check (
    (document ->> 'key' = key) is true
    and (document -> 'version' = to_jsonb(model_version)) is true
    and (document -> 'validFromYear' = to_jsonb(valid_from_year)) is true
    and (document -> 'validToYear' = to_jsonb(valid_to_year)) is true
) not valid;

alter table funding_models validate constraint funding_models_columns_check;

-- Who owns the units where the counted people are; null where the source counts all of them together.
alter table headcounts add column ownership text
    constraint headcounts_ownership_check check (ownership in ('private', 'public'));

-- Empty for runs of before 0.1.0, whose form nothing reads any more. They stay, as grants name them, and are not shown.
alter table runs add column result_hash text not null default ''
    constraint runs_result_hash_check check (length(result_hash) in (0, 64));

create table grant_renewals (
    id uuid not null,
    grant_id uuid not null,
    year bigint not null,
    outcome text not null,
    reason text not null,
    recorded_by uuid not null,
    recorded_at timestamptz not null,
    constraint grant_renewals_id_key primary key (id),
    constraint grant_renewals_grant_id_fkey foreign key (grant_id) references grants (id),
    constraint grant_renewals_recorded_by_fkey foreign key (recorded_by) references persons (id),
    constraint grant_renewals_outcome_check check (outcome in ('renewed', 'stopped'))
);

create index grant_renewals_grant_idx on grant_renewals (grant_id, id);

create table grant_payments (
    id uuid not null,
    grant_id uuid not null,
    year bigint not null,
    sequence bigint not null,
    amount_ore bigint not null,
    paid_on date not null,
    recorded_by uuid not null,
    recorded_at timestamptz not null,
    constraint grant_payments_id_key primary key (id),
    constraint grant_payments_grant_id_year_sequence_key unique (grant_id, year, sequence),
    constraint grant_payments_grant_id_fkey foreign key (grant_id) references grants (id),
    constraint grant_payments_recorded_by_fkey foreign key (recorded_by) references persons (id),
    constraint grant_payments_sequence_check check (sequence >= 1),
    constraint grant_payments_amount_check check (amount_ore > 0)
);

create index grant_payments_grant_idx on grant_payments (grant_id, id);

create table impact_reports (
    id uuid not null,
    office_id uuid not null,
    scheme_id uuid not null,
    run_id uuid not null,
    previous_run_id uuid,
    moves jsonb not null,
    state text not null,
    created_at timestamptz not null,
    accepted_by uuid,
    accepted_at timestamptz,
    version bigint not null,
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
);

create index impact_reports_plan_idx on impact_reports (office_id, scheme_id, id);
create index impact_reports_scheme_idx on impact_reports (scheme_id, id);

-- What would move is said in one place: a newer report takes the place of an open one.
create unique index impact_reports_office_id_scheme_id_key on impact_reports (office_id, scheme_id)
    where state = 'open';

create table scenarios (
    id uuid not null,
    office_id uuid not null,
    scheme_id uuid not null,
    name text not null,
    changes jsonb not null,
    created_by uuid not null,
    created_at timestamptz not null,
    outcome jsonb,
    version bigint not null,
    constraint scenarios_id_key primary key (id),
    constraint scenarios_office_id_fkey foreign key (office_id) references offices (id),
    constraint scenarios_scheme_id_fkey foreign key (scheme_id) references schemes (id),
    constraint scenarios_created_by_fkey foreign key (created_by) references persons (id),
    constraint scenarios_version_check check (version >= 1)
);

create index scenarios_office_idx on scenarios (office_id, id);
create index scenarios_scheme_idx on scenarios (scheme_id, id);

-- The report by which a promise was moved last, if not by a decision.
alter table grant_years add column impact_report_id uuid
    constraint grant_years_impact_report_id_fkey references impact_reports (id);

create trigger grant_renewals_fixed_update before update on grant_renewals for each row
    execute function refuse_change('grant_renewals_fixed');

create trigger grant_renewals_fixed_delete before delete on grant_renewals for each row
    execute function refuse_change('grant_renewals_fixed');

-- Money that has left the office stays in the books.
create trigger grant_payments_fixed_update before update on grant_payments for each row
    execute function refuse_change('grant_payments_fixed');

create trigger grant_payments_fixed_delete before delete on grant_payments for each row
    execute function refuse_change('grant_payments_fixed');

-- Only what is decided is paid, and never more than that. The lock lets one payment of a year in at a time.
create function grant_payments_refuse_beyond_decided() returns trigger language plpgsql as $$
declare
    decided bigint;
begin
    select promised_ore into decided from grant_years
        where grant_id = new.grant_id and year = new.year and state = 'decided' for update;
    if decided is null or decided < new.amount_ore + (select coalesce(sum(amount_ore), 0) from grant_payments
        where grant_id = new.grant_id and year = new.year) then
        raise exception 'more is paid than is decided'
            using errcode = 'check_violation', constraint = 'grant_payments_within_decided', table = 'grant_payments';
    end if;
    return new;
end
$$;

create trigger grant_payments_within_decided_insert before insert on grant_payments
    for each row execute function grant_payments_refuse_beyond_decided();

-- What a report says stands; only an open one is still accepted or superseded.
create trigger impact_reports_fixed_update before update on impact_reports for each row
    when (old.state <> 'open'
        or (new.id, new.office_id, new.scheme_id, new.run_id, new.previous_run_id, new.moves, new.created_at)
        is distinct from
        (old.id, old.office_id, old.scheme_id, old.run_id, old.previous_run_id, old.moves, old.created_at))
    execute function refuse_change('impact_reports_fixed');

create trigger impact_reports_fixed_delete before delete on impact_reports for each row
    execute function refuse_change('impact_reports_fixed');

-- A promise changes only by another decision (rule 8), or, while it is pre-notified, to the run of an accepted report.
drop trigger grant_years_promise_by_decision_update on grant_years;

create function grant_years_refuse_without_decision() returns trigger language plpgsql as $$
begin
    if old.state = 'pre_notified' and new.state = 'pre_notified' and (new.grant_id, new.year) = (old.grant_id, old.year) then
        perform 1 from impact_reports
            where id = new.impact_report_id and state = 'accepted' and run_id = new.promised_run_id;
        if found then
            return new;
        end if;
    end if;
    raise exception 'a promise changes by a decision'
        using errcode = 'check_violation', constraint = 'grant_years_promise_by_decision', table = 'grant_years';
end
$$;

create trigger grant_years_promise_by_decision_update before update on grant_years for each row
    when ((new.grant_id, new.year) is distinct from (old.grant_id, old.year)
        or ((new.promised_ore, new.promised_run_id) is distinct from (old.promised_ore, old.promised_run_id)
        and (new.decision_id is null or new.decision_id is not distinct from old.decision_id)))
    execute function grant_years_refuse_without_decision();
