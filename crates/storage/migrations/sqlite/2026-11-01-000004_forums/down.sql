drop table recommendations;
drop table votes;
drop table ballots;
drop table recusals;
drop table meetings;
drop table seats;
drop table forums;
