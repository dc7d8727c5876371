-- Who may appeal, until when and to whom, is the office's to say.
alter table offices add column appeal_rules text not null default '[]'
    constraint offices_appeal_rules_check check (json_valid(appeal_rules));

create table appeals (
    id text not null,
    reference text not null,
    office_id text not null,
    decision_id text not null,
    application_id text not null,
    organisation_id text not null,
    grounds text not null,
    channel text not null,
    received_on text not null,
    posted_on text,
    registered_at text not null,
    registered_by text not null,
    late integer not null constraint appeals_late_check check (late in (0, 1)),
    without_right integer not null constraint appeals_without_right_check check (without_right in (0, 1)),
    state text not null,
    handled_by text,
    rulings text not null constraint appeals_rulings_check check (json_valid(rulings)),
    prepared_by text,
    approved_by text,
    followed_by text,
    version integer not null,
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
) strict;

create index appeals_office_idx on appeals (office_id, id);
create index appeals_decision_idx on appeals (decision_id, id);
create index appeals_organisation_idx on appeals (organisation_id, id);

-- One open appeal against the decision on an application at a time.
create unique index appeals_decision_id_application_id_key on appeals (decision_id, application_id)
    where state in ('received', 'under_review', 'proposed', 'sent_on');

create table appeal_reruns (
    id text not null,
    appeal_id text not null,
    run_id text not null,
    assumption text not null constraint appeal_reruns_assumption_check check (json_valid(assumption)),
    computed_by text not null,
    computed_at text not null,
    input_hash text not null,
    result_hash text not null,
    input text not null constraint appeal_reruns_input_check check (json_valid(input)),
    plan text not null constraint appeal_reruns_plan_check check (json_valid(plan)),
    constraint appeal_reruns_id_key primary key (id),
    constraint appeal_reruns_appeal_id_fkey foreign key (appeal_id) references appeals (id),
    constraint appeal_reruns_run_id_fkey foreign key (run_id) references runs (id),
    constraint appeal_reruns_computed_by_fkey foreign key (computed_by) references persons (id),
    constraint appeal_reruns_hashes_check check (length(input_hash) = 64 and length(result_hash) = 64)
) strict;

create index appeal_reruns_appeal_idx on appeal_reruns (appeal_id, id);

-- What becomes of a decision after its recipients were told. The state stays «notified» for programs that know no more.
alter table decisions add column course text
    constraint decisions_course_check check (course is null or (
        state = 'notified' and course in ('final', 'appealed', 'upheld', 'changed', 'dismissed')
    ));
alter table decisions add column appeal_id text
    constraint decisions_appeal_id_fkey references appeals (id);
alter table decisions add column notified_at text
    constraint decisions_notified_check check (notified_at is null or state = 'notified');
alter table decisions add column notices text not null default '[]'
    constraint decisions_notices_check check (json_valid(notices));

-- What recipients were told stands, and so does the appeal that a decision follows.
create trigger decisions_notices_fixed_update before update on decisions for each row
    when ((old.notified_at is not null
            and (new.notified_at, new.notices) is not (old.notified_at, old.notices))
        or new.appeal_id is not old.appeal_id)
begin
    select raise(abort, 'CHECK constraint failed: decisions_notices_fixed');
end;

-- What was appealed stands, a closed appeal stays as it was closed, and one new decision follows an upheld one.
create trigger appeals_fixed_update before update on appeals for each row
    when ((old.state in ('upheld', 'not_upheld', 'dismissed', 'withdrawn')
            and (new.state, new.handled_by, new.rulings, new.prepared_by, new.approved_by)
            is not (old.state, old.handled_by, old.rulings, old.prepared_by, old.approved_by))
        or (old.followed_by is not null and new.followed_by is not old.followed_by)
        or (new.id, new.reference, new.office_id, new.decision_id, new.application_id, new.organisation_id,
            new.grounds, new.channel, new.received_on, new.posted_on, new.registered_at, new.registered_by,
            new.late, new.without_right)
        is not (old.id, old.reference, old.office_id, old.decision_id, old.application_id, old.organisation_id,
            old.grounds, old.channel, old.received_on, old.posted_on, old.registered_at, old.registered_by,
            old.late, old.without_right))
begin
    select raise(abort, 'CHECK constraint failed: appeals_fixed');
end;

-- No appeal is lost.
create trigger appeals_fixed_delete before delete on appeals for each row
begin
    select raise(abort, 'CHECK constraint failed: appeals_fixed');
end;

create trigger appeal_reruns_fixed_update before update on appeal_reruns for each row
begin
    select raise(abort, 'CHECK constraint failed: appeal_reruns_fixed');
end;

create trigger appeal_reruns_fixed_delete before delete on appeal_reruns for each row
begin
    select raise(abort, 'CHECK constraint failed: appeal_reruns_fixed');
end;

-- People are told of appeals, too. SQLite makes no column optional, so the table is made anew.
create table notifications_of_all_kinds (
    id text not null,
    person_id text not null,
    kind text not null,
    ballot_id text,
    seat_id text,
    appeal_id text,
    text text not null constraint notifications_text_check check (json_valid(text)),
    created_at text not null,
    read_at text,
    version integer not null,
    constraint notifications_id_key primary key (id),
    -- Nobody is told the same twice.
    constraint notifications_person_id_kind_ballot_id_seat_id_key unique (person_id, kind, ballot_id, seat_id),
    constraint notifications_person_id_fkey foreign key (person_id) references persons (id),
    constraint notifications_ballot_id_fkey foreign key (ballot_id) references ballots (id),
    constraint notifications_seat_id_fkey foreign key (seat_id) references seats (id),
    constraint notifications_appeal_id_fkey foreign key (appeal_id) references appeals (id),
    constraint notifications_kind_check check (
        kind in ('ballot_reminder', 'appeal_received', 'appeal_under_review', 'appeal_ruled', 'appeal_withdrawn')
    ),
    constraint notifications_subject_check check (
        (kind = 'ballot_reminder') = (ballot_id is not null)
        and (ballot_id is null) = (seat_id is null)
        and (kind <> 'ballot_reminder') = (appeal_id is not null)
    ),
    constraint notifications_version_check check (version >= 1)
) strict;

insert into notifications_of_all_kinds (
    id, person_id, kind, ballot_id, seat_id, text, created_at, read_at, version
)
select id, person_id, kind, ballot_id, seat_id, text, created_at, read_at, version from notifications;

-- contract: the table is made anew with the same columns and one more
drop table notifications;

alter table notifications_of_all_kinds rename to notifications;

create index notifications_person_idx on notifications (person_id, id);
