create table rounds (
    id text not null,
    office_id text not null,
    scheme_id text not null,
    budget_year integer not null,
    title text not null constraint rounds_title_check check (json_valid(title)),
    label text not null constraint rounds_label_check check (json_valid(label)),
    deadline_local text not null,
    deadline_zone text not null,
    deadline_grace_minutes integer not null,
    forum_ids text not null constraint rounds_forum_ids_check check (json_valid(forum_ids)),
    deferred_groups text not null constraint rounds_deferred_groups_check check (json_valid(deferred_groups)),
    state text not null,
    cancellation_reason text,
    version integer not null,
    constraint rounds_id_key primary key (id),
    constraint rounds_office_id_fkey foreign key (office_id) references offices (id),
    constraint rounds_scheme_id_fkey foreign key (scheme_id) references schemes (id),
    constraint rounds_budget_year_check check (budget_year between 1990 and 2100),
    constraint rounds_deadline_check check (deadline_grace_minutes between 0 and 1440),
    constraint rounds_state_check check (state in (
        'draft', 'announced', 'open', 'closed', 'in_forum', 'recommended', 'decided', 'completed', 'cancelled'
    )),
    constraint rounds_cancellation_check check ((state = 'cancelled') = (cancellation_reason is not null)),
    constraint rounds_version_check check (version >= 1)
) strict;

create index rounds_office_idx on rounds (office_id, id);
create index rounds_scheme_idx on rounds (scheme_id, id);

create table applications (
    id text not null,
    reference text not null,
    round_id text not null,
    office_id text not null,
    content text not null constraint applications_content_check check (json_valid(content)),
    state text not null,
    submitted_at text,
    state_reason text,
    screening text constraint applications_screening_check check (screening is null or json_valid(screening)),
    version integer not null,
    constraint applications_id_key primary key (id),
    constraint applications_reference_key unique (reference),
    constraint applications_round_id_fkey foreign key (round_id) references rounds (id),
    constraint applications_office_id_fkey foreign key (office_id) references offices (id),
    constraint applications_state_check check (state in (
        'draft', 'submitted', 'returned', 'eligible', 'ineligible', 'deferred', 'ranked', 'reserve', 'not_recommended',
        'granted', 'declined', 'withdrawn'
    )),
    constraint applications_submitted_check check (state in ('draft', 'withdrawn') or submitted_at is not null),
    constraint applications_screened_check check (
        state not in ('eligible', 'ineligible', 'deferred') or screening is not null
    ),
    constraint applications_version_check check (version >= 1)
) strict;

create index applications_round_idx on applications (round_id, id);

create table application_parties (
    id text not null,
    application_id text not null,
    position integer not null,
    organisation_id text not null,
    role text not null,
    own_contribution text,
    confirmed_at text,
    constraint application_parties_id_key primary key (id),
    constraint application_parties_application_id_organisation_id_key unique (application_id, organisation_id),
    constraint application_parties_application_id_position_key unique (application_id, position),
    constraint application_parties_application_id_fkey foreign key (application_id) references applications (id),
    constraint application_parties_organisation_id_fkey foreign key (organisation_id) references organisations (id),
    constraint application_parties_role_check check (role in ('lead', 'partner', 'provider')),
    -- The lead, and only the lead, stands first.
    constraint application_parties_lead_check check (position >= 0 and (position = 0) = (role = 'lead'))
) strict;

create index application_parties_organisation_idx on application_parties (organisation_id, application_id);
