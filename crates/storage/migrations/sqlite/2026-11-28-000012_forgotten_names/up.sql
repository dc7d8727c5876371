-- What a register said stands, and so does a change that was decided. One thing may change: the name of a unit that was removed for legal
-- reasons gives way to its number.
drop trigger changes_fixed_update;

create trigger changes_fixed_update before update on changes for each row
    when ((old.state in ('applied', 'accepted', 'superseded') and new.state is not old.state)
        or (new.id, new.register, new.unit_number, new.organisation_id, new.to_organisation_id, new.kind, new.effective_on,
            new.since, new.related, new.fetch_id, new.created_at)
        is not (old.id, old.register, old.unit_number, old.organisation_id, old.to_organisation_id, old.kind,
            old.effective_on, old.since, old.related, old.fetch_id, old.created_at)
        or (new.before is not old.before
            and json(new.before) is not json_replace(old.before, '$.name', old.unit_number))
        or (new.after is not old.after
            and json(new.after) is not json_replace(old.after, '$.name', old.unit_number)))
begin
    select raise(abort, 'CHECK constraint failed: changes_fixed');
end;
