drop table letter_renditions;
drop table letters;
drop table grant_years;
drop table grants;
drop table decisions;
drop table runs;
