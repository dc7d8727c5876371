create table notifications_of_ballots (
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

insert into notifications_of_ballots (
    id, person_id, kind, ballot_id, seat_id, text, created_at, read_at, version
)
select id, person_id, kind, ballot_id, seat_id, text, created_at, read_at, version
from notifications where kind = 'ballot_reminder';

-- contract: the program before knows reminders of ballots only
drop table notifications;

alter table notifications_of_ballots rename to notifications;

create index notifications_person_idx on notifications (person_id, id);

drop trigger decisions_notices_fixed_update;

-- contract: these columns came with this migration.
alter table decisions drop column notices;
alter table decisions drop column notified_at;
alter table decisions drop column appeal_id;
alter table decisions drop column course;

-- contract: these tables came with this migration, so going back drops them.
drop table appeal_reruns;
drop table appeals;

alter table offices drop column appeal_rules;
