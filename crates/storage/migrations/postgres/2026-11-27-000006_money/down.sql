drop trigger grant_years_promise_by_decision_update on grant_years;

drop function grant_years_refuse_without_decision();

alter table grant_years drop column impact_report_id;

create trigger grant_years_promise_by_decision_update before update on grant_years for each row
    when ((new.grant_id, new.year) is distinct from (old.grant_id, old.year)
        or ((new.promised_ore, new.promised_run_id) is distinct from (old.promised_ore, old.promised_run_id)
        and (new.decision_id is null or new.decision_id is not distinct from old.decision_id)))
    execute function refuse_change('grant_years_promise_by_decision');

drop table scenarios;
drop table impact_reports;
drop table grant_payments;
drop function grant_payments_refuse_beyond_decided();
drop table grant_renewals;

alter table runs drop column result_hash;

alter table headcounts drop column ownership;

-- Only the first base and the first rate have a place in the old columns.
alter table funding_models
    add column legal_basis text, add column base_ore bigint, add column rate_ore bigint, add column counted jsonb,
    add column withheld_assumed_milli bigint;

update funding_models set
    legal_basis = document ->> 'legalBasis',
    base_ore = coalesce((select (replace(part ->> 'amount', '.', ''))::bigint
        from jsonb_array_elements(document -> 'components') part where part ->> 'kind' = 'base' limit 1), 0),
    rate_ore = coalesce((select (replace(part #>> '{rates,0,rate}', '.', ''))::bigint
        from jsonb_array_elements(document -> 'components') part where part ->> 'kind' = 'per_head' limit 1), 0),
    counted = coalesce((select (select jsonb_agg(jsonb_build_array(filter -> 'unitKind', filter -> 'measure'))
            from jsonb_array_elements(part -> 'count') filter)
        from jsonb_array_elements(document -> 'components') part where part ->> 'kind' = 'per_head' limit 1), '[]'),
    withheld_assumed_milli = ((document ->> 'withheldAssumed')::numeric * 1000)::bigint;

alter table funding_models drop constraint funding_models_columns_check;

alter table funding_models
    alter column legal_basis set not null, alter column base_ore set not null, alter column rate_ore set not null,
    alter column counted set not null, alter column withheld_assumed_milli set not null;

alter table funding_models
    add constraint funding_models_amounts_check check (base_ore >= 0 and rate_ore >= 0),
    add constraint funding_models_withheld_assumed_check check (withheld_assumed_milli between 1000 and 4000);

alter table funding_models drop column document;
