drop table idempotency_keys;
drop table jobs;
drop trigger journal_refuse_delete;
drop trigger journal_refuse_update;
drop table journal;
drop table journal_head;
