-- contract: these tables came with this migration, so going back drops them.
drop table klass_codes;
drop table klass_changes;
drop table register_persons;
drop table register_removals;
drop table register_units;
drop table fetches;
drop table sources;
