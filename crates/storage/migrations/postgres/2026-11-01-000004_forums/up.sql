create table forums (
    id uuid not null,
    office_id uuid not null,
    name jsonb not null,
    short_name jsonb not null,
    quorum_seats bigint not null,
    chair_id uuid not null,
    version bigint not null,
    constraint forums_id_key primary key (id),
    constraint forums_office_id_fkey foreign key (office_id) references offices (id),
    constraint forums_chair_id_fkey foreign key (chair_id) references persons (id),
    constraint forums_quorum_check check (quorum_seats >= 0),
    constraint forums_version_check check (version >= 1)
);

create index forums_office_idx on forums (office_id, id);
create index forums_chair_idx on forums (chair_id, id);

create table seats (
    id uuid not null,
    forum_id uuid not null,
    label jsonb not null,
    organisation_kind text not null,
    organisation_id uuid,
    vote_right text not null,
    member_id uuid not null,
    deputy_id uuid,
    term_from date not null,
    term_to date not null,
    version bigint not null,
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
);

create index seats_forum_idx on seats (forum_id, id);
create index seats_member_idx on seats (member_id, id);
create index seats_deputy_idx on seats (deputy_id, id);

create table meetings (
    id uuid not null,
    forum_id uuid not null,
    starts_at timestamptz not null,
    place text not null,
    state text not null,
    agenda jsonb not null,
    attendance jsonb not null,
    version bigint not null,
    constraint meetings_id_key primary key (id),
    constraint meetings_forum_id_fkey foreign key (forum_id) references forums (id),
    constraint meetings_state_check check (state in ('planned', 'held')),
    constraint meetings_version_check check (version >= 1)
);

create index meetings_forum_idx on meetings (forum_id, id);

create table recusals (
    id uuid not null,
    person_id uuid not null,
    application_id uuid not null,
    ground text not null,
    explanation text not null,
    recorded_by uuid not null,
    constraint recusals_id_key primary key (id),
    constraint recusals_person_id_application_id_key unique (person_id, application_id),
    constraint recusals_person_id_fkey foreign key (person_id) references persons (id),
    constraint recusals_application_id_fkey foreign key (application_id) references applications (id),
    constraint recusals_recorded_by_fkey foreign key (recorded_by) references persons (id),
    constraint recusals_ground_check check (ground in ('party', 'relation', 'circumstance'))
);

create index recusals_application_idx on recusals (application_id, id);

create table ballots (
    id uuid not null,
    forum_id uuid not null,
    meeting_id uuid not null,
    agenda_item_id uuid not null,
    round_id uuid,
    title text not null,
    rules jsonb not null,
    state text not null,
    frozen boolean not null,
    count jsonb,
    annulment_reason text,
    version bigint not null,
    constraint ballots_id_key primary key (id),
    constraint ballots_forum_id_fkey foreign key (forum_id) references forums (id),
    constraint ballots_meeting_id_fkey foreign key (meeting_id) references meetings (id),
    constraint ballots_round_id_fkey foreign key (round_id) references rounds (id),
    constraint ballots_state_check check (state in ('prepared', 'open', 'closed', 'counted', 'annulled')),
    constraint ballots_counted_check check (state <> 'counted' or count is not null),
    constraint ballots_annulment_check check ((state = 'annulled') = (annulment_reason is not null)),
    constraint ballots_version_check check (version >= 1)
);

create index ballots_forum_idx on ballots (forum_id, id);
create index ballots_meeting_idx on ballots (meeting_id, id);

create table votes (
    ballot_id uuid not null,
    seat_id uuid not null,
    revision bigint not null,
    person_id uuid not null,
    content jsonb not null,
    recused_on jsonb not null,
    cast_at timestamptz not null,
    superseded boolean not null,
    constraint votes_ballot_id_seat_id_revision_key primary key (ballot_id, seat_id, revision),
    constraint votes_ballot_id_fkey foreign key (ballot_id) references ballots (id),
    constraint votes_seat_id_fkey foreign key (seat_id) references seats (id),
    constraint votes_person_id_fkey foreign key (person_id) references persons (id),
    constraint votes_revision_check check (revision >= 1)
);

-- One vote that counts per ballot and seat (rule 1).
create unique index votes_ballot_id_seat_id_key on votes (ballot_id, seat_id) where not superseded;

create table recommendations (
    id uuid not null,
    round_id uuid not null,
    forum_id uuid not null,
    meeting_id uuid not null,
    ballot_id uuid,
    lines jsonb not null,
    dissent jsonb not null,
    state text not null,
    adopted_by uuid,
    adopted_at timestamptz,
    version bigint not null,
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
);

create index recommendations_forum_idx on recommendations (forum_id, id);

create function refuse_change() returns trigger language plpgsql as $$
begin
    raise exception '% keeps the rule %', tg_table_name, tg_argv[0]
        using errcode = 'check_violation', constraint = tg_argv[0], table = tg_table_name;
end
$$;

-- The rules of a ballot stand from the first vote (rule 2).
create trigger ballots_frozen_rules_update before update on ballots for each row
    when (old.frozen and (not new.frozen
        or (new.forum_id, new.meeting_id, new.agenda_item_id, new.round_id, new.rules)
        is distinct from (old.forum_id, old.meeting_id, old.agenda_item_id, old.round_id, old.rules)))
    execute function refuse_change('ballots_frozen_rules');

-- Votes are cast into open ballots only. The lock keeps the ballot open until the vote is committed.
create function votes_refuse_unless_open() returns trigger language plpgsql as $$
begin
    perform 1 from ballots where id = new.ballot_id and state = 'open' for share;
    if not found then
        raise exception 'the ballot is not open'
            using errcode = 'check_violation', constraint = 'votes_open_ballot', table = 'votes';
    end if;
    return new;
end
$$;

create trigger votes_open_ballot_insert before insert on votes
    for each row execute function votes_refuse_unless_open();

-- A vote that was cast stays as it was; a later revision only marks it as superseded.
create trigger votes_kept_update before update on votes for each row
    when (old.superseded
        or (new.ballot_id, new.seat_id, new.revision, new.person_id, new.content, new.recused_on, new.cast_at)
        is distinct from (old.ballot_id, old.seat_id, old.revision, old.person_id, old.content, old.recused_on, old.cast_at))
    execute function refuse_change('votes_kept');

-- No vote is taken away.
create trigger votes_not_deleted_delete before delete on votes for each row
    execute function refuse_change('votes_not_deleted');

-- What a forum has adopted stands.
create trigger recommendations_adopted_fixed_update before update on recommendations for each row
    when (old.state = 'adopted')
    execute function refuse_change('recommendations_adopted_fixed');

create trigger recommendations_adopted_fixed_delete before delete on recommendations for each row
    when (old.state = 'adopted')
    execute function refuse_change('recommendations_adopted_fixed');
