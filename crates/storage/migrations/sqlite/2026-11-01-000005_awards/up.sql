create table runs (
    id text not null,
    office_id text not null,
    scheme_id text not null,
    input_hash text not null,
    input text not null constraint runs_input_check check (json_valid(input)),
    plan text not null constraint runs_plan_check check (json_valid(plan)),
    created_at text not null,
    constraint runs_id_key primary key (id),
    constraint runs_office_id_fkey foreign key (office_id) references offices (id),
    constraint runs_scheme_id_fkey foreign key (scheme_id) references schemes (id),
    constraint runs_input_hash_check check (length(input_hash) = 64)
) strict;

create index runs_plan_idx on runs (office_id, scheme_id, id);
create index runs_scheme_idx on runs (scheme_id, id);

create table decisions (
    id text not null,
    reference text not null,
    office_id text not null,
    kind text not null,
    round_id text,
    run_id text,
    lines text not null constraint decisions_lines_check check (json_valid(lines)),
    state text not null,
    prepared_by text not null,
    approved_by text,
    approved_at text,
    version integer not null,
    constraint decisions_id_key primary key (id),
    constraint decisions_reference_key unique (reference),
    constraint decisions_office_id_fkey foreign key (office_id) references offices (id),
    constraint decisions_round_id_fkey foreign key (round_id) references rounds (id),
    constraint decisions_run_id_fkey foreign key (run_id) references runs (id),
    constraint decisions_prepared_by_fkey foreign key (prepared_by) references persons (id),
    constraint decisions_approved_by_fkey foreign key (approved_by) references persons (id),
    constraint decisions_kind_check check (kind in ('award', 'amounts')),
    constraint decisions_matter_check check (
        (kind = 'award') = (round_id is not null) and (kind = 'amounts') = (run_id is not null)
    ),
    constraint decisions_state_check check (state in ('draft', 'proposed', 'approved', 'notified')),
    constraint decisions_approval_check check (
        (state in ('approved', 'notified')) = (approved_by is not null)
        and (approved_by is not null) = (approved_at is not null)
    ),
    constraint decisions_two_persons_check check (approved_by <> prepared_by),
    constraint decisions_version_check check (version >= 1)
) strict;

create index decisions_office_idx on decisions (office_id, id);
create index decisions_round_idx on decisions (round_id, id);

create table grants (
    id text not null,
    reference text not null,
    application_id text not null,
    round_id text not null,
    office_id text not null,
    scheme_id text not null,
    decision_id text not null,
    lead_id text not null,
    name text not null,
    title text not null,
    state text not null,
    answered_at text,
    version integer not null,
    constraint grants_id_key primary key (id),
    constraint grants_reference_key unique (reference),
    constraint grants_application_id_key unique (application_id),
    constraint grants_application_id_fkey foreign key (application_id) references applications (id),
    constraint grants_round_id_fkey foreign key (round_id) references rounds (id),
    constraint grants_office_id_fkey foreign key (office_id) references offices (id),
    constraint grants_scheme_id_fkey foreign key (scheme_id) references schemes (id),
    constraint grants_decision_id_fkey foreign key (decision_id) references decisions (id),
    constraint grants_lead_id_fkey foreign key (lead_id) references organisations (id),
    constraint grants_state_check check (state in ('offered', 'accepted', 'declined')),
    constraint grants_answer_check check ((state = 'offered') = (answered_at is null)),
    constraint grants_version_check check (version >= 1)
) strict;

create index grants_plan_idx on grants (office_id, scheme_id, id);
create index grants_scheme_idx on grants (scheme_id, id);
create index grants_round_idx on grants (round_id, id);
create index grants_lead_idx on grants (lead_id, id);

create table grant_years (
    grant_id text not null,
    year integer not null,
    state text not null,
    planned_ore integer,
    planned_run_id text,
    promised_ore integer,
    promised_run_id text,
    decision_id text,
    conditional integer not null constraint grant_years_conditional_check check (conditional in (0, 1)),
    constraint grant_years_grant_id_year_key primary key (grant_id, year),
    constraint grant_years_grant_id_fkey foreign key (grant_id) references grants (id),
    constraint grant_years_planned_run_id_fkey foreign key (planned_run_id) references runs (id),
    constraint grant_years_promised_run_id_fkey foreign key (promised_run_id) references runs (id),
    constraint grant_years_decision_id_fkey foreign key (decision_id) references decisions (id),
    constraint grant_years_year_check check (year between 1990 and 2100),
    constraint grant_years_amounts_check check (planned_ore >= 0 and promised_ore >= 0),
    constraint grant_years_state_check check (state in ('planned', 'pre_notified', 'decided')),
    -- Every amount names its run (rule 8), and a promise the decision that made it.
    constraint grant_years_planned_check check (planned_ore is null or planned_run_id is not null),
    constraint grant_years_promised_check check (
        (state = 'planned') = (promised_ore is null)
        and (promised_ore is null) = (promised_run_id is null)
        and (promised_ore is null) = (decision_id is null)
    ),
    -- What is promised before the budget is decided is conditional (rule 7).
    constraint grant_years_certainty_check check (conditional = (state <> 'decided'))
) strict;

