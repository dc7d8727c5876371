-- What Statistics Norway counts in municipalities at the end of years, which sums of units are held against.
create table control_totals (
    unit_kind text not null,
    municipality_number text not null,
    year bigint not null,
    measure text not null,
    table_id text not null,
    contents text not null,
    value jsonb not null,
    tolerance_percent bigint not null,
    since timestamptz not null,
    constraint control_totals_unit_kind_municipality_number_year_key primary key (unit_kind, municipality_number, year),
    constraint control_totals_unit_kind_check check (
        unit_kind in ('kindergarten', 'primary_school', 'upper_secondary')
    ),
    constraint control_totals_measure_check check (measure in ('employees', 'man_years')),
    constraint control_totals_tolerance_percent_check check (tolerance_percent between 0 and 100)
);
