-- contract: the program before knows reminders of ballots only
delete from notifications where kind <> 'ballot_reminder';
alter table notifications drop constraint notifications_subject_check;
alter table notifications drop constraint notifications_kind_check;
alter table notifications add constraint notifications_kind_check check (kind in ('ballot_reminder'));
alter table notifications drop column appeal_id;
alter table notifications alter column seat_id set not null;
alter table notifications alter column ballot_id set not null;

drop trigger decisions_notices_fixed_update on decisions;

-- contract: these columns came with this migration.
alter table decisions drop column notices;
alter table decisions drop column notified_at;
alter table decisions drop column appeal_id;
alter table decisions drop column course;

-- contract: these tables came with this migration, so going back drops them.
drop table appeal_reruns;
drop table appeals;

alter table offices drop column appeal_rules;
