-- The catalogue's tables. Each row belongs to one stream and is written in the transaction of its events.

create table if not exists agencies (
  code text primary key,
  kind text not null,
  parent text,
  body jsonb not null,
  folded text not null,
  version int not null
);
create index if not exists agencies_by_parent on agencies (parent);

create table if not exists procedures (        -- what people search and filter by
  key text primary key,
  newest int not null,
  code text,
  name_vi text not null,
  name_en text not null,
  sector text not null,
  sector_vi text not null,
  sector_en text not null,
  level int not null,
  agency_level text not null,
  open boolean not null,
  folded text not null,                        -- without accents
  joined text not null,                        -- without accents and spaces
  version int not null
);

create table if not exists procedure_versions (
  key text not null,
  version int not null,
  body jsonb not null,
  published_at timestamptz not null,
  primary key (key, version)
);

create table if not exists calendar_years (
  year int primary key,
  days jsonb not null,
  version int not null
);

create table if not exists imported (          -- working table: what the files last said of each entry
  entry text primary key,                      -- agency, procedure or year, and its name
  digest bytea not null
);

grant select, insert, update on agencies, procedures, procedure_versions, calendar_years, imported
  to :app;