create table letters (
    id text not null,
    reference text not null,
    office_id text not null,
    round_id text not null,
    decision_id text not null,
    content text not null constraint letters_content_check check (json_valid(content)),
    texts text not null constraint letters_texts_check check (json_valid(texts)),
    state text not null,
    prepared_by text not null,
    approved_by text,
    approved_at text,
    dispatched_at text,
    version integer not null,
    constraint letters_id_key primary key (id),
    constraint letters_reference_key unique (reference),
    constraint letters_office_id_fkey foreign key (office_id) references offices (id),
    constraint letters_round_id_fkey foreign key (round_id) references rounds (id),
    constraint letters_decision_id_fkey foreign key (decision_id) references decisions (id),
    constraint letters_prepared_by_fkey foreign key (prepared_by) references persons (id),
    constraint letters_approved_by_fkey foreign key (approved_by) references persons (id),
    constraint letters_state_check check (state in ('draft', 'proposed', 'approved', 'dispatched')),
    constraint letters_approval_check check (
        (state in ('approved', 'dispatched')) = (approved_by is not null)
        and (approved_by is not null) = (approved_at is not null)
    ),
    constraint letters_two_persons_check check (approved_by <> prepared_by),
    constraint letters_dispatch_check check ((state = 'dispatched') = (dispatched_at is not null)),
    constraint letters_version_check check (version >= 1)
) strict;

create index letters_office_idx on letters (office_id, id);
create index letters_round_idx on letters (round_id, id);

create table letter_renditions (
    letter_id text not null,
    format text not null,
    letter_version integer not null,
    sha256 text not null,
    body text not null,
    constraint letter_renditions_letter_id_format_key primary key (letter_id, format),
    constraint letter_renditions_letter_id_fkey foreign key (letter_id) references letters (id),
    constraint letter_renditions_letter_version_check check (letter_version >= 1),
    constraint letter_renditions_sha256_check check (length(sha256) = 64)
) strict;

-- A run is a pure function of its input, for ever (rule 9).
create trigger runs_fixed_update before update on runs for each row
begin
    select raise(abort, 'CHECK constraint failed: runs_fixed');
end;

create trigger runs_fixed_delete before delete on runs for each row
begin
    select raise(abort, 'CHECK constraint failed: runs_fixed');
end;

-- What is approved stands; the recipients are told of it.
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

-- A promise changes only by another decision (rule 8).
create trigger grant_years_promise_by_decision_update before update on grant_years for each row
    when ((new.grant_id, new.year) is not (old.grant_id, old.year)
        or ((new.promised_ore, new.promised_run_id) is not (old.promised_ore, old.promised_run_id)
        and (new.decision_id is null or new.decision_id is old.decision_id)))
begin
    select raise(abort, 'CHECK constraint failed: grant_years_promise_by_decision');
end;

create trigger grant_years_promise_by_decision_delete before delete on grant_years for each row
    when (old.promised_ore is not null)
begin
    select raise(abort, 'CHECK constraint failed: grant_years_promise_by_decision');
end;

-- An approved letter stays as it was approved; it is only sent.
create trigger letters_approved_fixed_update before update on letters for each row
    when (old.state in ('approved', 'dispatched') and (new.state not in (old.state, 'dispatched')
        or (old.state = 'dispatched' and new.dispatched_at is not old.dispatched_at)
        or (new.reference, new.office_id, new.round_id, new.decision_id, new.content,
            new.texts, new.prepared_by, new.approved_by, new.approved_at)
        is not (old.reference, old.office_id, old.round_id, old.decision_id, old.content,
            old.texts, old.prepared_by, old.approved_by, old.approved_at)))
begin
    select raise(abort, 'CHECK constraint failed: letters_approved_fixed');
end;

create trigger letters_approved_fixed_delete before delete on letters for each row
    when (old.state in ('approved', 'dispatched'))
begin
    select raise(abort, 'CHECK constraint failed: letters_approved_fixed');
end;
