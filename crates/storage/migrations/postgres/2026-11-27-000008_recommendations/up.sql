-- What applications of a round are assessed by.
alter table rounds add column criteria jsonb not null default '[]';

-- A recommendation is on a round or on renewals, is adopted and then signed off, and is corrected by a new version. Its key changes, so the
-- table is made anew.
-- contract: the old table gives its names to the new one, and goes below
alter table recommendations rename constraint recommendations_id_key to recommendations_before_id_key;
drop index recommendations_forum_idx;

create table recommendation_versions (
    id uuid not null,
    round_id uuid,
    scheme_id uuid,
    year bigint,
    forum_id uuid not null,
    meeting_id uuid not null,
    ballot_id uuid,
    lines jsonb not null,
    renewals jsonb not null,
    dissent jsonb not null,
    state text not null,
    adopted_by uuid,
    adopted_at timestamptz,
    signed_by uuid,
    signed_at timestamptz,
    number bigint not null,
    supersedes_id uuid,
    correction_reason text,
    version bigint not null,
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
);

create index recommendations_forum_idx on recommendation_versions (forum_id, id);

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


-- What the forum adopted stands, but for dissent and the sign-off; what is signed off gives way to a later version only.
create trigger recommendations_adopted_fixed_update before update on recommendations for each row
    when (old.state <> 'draft' and (new.state = 'draft'
        or (new.id, new.round_id, new.scheme_id, new.year, new.forum_id, new.meeting_id, new.ballot_id, new.lines, new.renewals,
            new.adopted_by, new.adopted_at, new.number, new.supersedes_id, new.correction_reason)
        is distinct from (old.id, old.round_id, old.scheme_id, old.year, old.forum_id, old.meeting_id, old.ballot_id, old.lines, old.renewals,
            old.adopted_by, old.adopted_at, old.number, old.supersedes_id, old.correction_reason)
        or (old.state = 'adopted' and new.state = 'superseded' and (new.dissent, new.signed_at) is distinct from (old.dissent, old.signed_at))
        or (old.state = 'signed_off' and (new.state <> 'superseded'
            or (new.dissent, new.signed_by, new.signed_at) is distinct from (old.dissent, old.signed_by, old.signed_at)))
        or old.state = 'superseded'))
    execute function refuse_change('recommendations_adopted_fixed');

create trigger recommendations_adopted_fixed_delete before delete on recommendations for each row
    when (old.state <> 'draft')
    execute function refuse_change('recommendations_adopted_fixed');

-- An office decides which grants go on.
alter table decisions drop constraint decisions_kind_check;
alter table decisions add constraint decisions_kind_check check (kind in ('award', 'amounts', 'renewals')) not valid;
alter table decisions validate constraint decisions_kind_check;
alter table decisions add column scheme_id uuid
    constraint decisions_scheme_id_fkey references schemes (id);
alter table decisions add column year bigint
    constraint decisions_renewals_check check (
        (kind <> 'renewals') = (scheme_id is null) and (scheme_id is null) = (year is null)
    );

drop trigger decisions_approved_fixed_update on decisions;
create trigger decisions_approved_fixed_update before update on decisions for each row
    when (old.state in ('approved', 'notified') and (new.state not in (old.state, 'notified')
        or (new.reference, new.office_id, new.kind, new.round_id, new.run_id,
            new.scheme_id, new.year, new.lines, new.prepared_by, new.approved_by, new.approved_at)
        is distinct from (old.reference, old.office_id, old.kind, old.round_id, old.run_id,
            old.scheme_id, old.year, old.lines, old.prepared_by, old.approved_by, old.approved_at)))
    execute function refuse_change('decisions_approved_fixed');

-- What was decided of a later year of a grant, on which decision and advice; none of both for what one person recorded before.
alter table grant_renewals add column conditions text;
alter table grant_renewals add column decision_id uuid
    constraint grant_renewals_decision_id_fkey references decisions (id);
alter table grant_renewals add column recommendation_id uuid
    constraint grant_renewals_recommendation_id_fkey references recommendations (id)
    constraint grant_renewals_basis_check check ((decision_id is null) = (recommendation_id is null));

alter table grant_years add column judgement text
    constraint grant_years_judgement_check check (judgement in ('renewed', 'stopped'));
alter table grants add column stopped_from bigint
    constraint grants_stopped_from_check check (stopped_from between 1990 and 2100);

update grant_years set judgement = (
    select outcome from grant_renewals renewal
    where renewal.grant_id = grant_years.grant_id and renewal.year = grant_years.year order by renewal.id desc limit 1
);
update grants set stopped_from = (
    select min(year) from grant_years where grant_years.grant_id = grants.id and grant_years.judgement = 'stopped'
);
