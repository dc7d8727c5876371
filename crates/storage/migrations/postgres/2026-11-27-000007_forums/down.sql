drop trigger minutes_approved_fixed_delete on minutes;
drop trigger minutes_approved_fixed_update on minutes;
drop trigger votes_kept_update on votes;
drop trigger ballots_counted_fixed_update on ballots;
drop trigger ballots_frozen_rules_update on ballots;

-- contract: these tables came with this migration, so going back drops them.
drop table notifications;
drop table minutes;
drop table papers;

-- contract: these columns came with this migration.
alter table votes drop column receipt;
alter table votes drop column nonce;
alter table ballots drop column tally;
alter table ballots drop column application_id;
alter table recusals drop column version;
alter table recusals drop column ruled_at;
alter table recusals drop column ruled_by;
alter table recusals drop column ruling_reason;
alter table recusals drop column state;
alter table recusals drop column found;
alter table meetings drop column minutes_number;
alter table meetings drop column current_item_id;
alter table forums drop column deputy_chair_id;
alter table forums drop column reminder_hours;
alter table forums drop column disclosure;
alter table forums drop column quorum_by_kind;

create trigger ballots_frozen_rules_update before update on ballots for each row
    when (old.frozen and (not new.frozen
        or (new.forum_id, new.meeting_id, new.agenda_item_id, new.round_id, new.rules)
        is distinct from (old.forum_id, old.meeting_id, old.agenda_item_id, old.round_id, old.rules)))
    execute function refuse_change('ballots_frozen_rules');

create trigger votes_kept_update before update on votes for each row
    when (old.superseded
        or (new.ballot_id, new.seat_id, new.revision, new.person_id, new.content, new.recused_on, new.cast_at)
        is distinct from (old.ballot_id, old.seat_id, old.revision, old.person_id, old.content, old.recused_on, old.cast_at))
    execute function refuse_change('votes_kept');
