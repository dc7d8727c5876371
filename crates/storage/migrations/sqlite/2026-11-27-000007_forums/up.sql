-- Quorum by kind of organisation, who sees votes, and reminders are the forum's to say.
alter table forums add column quorum_by_kind text not null default '[]' constraint forums_quorum_by_kind_check check (json_valid(quorum_by_kind));
alter table forums add column disclosure text not null default 'secret'
    constraint forums_disclosure_check check (disclosure in ('secret', 'sealed', 'open'));
alter table forums add column reminder_hours integer
    constraint forums_reminder_check check (reminder_hours is null or reminder_hours between 1 and 672);
alter table forums add column deputy_chair_id text
    constraint forums_deputy_chair_id_fkey references persons (id)
    constraint forums_deputy_chair_check check (deputy_chair_id is null or deputy_chair_id <> chair_id);

alter table meetings add column current_item_id text;
alter table meetings add column minutes_number integer not null default 0
    constraint meetings_minutes_check check (minutes_number = 0 or (minutes_number > 0 and state = 'held'));

-- An interest is declared or found, and ruled on.
alter table recusals add column found integer not null default 0 constraint recusals_found_check check (found in (0, 1));
alter table recusals add column state text not null default 'declared'
    constraint recusals_state_check check (state in ('suggested', 'declared', 'upheld', 'not_upheld'));
alter table recusals add column ruling_reason text;
alter table recusals add column ruled_by text
    constraint recusals_ruled_by_fkey references persons (id)
    -- Nobody rules on their own interest.
    constraint recusals_own_ruling_check check (ruled_by is null or ruled_by <> person_id);
alter table recusals add column ruled_at text
    constraint recusals_ruling_check check (
        (state in ('upheld', 'not_upheld')) = (ruled_at is not null and ruled_by is not null and ruling_reason is not null)
    );
alter table recusals add column version integer not null default 1
    constraint recusals_version_check check (version >= 1);

alter table ballots add column application_id text
    constraint ballots_application_id_fkey references applications (id);
alter table ballots add column tally text constraint ballots_tally_check check (tally is null or json_valid(tally));

alter table votes add column nonce text not null default '';
alter table votes add column receipt text not null default '';

create table papers (
    id text not null,
    meeting_id text not null,
    agenda_item_id text not null,
    title text not null,
    kind text not null,
    link text,
    text text,
    added_by text not null,
    added_at text not null,
    constraint papers_id_key primary key (id),
    constraint papers_meeting_id_fkey foreign key (meeting_id) references meetings (id),
    constraint papers_added_by_fkey foreign key (added_by) references persons (id),
    constraint papers_kind_check check (kind in ('case_note', 'attachment', 'remark')),
    constraint papers_content_check check ((link is null) <> (text is null))
) strict;

create index papers_meeting_idx on papers (meeting_id, id);

create table minutes (
    meeting_id text not null,
    number integer not null,
    content text not null constraint minutes_content_check check (json_valid(content)),
    correction text,
    approved_by text not null,
    approved_at text not null,
    constraint minutes_meeting_id_number_key primary key (meeting_id, number),
    constraint minutes_meeting_id_fkey foreign key (meeting_id) references meetings (id),
    constraint minutes_approved_by_fkey foreign key (approved_by) references persons (id),
    constraint minutes_correction_check check (number >= 1 and (number = 1) = (correction is null))
) strict;

create table notifications (
    id text not null,
    person_id text not null,
    kind text not null,
    ballot_id text not null,
    seat_id text not null,
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
    constraint notifications_kind_check check (kind in ('ballot_reminder')),
    constraint notifications_version_check check (version >= 1)
) strict;

create index notifications_person_idx on notifications (person_id, id);

-- The rules of a ballot stand from the first vote (rule 2), and with them what the item is about.
drop trigger ballots_frozen_rules_update;
create trigger ballots_frozen_rules_update before update on ballots for each row
    when (old.frozen and (not new.frozen
        or (new.forum_id, new.meeting_id, new.agenda_item_id, new.round_id, new.application_id, new.rules)
        is not (old.forum_id, old.meeting_id, old.agenda_item_id, old.round_id, old.application_id, old.rules)))
begin
    select raise(abort, 'CHECK constraint failed: ballots_frozen_rules');
end;

-- What was counted stands; such a ballot is only annulled.
create trigger ballots_counted_fixed_update before update on ballots for each row
    when (old.count is not null and (new.count, new.tally) is not (old.count, old.tally))
begin
    select raise(abort, 'CHECK constraint failed: ballots_counted_fixed');
end;

-- A vote that was cast stays as it was, with its receipt; a later revision only marks it as superseded.
drop trigger votes_kept_update;
create trigger votes_kept_update before update on votes for each row
    when (old.superseded
        or (new.ballot_id, new.seat_id, new.revision, new.person_id, new.content, new.recused_on, new.cast_at, new.nonce, new.receipt)
        is not (old.ballot_id, old.seat_id, old.revision, old.person_id, old.content, old.recused_on, old.cast_at, old.nonce, old.receipt))
begin
    select raise(abort, 'CHECK constraint failed: votes_kept');
end;

-- Minutes that were approved stand; a correction is a new version.
create trigger minutes_approved_fixed_update before update on minutes for each row
begin
    select raise(abort, 'CHECK constraint failed: minutes_approved_fixed');
end;

create trigger minutes_approved_fixed_delete before delete on minutes for each row
begin
    select raise(abort, 'CHECK constraint failed: minutes_approved_fixed');
end;
