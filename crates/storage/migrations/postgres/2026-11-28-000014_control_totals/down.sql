drop table control_totals;
