drop trigger grant_years_promise_by_decision_update;

alter table grant_years drop column impact_report_id;

create trigger grant_years_promise_by_decision_update before update on grant_years for each row
    when ((new.grant_id, new.year) is not (old.grant_id, old.year)
        or ((new.promised_ore, new.promised_run_id) is not (old.promised_ore, old.promised_run_id)
        and (new.decision_id is null or new.decision_id is old.decision_id)))
begin
    select raise(abort, 'CHECK constraint failed: grant_years_promise_by_decision');
end;

drop table scenarios;
drop table impact_reports;
drop table grant_payments;
drop table grant_renewals;

alter table runs drop column result_hash;

alter table headcounts drop column ownership;

-- Only the first base and the first rate have a place in the old columns.
create table funding_model_columns (
    id text not null,
    scheme_id text not null,
    key text not null,
    model_version integer not null,
    valid_from_year integer not null,
    valid_to_year integer not null,
    legal_basis text not null,
    base_ore integer not null,
    rate_ore integer not null,
    counted text not null constraint funding_models_counted_check check (json_valid(counted)),
    withheld_assumed_milli integer not null,
    version integer not null,
    constraint funding_models_id_key primary key (id),
    constraint funding_models_scheme_id_key_model_version_key unique (scheme_id, key, model_version),
    constraint funding_models_scheme_id_fkey foreign key (scheme_id) references schemes (id),
    constraint funding_models_model_version_check check (model_version >= 1),
    constraint funding_models_years_check check (
        valid_from_year >= 1990 and valid_to_year >= valid_from_year and valid_to_year <= 2100
    ),
    constraint funding_models_amounts_check check (base_ore >= 0 and rate_ore >= 0),
    constraint funding_models_withheld_assumed_check check (withheld_assumed_milli between 1000 and 4000),
    constraint funding_models_version_check check (version >= 1)
) strict;

insert into funding_model_columns
select id, scheme_id, key, model_version, valid_from_year, valid_to_year,
    json_extract(document, '$.legalBasis'),
    coalesce((select cast(replace(json_extract(part.value, '$.amount'), '.', '') as integer)
        from json_each(document, '$.components') part where json_extract(part.value, '$.kind') = 'base' limit 1), 0),
    coalesce((select cast(replace(json_extract(part.value, '$.rates[0].rate'), '.', '') as integer)
        from json_each(document, '$.components') part where json_extract(part.value, '$.kind') = 'per_head' limit 1), 0),
    coalesce((select (select json_group_array(json_array(
            json_extract(filter.value, '$.unitKind'), json_extract(filter.value, '$.measure')
        )) from json_each(part.value, '$.count') filter)
        from json_each(document, '$.components') part where json_extract(part.value, '$.kind') = 'per_head' limit 1), '[]'),
    cast(round(json_extract(document, '$.withheldAssumed') * 1000) as integer),
    version
from funding_models;

drop table funding_models;

alter table funding_model_columns rename to funding_models;
