-- What is read by the clock, how it stands, and each reading of it.
create table sources (
    name text not null,
    marks text not null constraint sources_marks_check check (json_valid(marks)),
    cursor text constraint sources_cursor_check check (json_valid(cursor)),
    data_as_of text,
    last_attempt_at text,
    last_success_at text,
    failures integer not null,
    last_error text,
    version integer not null,
    constraint sources_name_key primary key (name),
    constraint sources_failures_check check (failures >= 0),
    constraint sources_version_check check (version >= 1)
) strict;

create table fetches (
    id text not null,
    source text not null,
    origin text not null,
    requested_by text,
    state text not null,
    started_at text not null,
    ended_at text,
    content_hash text,
    bytes integer not null,
    records integer not null,
    changed integer not null,
    personal integer not null,
    unreadable integer not null,
    position text constraint fetches_position_check check (json_valid(position)),
    findings text not null constraint fetches_findings_check check (json_valid(findings)),
    error text,
    version integer not null,
    constraint fetches_id_key primary key (id),
    constraint fetches_source_fkey foreign key (source) references sources (name),
    constraint fetches_requested_by_fkey foreign key (requested_by) references persons (id),
    constraint fetches_state_check check (state in ('running', 'done', 'unchanged', 'failed')),
    constraint fetches_ended_check check ((state = 'running') = (ended_at is null)),
    constraint fetches_error_check check ((state = 'failed') = (error is not null)),
    constraint fetches_version_check check (version >= 1)
) strict;

create index fetches_source_idx on fetches (source, id);

-- What registers say of units, state by state. Nobody who is a person is kept here.
create table register_units (
    register text not null,
    number text not null,
    since text not null,
    until text,
    is_sub_unit integer not null constraint register_units_is_sub_unit_check check (is_sub_unit in (0, 1)),
    name text not null,
    form text,
    parent text,
    owner text,
    municipality_number text,
    unit_kind text,
    ownership text,
    headcount text not null constraint register_units_headcount_check check (json_valid(headcount)),
    headcount_on text,
    ended_on text,
    constraint register_units_register_number_since_key primary key (register, number, since),
    constraint register_units_register_check check (register in ('enhetsregisteret', 'nsr', 'nbr')),
    constraint register_units_until_check check (until is null or until > since),
    constraint register_units_personal_check check (form is null or form not in ('ENK', 'PERS')),
    constraint register_units_unit_kind_check check (
        unit_kind is null or unit_kind in ('kindergarten', 'primary_school', 'upper_secondary')
    ),
    constraint register_units_ownership_check check (ownership is null or ownership in ('private', 'public'))
) strict;

-- One state stands at a time.
create unique index register_units_register_number_key on register_units (register, number) where until is null;
create index register_units_number_idx on register_units (number);
create index register_units_parent_idx on register_units (parent) where until is null;
create index register_units_owner_idx on register_units (owner) where until is null;
create index register_units_municipality_idx on register_units (municipality_number, unit_kind)
    where until is null and unit_kind is not null;

-- Numbers of units that were removed from open data for legal reasons: nothing but that, so that nothing older brings them back.
create table register_removals (
    number text not null,
    since text not null,
    constraint register_removals_number_key primary key (number)
) strict;

-- Numbers of units that are persons: nothing but that, so that what lies below them is known to be theirs.
create table register_persons (
    number text not null,
    constraint register_persons_number_key primary key (number)
) strict;

-- Codes of municipalities (131) and counties (104) as Klass says them; a missing code or name is empty.
create table klass_changes (
    classification integer not null,
    changed_on text not null,
    old_code text not null,
    old_name text not null,
    new_code text not null,
    new_name text not null,
    constraint klass_changes_classification_changed_on_old_code_new_code_key
        primary key (classification, changed_on, old_code, new_code),
    constraint klass_changes_classification_check check (classification in (104, 131)),
    constraint klass_changes_code_check check (old_code <> '' or new_code <> '')
) strict;

-- A code whose first day is not told begins on the first day there is, 0001-01-01.
create table klass_codes (
    classification integer not null,
    code text not null,
    valid_from text not null,
    valid_to text,
    name text not null,
    constraint klass_codes_classification_code_valid_from_key primary key (classification, code, valid_from),
    constraint klass_codes_classification_check check (classification in (104, 131))
) strict;
