-- What a register said stands, and so does a change that was decided. One thing may change: the name of a unit that was removed for legal
-- reasons gives way to its number.
drop trigger changes_fixed_update on changes;

create trigger changes_fixed_update before update on changes for each row
    when ((old.state in ('applied', 'accepted', 'superseded') and new.state is distinct from old.state)
        or (new.id, new.register, new.unit_number, new.organisation_id, new.to_organisation_id, new.kind, new.effective_on,
            new.since, new.related, new.fetch_id, new.created_at)
        is distinct from (old.id, old.register, old.unit_number, old.organisation_id, old.to_organisation_id, old.kind,
            old.effective_on, old.since, old.related, old.fetch_id, old.created_at)
        or (new.before is distinct from old.before
            and new.before is distinct from jsonb_set(old.before, '{name}', to_jsonb(old.unit_number), false))
        or (new.after is distinct from old.after
            and new.after is distinct from jsonb_set(old.after, '{name}', to_jsonb(old.unit_number), false)))
    execute function refuse_change('changes_fixed');
