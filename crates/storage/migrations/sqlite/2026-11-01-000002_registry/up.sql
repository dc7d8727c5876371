create table organisations (
    id text not null,
    number text not null,
    name text not null,
    kind text not null,
    municipality_number text,
    language text not null,
    placeholder integer not null constraint organisations_placeholder_check check (placeholder in (0, 1)),
    version integer not null,
    constraint organisations_id_key primary key (id),
    constraint organisations_number_key unique (number),
    constraint organisations_number_check check (length(number) = 9),
    constraint organisations_kind_check check (kind in (
        'municipality', 'county_municipality', 'independent_school', 'kindergarten_owner', 'university',
        'county_governor', 'directorate', 'association'
    )),
    constraint organisations_language_check check (language in ('nb', 'nn', 'en')),
    constraint organisations_version_check check (version >= 1)
) strict;

create index organisations_kind_idx on organisations (kind, id);

create table headcounts (
    id text not null,
    organisation_id text not null,
    unit_kind text not null,
    measure text not null,
    counted_on text not null,
    value text not null constraint headcounts_value_check check (json_valid(value)),
    source text not null,
    practice integer not null constraint headcounts_practice_check check (practice in (0, 1)),
    constraint headcounts_id_key primary key (id),
    constraint headcounts_organisation_id_fkey foreign key (organisation_id) references organisations (id),
    constraint headcounts_unit_kind_check check (unit_kind in ('kindergarten', 'primary_school', 'upper_secondary')),
    constraint headcounts_measure_check check (measure in ('employees', 'man_years', 'children'))
) strict;

create index headcounts_organisation_idx on headcounts (organisation_id, id);

create table offices (
    id text not null,
    key text not null,
    name text not null constraint offices_name_check check (json_valid(name)),
    department text not null constraint offices_department_check check (json_valid(department)),
    organisation_number text not null,
    address text not null constraint offices_address_check check (json_valid(address)),
    language text not null,
    version integer not null,
    constraint offices_id_key primary key (id),
    constraint offices_key_key unique (key),
    constraint offices_language_check check (language in ('nb', 'nn', 'en')),
    constraint offices_version_check check (version >= 1)
) strict;

create table reference_counters (
    office_key text not null,
    year integer not null,
    last_number integer not null,
    constraint reference_counters_office_key_year_key primary key (office_key, year),
    constraint reference_counters_office_key_fkey foreign key (office_key) references offices (key),
    constraint reference_counters_year_check check (year between 1990 and 2100),
    constraint reference_counters_last_number_check check (last_number >= 1)
) strict;

create table persons (
    id text not null,
    name text not null,
    title text,
    phone text,
    office_id text,
    organisation_id text,
    version integer not null,
    constraint persons_id_key primary key (id),
    constraint persons_office_id_fkey foreign key (office_id) references offices (id),
    constraint persons_organisation_id_fkey foreign key (organisation_id) references organisations (id),
    constraint persons_version_check check (version >= 1)
) strict;

create table access_tokens (
    id text not null,
    person_id text not null,
    role text not null,
    label text not null,
    hash text not null,
    expires_at text,
    revoked_at text,
    version integer not null,
    constraint access_tokens_id_key primary key (id),
    constraint access_tokens_hash_key unique (hash),
    constraint access_tokens_person_id_fkey foreign key (person_id) references persons (id),
    constraint access_tokens_role_check check (role in (
        'applicant', 'member', 'chair', 'case_officer', 'approver', 'directorate', 'admin'
    )),
    constraint access_tokens_hash_check check (length(hash) = 64),
    constraint access_tokens_version_check check (version >= 1)
) strict;

create index access_tokens_person_idx on access_tokens (person_id, id);

create table schemes (
    id text not null,
    key text not null,
    name text not null constraint schemes_name_check check (json_valid(name)),
    first_year integer not null,
    last_year integer not null,
    legal_basis text not null,
    computing_body text not null,
    model_description text not null constraint schemes_model_description_check check (json_valid(model_description)),
    letter_texts text not null constraint schemes_letter_texts_check check (json_valid(letter_texts)),
    version integer not null,
    constraint schemes_id_key primary key (id),
    constraint schemes_key_key unique (key),
    constraint schemes_years_check check (first_year >= 1990 and last_year >= first_year and last_year <= 2100),
    constraint schemes_version_check check (version >= 1)
) strict;

create table funding_models (
    id text not null,
    scheme_id text not null,
    key text not null,
    model_version integer not null,
    valid_from_year integer not null,
    valid_to_year integer not null,
    legal_basis text not null,
    base_ore integer not null,
    rate_ore integer not null,
    counted text not null constraint funding_models_counted_check check (json_valid(counted)),
    withheld_assumed_milli integer not null,
    version integer not null,
    constraint funding_models_id_key primary key (id),
    constraint funding_models_scheme_id_key_model_version_key unique (scheme_id, key, model_version),
    constraint funding_models_scheme_id_fkey foreign key (scheme_id) references schemes (id),
    constraint funding_models_model_version_check check (model_version >= 1),
    constraint funding_models_years_check check (
        valid_from_year >= 1990 and valid_to_year >= valid_from_year and valid_to_year <= 2100
    ),
    constraint funding_models_amounts_check check (base_ore >= 0 and rate_ore >= 0),
    constraint funding_models_withheld_assumed_check check (withheld_assumed_milli between 1000 and 4000),
    constraint funding_models_version_check check (version >= 1)
) strict;

create table frames (
    id text not null,
    office_id text not null,
    scheme_id text not null,
    year integer not null,
    status text not null,
    amount_ore integer,
    places integer,
    committed_ore integer not null,
    places_used integer not null,
    version integer not null,
    constraint frames_id_key primary key (id),
    constraint frames_office_id_scheme_id_year_key unique (office_id, scheme_id, year),
    constraint frames_office_id_fkey foreign key (office_id) references offices (id),
    constraint frames_scheme_id_fkey foreign key (scheme_id) references schemes (id),
    constraint frames_year_check check (year between 1990 and 2100),
    constraint frames_status_check check (status in ('expected', 'decided')),
    constraint frames_amount_check check (amount_ore >= 0 and committed_ore >= 0),
    constraint frames_money_check check (
        committed_ore = 0 or (amount_ore is not null and committed_ore <= amount_ore)
    ),
    constraint frames_places_check check (places_used >= 0 and (places is null or places_used <= places)),
    constraint frames_version_check check (version >= 1)
) strict;

create index frames_scheme_idx on frames (scheme_id, id);
