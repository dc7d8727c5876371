drop trigger changes_fixed_update;

create trigger changes_fixed_update before update on changes for each row
    when ((old.state in ('applied', 'accepted', 'superseded') and new.state is not old.state)
        or (new.id, new.register, new.unit_number, new.organisation_id, new.to_organisation_id, new.kind, new.effective_on,
            new.since, new.before, new.after, new.related, new.fetch_id, new.created_at)
        is not (old.id, old.register, old.unit_number, old.organisation_id, old.to_organisation_id, old.kind,
            old.effective_on, old.since, old.before, old.after, old.related, old.fetch_id, old.created_at))
begin
    select raise(abort, 'CHECK constraint failed: changes_fixed');
end;
