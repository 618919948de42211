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
  unique (dossier_id, version)
);
create index if not exists drafts_by_applicant on drafts (applicant, updated_at desc);

create table if not exists handed_in (         -- a dossier is made of one version of its draft, which
  dossier_id uuid primary key,                 -- from then on is neither saved over nor discarded
  version int not null,
  foreign key (dossier_id, version) references drafts (dossier_id, version)
);

create table if not exists files (
  file_id uuid primary key,
  dossier_id uuid not null,
  component text not null,                     -- '' for a result
  about text not null,                         -- sealed: name, hashes, where it came from
  media_type text not null,
  size bigint not null,
  pages int,
  source text not null,                        -- upload | scan | photo | store | officer
  scan text not null,                          -- not scanned | clean
  blob text not null,                          -- its name in the object store
  uploader uuid not null,
  created_at timestamptz not null
);
create index if not exists files_by_dossier on files (dossier_id);
create unique index if not exists files_by_blob on files (blob);

create table if not exists named_files (       -- files that an event names: never taken out
  file_id uuid primary key references files
);

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

create table if not exists told (              -- what others published about a dossier, shown beside its timeline
  event_id uuid primary key,
  dossier_id uuid not null,
  what text not null,                          -- the event's wire name
  facts jsonb not null,
  at timestamptz not null
);
create index if not exists told_by_dossier on told (dossier_id, at);

create table if not exists spent_challenges (  -- a solved proof of work counts for one dossier
  challenge text primary key,
  dossier_id uuid not null,
  expires_at timestamptz not null
);

grant select, insert, update, delete on drafts, handed_in, files, named_files, procedures,
  procedures_withdrawn, agencies, calendar_years, told, spent_challenges to :app;
