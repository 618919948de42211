-- Tables of the notification service.

create table if not exists dossiers (          -- working table: a copy of what submission published
  dossier_id uuid primary key,
  reference text not null,
  code text,                                   -- null until the desk receives the dossier
  applicant uuid not null,
  submitter uuid not null,
  procedure_vi text not null,
  procedure_en text not null,
  agency_vi text not null,
  agency_en text not null,
  channel text not null
);

create table if not exists messages (          -- read table: rebuilt by `motcua rebuild notification`
  message_id uuid primary key,
  version int not null,
  person_id uuid not null,
  dossier_id uuid,
  about text not null,                         -- wire name of what happened
  cause uuid not null,                         -- the event that told it
  channel text not null check (channel in ('mail', 'inbox')),
  words jsonb not null,                        -- subject and text in both languages
  happened_at timestamptz not null,
  written_at timestamptz not null,
  sent_at timestamptz,
  opened_at timestamptz,
  failed_at timestamptz,
  failed_for text not null                     -- '' unless it failed
);
create index if not exists messages_by_person
  on messages (person_id, happened_at desc, message_id desc) where channel = 'inbox';
create index if not exists messages_by_dossier on messages (dossier_id, happened_at, message_id);

grant select, insert, update on dossiers, messages to :app;
