-- What applications of a round are assessed by.
alter table rounds add column criteria text not null default '[]' constraint rounds_criteria_check check (json_valid(criteria));

-- A recommendation is on a round or on renewals, is adopted and then signed off, and is corrected by a new version. Its key changes, so the
-- table is made anew.
create table recommendation_versions (
    id text not null,
    round_id text,
    scheme_id text,
    year integer,
    forum_id text not null,
    meeting_id text not null,
    ballot_id text,
    lines text not null constraint recommendations_lines_check check (json_valid(lines)),
    renewals text not null constraint recommendations_renewals_check check (json_valid(renewals)),
    dissent text not null constraint recommendations_dissent_check check (json_valid(dissent)),
    state text not null,
    adopted_by text,
    adopted_at text,
    signed_by text,
    signed_at text,
    number integer not null,
    supersedes_id text,
    correction_reason text,
    version integer not null,
    constraint recommendations_id_key primary key (id),
    constraint recommendations_round_id_forum_id_number_key unique (round_id, forum_id, number),
    constraint recommendations_scheme_id_year_forum_id_number_key unique (scheme_id, year, forum_id, number),
    constraint recommendations_round_id_fkey foreign key (round_id) references rounds (id),
    constraint recommendations_scheme_id_fkey foreign key (scheme_id) references schemes (id),
    constraint recommendations_forum_id_fkey foreign key (forum_id) references forums (id),
    constraint recommendations_meeting_id_fkey foreign key (meeting_id) references meetings (id),
    constraint recommendations_ballot_id_fkey foreign key (ballot_id) references ballots (id),
    constraint recommendations_adopted_by_fkey foreign key (adopted_by) references persons (id),
    constraint recommendations_signed_by_fkey foreign key (signed_by) references persons (id),
    constraint recommendations_supersedes_id_fkey foreign key (supersedes_id) references recommendation_versions (id),
    constraint recommendations_state_check check (state in ('draft', 'adopted', 'signed_off', 'superseded')),
    constraint recommendations_subject_check check (
        (round_id is null) = (scheme_id is not null) and (scheme_id is null) = (year is null)
    ),
    constraint recommendations_adoption_check check (
        (state = 'draft') = (adopted_at is null) and (state <> 'draft' or adopted_by is null)
    ),
    constraint recommendations_signing_check check (
        (state in ('signed_off', 'superseded') or (signed_at is null and signed_by is null))
        and (state <> 'signed_off' or signed_at is not null)
    ),
    constraint recommendations_number_check check (
        number >= 1 and (number = 1) = (supersedes_id is null) and (supersedes_id is null) = (correction_reason is null)
    ),
    constraint recommendations_version_check check (version >= 1)
) strict;

-- Until now the chair adopted and signed off in one step.
insert into recommendation_versions (
    id, round_id, forum_id, meeting_id, ballot_id, lines, renewals, dissent, state, adopted_by, adopted_at,
    signed_by, signed_at, number, version
)
select id, round_id, forum_id, meeting_id, ballot_id, lines, '[]', dissent,
    case when state = 'adopted' then 'signed_off' else state end, adopted_by, adopted_at, adopted_by, adopted_at, 1, version
from recommendations;

-- contract: the key of the old table allows no corrections
drop table recommendations;

alter table recommendation_versions rename to recommendations;

create index recommendations_forum_idx on recommendations (forum_id, id);

-- What the forum adopted stands, but for dissent and the sign-off; what is signed off gives way to a later version only.
create trigger recommendations_adopted_fixed_update before update on recommendations for each row
    when (old.state <> 'draft' and (new.state = 'draft'
        or (new.id, new.round_id, new.scheme_id, new.year, new.forum_id, new.meeting_id, new.ballot_id, new.lines, new.renewals,
            new.adopted_by, new.adopted_at, new.number, new.supersedes_id, new.correction_reason)
        is not (old.id, old.round_id, old.scheme_id, old.year, old.forum_id, old.meeting_id, old.ballot_id, old.lines, old.renewals,
            old.adopted_by, old.adopted_at, old.number, old.supersedes_id, old.correction_reason)
        or (old.state = 'adopted' and new.state = 'superseded' and (new.dissent, new.signed_at) is not (old.dissent, old.signed_at))
        or (old.state = 'signed_off' and (new.state <> 'superseded'
            or (new.dissent, new.signed_by, new.signed_at) is not (old.dissent, old.signed_by, old.signed_at)))
        or old.state = 'superseded'))
begin
    select raise(abort, 'CHECK constraint failed: recommendations_adopted_fixed');
end;

create trigger recommendations_adopted_fixed_delete before delete on recommendations for each row
    when (old.state <> 'draft')
begin
    select raise(abort, 'CHECK constraint failed: recommendations_adopted_fixed');
end;

-- An office decides which grants go on.
-- SQLite changes no check. One that is loosened needs no new table: its text is changed and read again, as SQLite's documentation of ALTER TABLE
-- has it (section 7), and every row that was there still keeps it.
pragma writable_schema = on;
update sqlite_schema set sql = replace(sql, 'kind in (''award'', ''amounts'')', 'kind in (''award'', ''amounts'', ''renewals'')') where type = 'table' and name = 'decisions';
pragma writable_schema = reset;

alter table decisions add column scheme_id text
    constraint decisions_scheme_id_fkey references schemes (id);
alter table decisions add column year integer
    constraint decisions_renewals_check check (
        (kind <> 'renewals') = (scheme_id is null) and (scheme_id is null) = (year is null)
    );

drop trigger decisions_approved_fixed_update;
create trigger decisions_approved_fixed_update before update on decisions for each row
    when (old.state in ('approved', 'notified') and (new.state not in (old.state, 'notified')
        or (new.reference, new.office_id, new.kind, new.round_id, new.run_id,
            new.scheme_id, new.year, new.lines, new.prepared_by, new.approved_by, new.approved_at)
        is not (old.reference, old.office_id, old.kind, old.round_id, old.run_id,
            old.scheme_id, old.year, old.lines, old.prepared_by, old.approved_by, old.approved_at)))
begin
    select raise(abort, 'CHECK constraint failed: decisions_approved_fixed');
end;

-- What was decided of a later year of a grant, on which decision and advice; none of both for what one person recorded before.
alter table grant_renewals add column conditions text;
alter table grant_renewals add column decision_id text
    constraint grant_renewals_decision_id_fkey references decisions (id);
alter table grant_renewals add column recommendation_id text
    constraint grant_renewals_recommendation_id_fkey references recommendations (id)
    constraint grant_renewals_basis_check check ((decision_id is null) = (recommendation_id is null));

alter table grant_years add column judgement text
    constraint grant_years_judgement_check check (judgement in ('renewed', 'stopped'));
alter table grants add column stopped_from integer
    constraint grants_stopped_from_check check (stopped_from between 1990 and 2100);

update grant_years set judgement = (
    select outcome from grant_renewals renewal
    where renewal.grant_id = grant_years.grant_id and renewal.year = grant_years.year order by renewal.id desc limit 1
);
update grants set stopped_from = (
    select min(year) from grant_years where grant_years.grant_id = grants.id and grant_years.judgement = 'stopped'
);
