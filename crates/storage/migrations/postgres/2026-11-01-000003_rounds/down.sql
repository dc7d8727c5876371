drop table application_parties;
drop table applications;
drop table rounds;
