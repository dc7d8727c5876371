drop trigger changes_fixed_delete on changes;
drop trigger changes_fixed_update on changes;

-- contract: these tables came with this migration, so going back drops them.
drop table change_offices;
drop table changes;
drop table units;
drop table organisation_versions;

-- contract: these columns came with this migration.
alter table organisations drop column successors;
alter table organisations drop column ceased_on;

-- contract: the program before would take the count of one unit for that of the whole organisation
delete from headcounts where unit_number is not null or register is not null;

-- contract: these columns came with this migration.
alter table headcounts drop column departs;
alter table headcounts drop column recorded_by;
alter table headcounts drop column reason;
alter table headcounts drop column register;
alter table headcounts drop column unit_name;
alter table headcounts drop column unit_number;
