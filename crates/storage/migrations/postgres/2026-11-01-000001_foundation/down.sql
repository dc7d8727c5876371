drop table idempotency_keys;
drop table jobs;
drop table journal;
drop function journal_refuse_change();
drop table journal_head;
