-- Who may appeal, until when and to whom, is the office's to say.
alter table offices add column appeal_rules jsonb not null default '[]';

create table appeals (
    id uuid not null,
    reference text not null,
    office_id uuid not null,
    decision_id uuid not null,
    application_id uuid not null,
    organisation_id uuid not null,
    grounds text not null,
    channel text not null,
    received_on date not null,
    posted_on date,
    registered_at timestamptz not null,
    registered_by uuid not null,
    late boolean not null,
    without_right boolean not null,
    state text not null,
    handled_by uuid,
    rulings jsonb not null,
    prepared_by uuid,
    approved_by uuid,
    followed_by uuid,
    version bigint not null,
    constraint appeals_id_key primary key (id),
    constraint appeals_reference_key unique (reference),
    constraint appeals_office_id_fkey foreign key (office_id) references offices (id),
    constraint appeals_decision_id_fkey foreign key (decision_id) references decisions (id),
    constraint appeals_application_id_fkey foreign key (application_id) references applications (id),
    constraint appeals_organisation_id_fkey foreign key (organisation_id) references organisations (id),
    constraint appeals_registered_by_fkey foreign key (registered_by) references persons (id),
    constraint appeals_handled_by_fkey foreign key (handled_by) references persons (id),
    constraint appeals_prepared_by_fkey foreign key (prepared_by) references persons (id),
    constraint appeals_approved_by_fkey foreign key (approved_by) references persons (id),
    constraint appeals_followed_by_fkey foreign key (followed_by) references decisions (id),
    constraint appeals_channel_check check (channel in ('electronic', 'letter')),
    constraint appeals_posted_check check (posted_on is null or channel = 'letter'),
    constraint appeals_state_check check (
        state in ('received', 'under_review', 'proposed', 'sent_on', 'upheld', 'not_upheld', 'dismissed', 'withdrawn')
    ),
    -- What is ruled was prepared by one person and approved by another (rule 6).
    constraint appeals_ruling_check check (
        (state <> 'proposed' or (prepared_by is not null and approved_by is null))
        and (state not in ('sent_on', 'upheld', 'not_upheld', 'dismissed') or approved_by is not null)
        and (approved_by is null or prepared_by is not null)
    ),
    constraint appeals_followed_check check (followed_by is null or state = 'upheld'),
    constraint appeals_two_persons_check check (approved_by <> prepared_by),
    constraint appeals_version_check check (version >= 1)
);

create index appeals_office_idx on appeals (office_id, id);
create index appeals_decision_idx on appeals (decision_id, id);
create index appeals_organisation_idx on appeals (organisation_id, id);

-- One open appeal against the decision on an application at a time.
create unique index appeals_decision_id_application_id_key on appeals (decision_id, application_id)
    where state in ('received', 'under_review', 'proposed', 'sent_on');

create table appeal_reruns (
    id uuid not null,
    appeal_id uuid not null,
    run_id uuid not null,
    assumption jsonb not null,
    computed_by uuid not null,
    computed_at timestamptz not null,
    input_hash text not null,
    result_hash text not null,
    input jsonb not null,
    plan jsonb not null,
    constraint appeal_reruns_id_key primary key (id),
    constraint appeal_reruns_appeal_id_fkey foreign key (appeal_id) references appeals (id),
    constraint appeal_reruns_run_id_fkey foreign key (run_id) references runs (id),
    constraint appeal_reruns_computed_by_fkey foreign key (computed_by) references persons (id),
    constraint appeal_reruns_hashes_check check (length(input_hash) = 64 and length(result_hash) = 64)
);

create index appeal_reruns_appeal_idx on appeal_reruns (appeal_id, id);

-- What becomes of a decision after its recipients were told. The state stays «notified» for programs that know no more.
alter table decisions add column course text
    constraint decisions_course_check check (course is null or (
        state = 'notified' and course in ('final', 'appealed', 'upheld', 'changed', 'dismissed')
    ));
alter table decisions add column appeal_id uuid
    constraint decisions_appeal_id_fkey references appeals (id);
alter table decisions add column notified_at timestamptz
    constraint decisions_notified_check check (notified_at is null or state = 'notified');
alter table decisions add column notices jsonb not null default '[]';

-- What recipients were told stands, and so does the appeal that a decision follows.
create trigger decisions_notices_fixed_update before update on decisions for each row
    when ((old.notified_at is not null
            and (new.notified_at, new.notices) is distinct from (old.notified_at, old.notices))
        or new.appeal_id is distinct from old.appeal_id)
    execute function refuse_change('decisions_notices_fixed');

-- What was appealed stands, a closed appeal stays as it was closed, and one new decision follows an upheld one.
create trigger appeals_fixed_update before update on appeals for each row
    when ((old.state in ('upheld', 'not_upheld', 'dismissed', 'withdrawn')
            and (new.state, new.handled_by, new.rulings, new.prepared_by, new.approved_by)
            is distinct from (old.state, old.handled_by, old.rulings, old.prepared_by, old.approved_by))
        or (old.followed_by is not null and new.followed_by is distinct from old.followed_by)
        or (new.id, new.reference, new.office_id, new.decision_id, new.application_id, new.organisation_id,
            new.grounds, new.channel, new.received_on, new.posted_on, new.registered_at, new.registered_by,
            new.late, new.without_right)
        is distinct from (old.id, old.reference, old.office_id, old.decision_id, old.application_id, old.organisation_id,
            old.grounds, old.channel, old.received_on, old.posted_on, old.registered_at, old.registered_by,
            old.late, old.without_right))
    execute function refuse_change('appeals_fixed');

-- No appeal is lost.
create trigger appeals_fixed_delete before delete on appeals for each row
    execute function refuse_change('appeals_fixed');

create trigger appeal_reruns_fixed_update before update on appeal_reruns for each row
    execute function refuse_change('appeal_reruns_fixed');

create trigger appeal_reruns_fixed_delete before delete on appeal_reruns for each row
    execute function refuse_change('appeal_reruns_fixed');

-- People are told of appeals, too.
alter table notifications alter column ballot_id drop not null;
alter table notifications alter column seat_id drop not null;
alter table notifications add column appeal_id uuid
    constraint notifications_appeal_id_fkey references appeals (id);
alter table notifications drop constraint notifications_kind_check;
alter table notifications add constraint notifications_kind_check check (
    kind in ('ballot_reminder', 'appeal_received', 'appeal_under_review', 'appeal_ruled', 'appeal_withdrawn')
) not valid;
alter table notifications validate constraint notifications_kind_check;
alter table notifications add constraint notifications_subject_check check (
    (kind = 'ballot_reminder') = (ballot_id is not null)
    and (ballot_id is null) = (seat_id is null)
    and (kind <> 'ballot_reminder') = (appeal_id is not null)
) not valid;
alter table notifications validate constraint notifications_subject_check;
