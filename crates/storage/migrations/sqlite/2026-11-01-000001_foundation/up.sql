create table journal_head (
    id integer not null primary key constraint journal_head_single_check check (id = 1),
    seq integer not null constraint journal_head_seq_check check (seq >= 0),
    hash text not null constraint journal_head_hash_check check (length(hash) = 64)
) strict;

insert into journal_head (id, seq, hash)
values (1, 0, '0000000000000000000000000000000000000000000000000000000000000000');

create table journal (
    seq integer not null primary key constraint journal_seq_check check (seq >= 1),
    id text not null,
    at text not null,
    actor_id text,
    actor_role text not null,
    action text not null,
    subject_kind text not null,
    subject_id text not null,
    subject_version integer not null,
    office_id text,
    detail text not null constraint journal_detail_check check (json_valid(detail)),
    before_hash text,
    after_hash text,
    prev_hash text not null,
    hash text not null constraint journal_hash_check check (length(hash) = 64)
) strict;

create unique index journal_id_key on journal (id);
create index journal_subject_idx on journal (subject_kind, subject_id, seq);
create index journal_office_idx on journal (office_id, seq);

create trigger journal_refuse_update before update on journal begin
    select raise(abort, 'CHECK constraint failed: journal_append_only');
end;

create trigger journal_refuse_delete before delete on journal begin
    select raise(abort, 'CHECK constraint failed: journal_append_only');
end;

create table jobs (
    id text not null,
    kind text not null,
    payload_version integer not null constraint jobs_payload_version_check check (payload_version >= 1),
    payload text not null constraint jobs_payload_check check (json_valid(payload)),
    state text not null constraint jobs_state_check check (state in ('ready', 'running', 'done', 'dead', 'cancelled')),
    run_at text not null,
    attempts integer not null,
    max_attempts integer not null,
    lease_until text,
    worker text,
    dedupe_key text,
    again integer not null constraint jobs_again_check check (again in (0, 1)),
    progress_done integer not null,
    progress_total integer,
    result text constraint jobs_result_check check (result is null or json_valid(result)),
    last_error text,
    office_id text,
    requested_by text,
    created_at text not null,
    updated_at text not null,
    constraint jobs_id_key primary key (id),
    constraint jobs_attempts_check check (attempts >= 0 and max_attempts >= 1 and attempts <= max_attempts),
    constraint jobs_progress_check check (progress_done >= 0 and (progress_total is null or progress_total >= progress_done)),
    constraint jobs_lease_check check (
        (state = 'running') = (lease_until is not null) and (state = 'running') = (worker is not null)
    )
) strict;

create unique index jobs_dedupe_key_key on jobs (dedupe_key) where state in ('ready', 'running');
create index jobs_key_idx on jobs (dedupe_key);
create index jobs_due_idx on jobs (run_at, id) where state = 'ready';
create index jobs_lease_idx on jobs (lease_until) where state = 'running';

create table idempotency_keys (
    caller text not null,
    key text not null,
    operation text not null,
    request_hash text not null,
    status integer not null constraint idempotency_keys_status_check check (status between 100 and 599),
    headers text not null constraint idempotency_keys_headers_check check (json_valid(headers)),
    body text not null,
    created_at text not null,
    constraint idempotency_keys_caller_key_key primary key (caller, key)
) strict;

create index idempotency_keys_created_at_idx on idempotency_keys (created_at);
