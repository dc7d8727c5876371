create table forums (
    id text not null,
    office_id text not null,
    name text not null constraint forums_name_check check (json_valid(name)),
    short_name text not null constraint forums_short_name_check check (json_valid(short_name)),
    quorum_seats integer not null,
    chair_id text not null,
    version integer not null,
    constraint forums_id_key primary key (id),
    constraint forums_office_id_fkey foreign key (office_id) references offices (id),
    constraint forums_chair_id_fkey foreign key (chair_id) references persons (id),
    constraint forums_quorum_check check (quorum_seats >= 0),
    constraint forums_version_check check (version >= 1)
) strict;

create index forums_office_idx on forums (office_id, id);
create index forums_chair_idx on forums (chair_id, id);

create table seats (
    id text not null,
    forum_id text not null,
    label text not null constraint seats_label_check check (json_valid(label)),
    organisation_kind text not null,
    organisation_id text,
    vote_right text not null,
    member_id text not null,
    deputy_id text,
    term_from text not null,
    term_to text not null,
    version integer not null,
    constraint seats_id_key primary key (id),
    constraint seats_forum_id_fkey foreign key (forum_id) references forums (id),
    constraint seats_organisation_id_fkey foreign key (organisation_id) references organisations (id),
    constraint seats_member_id_fkey foreign key (member_id) references persons (id),
    constraint seats_deputy_id_fkey foreign key (deputy_id) references persons (id),
    constraint seats_organisation_kind_check check (organisation_kind in (
        'municipality', 'county_municipality', 'independent_school', 'kindergarten_owner', 'university',
        'county_governor', 'directorate', 'association'
    )),
    constraint seats_vote_right_check check (vote_right in ('voting', 'observer', 'conditional')),
    -- The office takes part without a vote (rule 4).
    constraint seats_state_votes_check check (
        vote_right <> 'voting' or organisation_kind not in ('county_governor', 'directorate')
    ),
    constraint seats_deputy_check check (deputy_id is null or deputy_id <> member_id),
    constraint seats_term_check check (term_to >= term_from),
    constraint seats_version_check check (version >= 1)
) strict;

create index seats_forum_idx on seats (forum_id, id);
create index seats_member_idx on seats (member_id, id);
create index seats_deputy_idx on seats (deputy_id, id);

create table meetings (
    id text not null,
    forum_id text not null,
    starts_at text not null,
    place text not null,
    state text not null,
    agenda text not null constraint meetings_agenda_check check (json_valid(agenda)),
    attendance text not null constraint meetings_attendance_check check (json_valid(attendance)),
    version integer not null,
    constraint meetings_id_key primary key (id),
    constraint meetings_forum_id_fkey foreign key (forum_id) references forums (id),
    constraint meetings_state_check check (state in ('planned', 'held')),
    constraint meetings_version_check check (version >= 1)
) strict;

create index meetings_forum_idx on meetings (forum_id, id);

create table recusals (
    id text not null,
    person_id text not null,
    application_id text not null,
    ground text not null,
    explanation text not null,
    recorded_by text not null,
    constraint recusals_id_key primary key (id),
    constraint recusals_person_id_application_id_key unique (person_id, application_id),
    constraint recusals_person_id_fkey foreign key (person_id) references persons (id),
    constraint recusals_application_id_fkey foreign key (application_id) references applications (id),
    constraint recusals_recorded_by_fkey foreign key (recorded_by) references persons (id),
    constraint recusals_ground_check check (ground in ('party', 'relation', 'circumstance'))
) strict;

create index recusals_application_idx on recusals (application_id, id);

create table ballots (
    id text not null,
    forum_id text not null,
    meeting_id text not null,
    agenda_item_id text not null,
    round_id text,
    title text not null,
    rules text not null constraint ballots_rules_check check (json_valid(rules)),
    state text not null,
    frozen integer not null constraint ballots_frozen_check check (frozen in (0, 1)),
    count text constraint ballots_count_check check (count is null or json_valid(count)),
    annulment_reason text,
    version integer not null,
    constraint ballots_id_key primary key (id),
    constraint ballots_forum_id_fkey foreign key (forum_id) references forums (id),
    constraint ballots_meeting_id_fkey foreign key (meeting_id) references meetings (id),
    constraint ballots_round_id_fkey foreign key (round_id) references rounds (id),
    constraint ballots_state_check check (state in ('prepared', 'open', 'closed', 'counted', 'annulled')),
    constraint ballots_counted_check check (state <> 'counted' or count is not null),
    constraint ballots_annulment_check check ((state = 'annulled') = (annulment_reason is not null)),
    constraint ballots_version_check check (version >= 1)
) strict;

create index ballots_forum_idx on ballots (forum_id, id);
create index ballots_meeting_idx on ballots (meeting_id, id);

create table votes (
    ballot_id text not null,
    seat_id text not null,
    revision integer not null,
    person_id text not null,
    content text not null constraint votes_content_check check (json_valid(content)),
    recused_on text not null constraint votes_recused_on_check check (json_valid(recused_on)),
    cast_at text not null,
    superseded integer not null constraint votes_superseded_check check (superseded in (0, 1)),
    constraint votes_ballot_id_seat_id_revision_key primary key (ballot_id, seat_id, revision),
    constraint votes_ballot_id_fkey foreign key (ballot_id) references ballots (id),
    constraint votes_seat_id_fkey foreign key (seat_id) references seats (id),
    constraint votes_person_id_fkey foreign key (person_id) references persons (id),
    constraint votes_revision_check check (revision >= 1)
) strict;

-- One vote that counts per ballot and seat (rule 1).
create unique index votes_ballot_id_seat_id_key on votes (ballot_id, seat_id) where not superseded;

create table recommendations (
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

create index recommendations_forum_idx on recommendations (forum_id, id);

-- The rules of a ballot stand from the first vote (rule 2).
create trigger ballots_frozen_rules_update before update on ballots for each row
    when (old.frozen and (not new.frozen
        or (new.forum_id, new.meeting_id, new.agenda_item_id, new.round_id, new.rules)
        is not (old.forum_id, old.meeting_id, old.agenda_item_id, old.round_id, old.rules)))
begin
    select raise(abort, 'CHECK constraint failed: ballots_frozen_rules');
end;

-- Votes are cast into open ballots only.
create trigger votes_open_ballot_insert before insert on votes for each row
    when (not exists (select 1 from ballots where id = new.ballot_id and state = 'open'))
begin
    select raise(abort, 'CHECK constraint failed: votes_open_ballot');
end;

-- A vote that was cast stays as it was; a later revision only marks it as superseded.
create trigger votes_kept_update before update on votes for each row
    when (old.superseded
        or (new.ballot_id, new.seat_id, new.revision, new.person_id, new.content, new.recused_on, new.cast_at)
        is not (old.ballot_id, old.seat_id, old.revision, old.person_id, old.content, old.recused_on, old.cast_at))
begin
    select raise(abort, 'CHECK constraint failed: votes_kept');
end;

-- No vote is taken away.
create trigger votes_not_deleted_delete before delete on votes for each row
begin
    select raise(abort, 'CHECK constraint failed: votes_not_deleted');
end;

-- What a forum has adopted stands.
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
