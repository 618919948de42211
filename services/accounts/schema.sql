-- The tables of accounts. Read tables are functions of the log; the others are working tables.

create table if not exists persons (           -- read table
  person_id uuid primary key,
  kinds text[] not null,                       -- in the order they were granted
  verified boolean not null,                   -- the address is proven
  registered_at timestamptz not null,
  email text,                                  -- this and the next: empty once erased
  phone text,
  id_number text,
  details jsonb,
  version int not null
);
create unique index if not exists persons_by_email on persons (email);
create index if not exists persons_by_phone on persons (phone, registered_at);
create index if not exists persons_by_id_number on persons (id_number, registered_at);

create table if not exists organisations (     -- read table
  organisation_id uuid primary key,
  representative uuid not null,
  particulars jsonb,                           -- empty once erased
  version int not null
);
create index if not exists organisations_by_representative on organisations (representative);

create table if not exists credentials (       -- working table: never an event, for a log is for ever
  person_id uuid primary key,
  hash text not null                           -- Argon2id, see hashing.py
);

create table if not exists registrations (     -- working table: addresses that wait for their proof
  registration_id uuid primary key,            -- the person's id, once proven
  purpose text not null check (purpose in ('registration', 'invitation')),
  email text not null,
  language text not null,
  details jsonb,                               -- of a registration
  hash text,                                   -- of the password chosen at registration
  issue bigint not null,                       -- the instant of the last code: the code is derived from it
  issued int not null default 1,               -- how many codes there were
  tries int not null default 0,                -- of the last code
  good_until timestamptz not null,             -- the last code
  forget_at timestamptz not null
);
create index if not exists registrations_by_end on registrations (forget_at);

create table if not exists sessions (          -- working table
  session_id uuid primary key,
  person_id uuid not null,
  kind text not null,
  auth_time timestamptz not null,
  idle_until timestamptz not null,
  ends_at timestamptz not null
);
create index if not exists sessions_by_person on sessions (person_id);
create index if not exists sessions_by_end on sessions (idle_until);

create table if not exists refresh_tokens (    -- working table: spent ones stay, to be known again
  hash bytea primary key,                      -- SHA-256 of 32 random bytes
  session_id uuid not null references sessions on delete cascade,
  spent_at timestamptz
);
create index if not exists refresh_tokens_by_session on refresh_tokens (session_id);

create table if not exists tries (             -- working table: who has to wait before trying again
  who bytea primary key,                       -- a keyed hash: no login and no address
  failures int not null,
  not_before timestamptz not null,
  forget_at timestamptz not null
);
create index if not exists tries_by_end on tries (forget_at);

grant select, insert, update, delete on
  persons, organisations, credentials, registrations, sessions, refresh_tokens, tries to :app;
