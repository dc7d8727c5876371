-- Headcounts of single schools and kindergartens, from which register they are, and why somebody set one.
alter table headcounts add column unit_number text;
alter table headcounts add column unit_name text;
alter table headcounts add column register text
    constraint headcounts_register_check check (register in ('enhetsregisteret', 'nsr', 'nbr'));
alter table headcounts add column reason text;
alter table headcounts add column recorded_by uuid
    constraint headcounts_recorded_by_fkey references persons (id);
-- Whether the unit closed or went to another owner that day.
alter table headcounts add column departs boolean not null default false;

-- What became of an organisation, and what was known of it when.
alter table organisations add column ceased_on date;
alter table organisations add column successors jsonb not null default '[]';

create table organisation_versions (
    organisation_id uuid not null,
    since timestamptz not null,
    content jsonb not null,
    constraint organisation_versions_organisation_id_since_key primary key (organisation_id, since),
    constraint organisation_versions_organisation_id_fkey foreign key (organisation_id) references organisations (id)
);

-- The schools and kindergartens of organisations that plans may rest on.
create table units (
    id uuid not null,
    number text not null,
    organisation_id uuid not null,
    name text not null,
    unit_kind text not null,
    ownership text,
    municipality_number text,
    since date not null,
    ended_on date,
    version bigint not null,
    constraint units_id_key primary key (id),
    constraint units_number_key unique (number),
    constraint units_organisation_id_fkey foreign key (organisation_id) references organisations (id),
    constraint units_unit_kind_check check (unit_kind in ('kindergarten', 'primary_school', 'upper_secondary')),
    constraint units_ownership_check check (ownership in ('private', 'public')),
    constraint units_version_check check (version >= 1)
);

create index units_organisation_idx on units (organisation_id, id);

-- What registers say otherwise than before. The readings themselves are cleared away in time, changes are not.
create table changes (
    id uuid not null,
    register text not null,
    unit_number text not null,
    organisation_id uuid not null,
    to_organisation_id uuid,
    kind text not null,
    effective_on date not null,
    since timestamptz not null,
    before jsonb,
    after jsonb,
    related jsonb not null,
    fetch_id uuid not null,
    state text not null,
    touches jsonb not null,
    effect jsonb,
    decided_by uuid,
    decided_at timestamptz,
    reason text,
    created_at timestamptz not null,
    version bigint not null,
    constraint changes_id_key primary key (id),
    constraint changes_organisation_id_fkey foreign key (organisation_id) references organisations (id),
    constraint changes_to_organisation_id_fkey foreign key (to_organisation_id) references organisations (id),
    constraint changes_decided_by_fkey foreign key (decided_by) references persons (id),
    constraint changes_register_check check (register in ('enhetsregisteret', 'nsr', 'nbr')),
    constraint changes_kind_check check (kind in (
        'new', 'renamed', 'moved', 'merged', 'split', 'closed', 'closed_with_successor', 'owner_changed',
        'headcount_changed', 'reopened', 'purged'
    )),
    constraint changes_state_check check (state in ('open', 'applied', 'accepted', 'held', 'superseded')),
    constraint changes_decided_check check (
        state not in ('accepted', 'held') or (decided_by is not null and decided_at is not null)
    ),
    constraint changes_held_check check (state <> 'held' or reason is not null),
    constraint changes_version_check check (version >= 1)
);

create index changes_state_idx on changes (state, id);
create index changes_organisation_idx on changes (organisation_id, id);
create index changes_unit_idx on changes (unit_number, id);

-- The offices whose grants or rounds a change touches.
create table change_offices (
    change_id uuid not null,
    office_id uuid not null,
    constraint change_offices_change_id_office_id_key primary key (change_id, office_id),
    constraint change_offices_change_id_fkey foreign key (change_id) references changes (id),
    constraint change_offices_office_id_fkey foreign key (office_id) references offices (id)
);

create index change_offices_office_idx on change_offices (office_id, change_id);

-- What a register said stands, and so does a change that was decided.
create trigger changes_fixed_update before update on changes for each row
    when ((old.state in ('applied', 'accepted', 'superseded') and new.state is distinct from old.state)
        or (new.id, new.register, new.unit_number, new.organisation_id, new.to_organisation_id, new.kind, new.effective_on,
            new.since, new.before, new.after, new.related, new.fetch_id, new.created_at)
        is distinct from (old.id, old.register, old.unit_number, old.organisation_id, old.to_organisation_id, old.kind,
            old.effective_on, old.since, old.before, old.after, old.related, old.fetch_id, old.created_at))
    execute function refuse_change('changes_fixed');

create trigger changes_fixed_delete before delete on changes for each row
    execute function refuse_change('changes_fixed');
