create table journal_head (
    id bigint not null,
    seq bigint not null,
    hash text not null,
    constraint journal_head_id_key primary key (id),
    constraint journal_head_single_check check (id = 1),
    constraint journal_head_seq_check check (seq >= 0),
    constraint journal_head_hash_check check (length(hash) = 64)
);

insert into journal_head (id, seq, hash)
values (1, 0, '0000000000000000000000000000000000000000000000000000000000000000');

create table journal (
    seq bigint not null,
    id uuid not null,
    at timestamptz not null,
    actor_id uuid,
    actor_role text not null,
    action text not null,
    subject_kind text not null,
    subject_id uuid not null,
    subject_version bigint not null,
    office_id uuid,
    detail jsonb not null,
    before_hash text,
    after_hash text,
    prev_hash text not null,
    hash text not null,
    constraint journal_seq_key primary key (seq),
    constraint journal_seq_check check (seq >= 1),
    constraint journal_hash_check check (length(hash) = 64)
);

create unique index journal_id_key on journal (id);
create index journal_subject_idx on journal (subject_kind, subject_id, seq);
create index journal_office_idx on journal (office_id, seq);

create function journal_refuse_change() returns trigger language plpgsql as $$
begin
    raise exception 'the journal is append-only'
        using errcode = 'check_violation', constraint = 'journal_append_only', table = 'journal';
end
$$;

create trigger journal_refuse_update before update on journal
    for each row execute function journal_refuse_change();

create trigger journal_refuse_delete before delete on journal
    for each row execute function journal_refuse_change();

create trigger journal_refuse_truncate before truncate on journal
    for each statement execute function journal_refuse_change();

create table jobs (
    id uuid not null,
    kind text not null,
    payload_version bigint not null,
    payload jsonb not null,
    state text not null,
    run_at timestamptz not null,
    attempts bigint not null,
    max_attempts bigint not null,
    lease_until timestamptz,
    worker text,
    dedupe_key text,
    again boolean not null,
    progress_done bigint not null,
    progress_total bigint,
    result jsonb,
    last_error text,
    office_id uuid,
    requested_by uuid,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint jobs_id_key primary key (id),
    constraint jobs_payload_version_check check (payload_version >= 1),
    constraint jobs_state_check check (state in ('ready', 'running', 'done', 'dead', 'cancelled')),
    constraint jobs_attempts_check check (attempts >= 0 and max_attempts >= 1 and attempts <= max_attempts),
    constraint jobs_progress_check check (progress_done >= 0 and (progress_total is null or progress_total >= progress_done)),
    constraint jobs_lease_check check (
        (state = 'running') = (lease_until is not null) and (state = 'running') = (worker is not null)
    )
);

create unique index jobs_dedupe_key_key on jobs (dedupe_key) where state in ('ready', 'running');
create index jobs_key_idx on jobs (dedupe_key);
create index jobs_due_idx on jobs (run_at, id) where state = 'ready';
create index jobs_lease_idx on jobs (lease_until) where state = 'running';

create table idempotency_keys (
    caller text not null,
    key text not null,
    operation text not null,
    request_hash text not null,
    status bigint not null,
    headers jsonb not null,
    body text not null,
    created_at timestamptz not null,
    constraint idempotency_keys_caller_key_key primary key (caller, key),
    constraint idempotency_keys_status_check check (status between 100 and 599)
);

create index idempotency_keys_created_at_idx on idempotency_keys (created_at);
