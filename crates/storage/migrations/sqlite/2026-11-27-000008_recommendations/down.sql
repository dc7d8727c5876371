drop trigger decisions_approved_fixed_delete;

-- contract: these columns came with this migration.
alter table grants drop column stopped_from;
alter table grant_years drop column judgement;
alter table grant_renewals drop column recommendation_id;
alter table grant_renewals drop column decision_id;
alter table grant_renewals drop column conditions;

drop trigger decisions_approved_fixed_update;
delete from decisions where kind = 'renewals';
alter table decisions drop column year;
alter table decisions drop column scheme_id;

pragma writable_schema = on;
update sqlite_schema set sql = replace(sql, 'kind in (''award'', ''amounts'', ''renewals'')', 'kind in (''award'', ''amounts'')') where type = 'table' and name = 'decisions';
pragma writable_schema = reset;

create trigger decisions_approved_fixed_update before update on decisions for each row
    when (old.state in ('approved', 'notified') and (new.state not in (old.state, 'notified')
        or (new.reference, new.office_id, new.kind, new.round_id, new.run_id,
            new.lines, new.prepared_by, new.approved_by, new.approved_at)
        is not (old.reference, old.office_id, old.kind, old.round_id, old.run_id,
            old.lines, old.prepared_by, old.approved_by, old.approved_at)))
begin
    select raise(abort, 'CHECK constraint failed: decisions_approved_fixed');
end;

create trigger decisions_approved_fixed_delete before delete on decisions for each row
    when (old.state in ('approved', 'notified'))
begin
    select raise(abort, 'CHECK constraint failed: decisions_approved_fixed');
end;

-- Of the versions of a recommendation the one that is not superseded has a place in the old table; renewals have none.
create table recommendation_rounds (
    id text not null,
    round_id text not null,
    forum_id text not null,
    meeting_id text not null,
    ballot_id text,
    lines text not null constraint recommendations_lines_check check (json_valid(lines)),
    dissent text not null constraint recommendations_dissent_check check (json_valid(dissent)),
    state text not null,
    adopted_by text,
    adopted_at text,
    version integer not null,
    constraint recommendations_id_key primary key (id),
    constraint recommendations_round_id_forum_id_key unique (round_id, forum_id),
    constraint recommendations_round_id_fkey foreign key (round_id) references rounds (id),
    constraint recommendations_forum_id_fkey foreign key (forum_id) references forums (id),
    constraint recommendations_meeting_id_fkey foreign key (meeting_id) references meetings (id),
    constraint recommendations_ballot_id_fkey foreign key (ballot_id) references ballots (id),
    constraint recommendations_adopted_by_fkey foreign key (adopted_by) references persons (id),
    constraint recommendations_state_check check (state in ('draft', 'adopted')),
    constraint recommendations_adoption_check check (
        (state = 'adopted') = (adopted_at is not null) and (state = 'adopted' or adopted_by is null)
    ),
    constraint recommendations_version_check check (version >= 1)
) strict;

insert into recommendation_rounds (
    id, round_id, forum_id, meeting_id, ballot_id, lines, dissent, state, adopted_by, adopted_at, version
)
select id, round_id, forum_id, meeting_id, ballot_id, lines, dissent,
    case when state = 'draft' then state else 'adopted' end, adopted_by, adopted_at, version
from recommendations found
where round_id is not null and not exists (
    select 1 from recommendations later
    where later.round_id = found.round_id and later.forum_id = found.forum_id and later.number > found.number
);

drop table recommendations;
alter table recommendation_rounds rename to recommendations;
create index recommendations_forum_idx on recommendations (forum_id, id);

create trigger recommendations_adopted_fixed_update before update on recommendations for each row
    when (old.state = 'adopted')
begin
    select raise(abort, 'CHECK constraint failed: recommendations_adopted_fixed');
end;

create trigger recommendations_adopted_fixed_delete before delete on recommendations for each row
    when (old.state = 'adopted')
begin
    select raise(abort, 'CHECK constraint failed: recommendations_adopted_fixed');
end;

alter table rounds drop column criteria;
