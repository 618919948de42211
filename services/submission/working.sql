-- Working tables of the submission service: not functions of its log, so they are backed up, not rebuilt.

create table if not exists drafts (
  dossier_id uuid primary key,                 -- of the dossier to be, and of its key
  applicant uuid not null,
  procedure text not null,
  procedure_version int not null,
  agency text not null,
  content text not null,                       -- sealed: the chosen form, its values, delivery address
  version int not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  submitted boolean not null default false
);
create index if not exists drafts_by_applicant on drafts (applicant, updated_at desc) where not submitted;

create table if not exists files (
  file_id uuid primary key,
  dossier_id uuid not null,
  component text not null,                     -- '' for a result
  about text not null,                         -- sealed: name, hash, where it came from
  media_type text not null,
  size bigint not null,
  pages int,
  source text not null,                        -- upload | scan | photo | store | officer
  scan text not null,                          -- not scanned | clean
  blob text not null,                          -- its name in the object store
  uploader uuid not null,
  used boolean not null default false,         -- named by an event: never swept
  created_at timestamptz not null
);
create index if not exists files_by_dossier on files (dossier_id);

create table if not exists procedures (        -- copies of what the catalogue published
  key text not null,
  version int not null,
  body jsonb not null,
  published_at timestamptz not null,
  primary key (key, version)
);
create table if not exists procedures_withdrawn (key text primary key, at timestamptz not null);
create table if not exists agencies (code text primary key, body jsonb not null);
create table if not exists calendar_years (year int primary key, days jsonb not null);

create table if not exists notices (           -- copies of what the notification service published
  message_id uuid not null,
  outcome text not null,                       -- sent | delivered | failed
  dossier_id uuid not null,
  person_id uuid not null,
  about text not null,
  channel text not null,
  cause text not null default '',
  at timestamptz not null,
  primary key (message_id, outcome)
);
create index if not exists notices_by_dossier on notices (dossier_id, at);

create table if not exists money (             -- copies of what the payment service published, for the timeline
  event_id uuid primary key,
  dossier_id uuid not null,
  payment_id uuid not null,
  what text not null,                          -- requested | started | failed | paid | waived | receipt | refund-…
  amount bigint,
  number text not null default '',
  at timestamptz not null
);
create index if not exists money_by_dossier on money (dossier_id, at);

create table if not exists spent_challenges (  -- a solved proof of work counts once
  challenge text primary key,
  expires_at timestamptz not null
);

grant select, insert, update, delete on drafts, files, procedures, procedures_withdrawn, agencies,
  calendar_years, notices, money, spent_challenges to :app;
