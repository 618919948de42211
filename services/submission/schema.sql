-- Read table of the submission service: a function of its log, rebuilt from zero by `motcua rebuild submission`.
-- Nothing personal stands here: names, words and papers are read from the log, under the dossier's own key.

create table if not exists dossiers (
  dossier_id uuid primary key,
  version int not null,
  reference text not null,                     -- of the submission
  code text,                                   -- from intake on
  applicant uuid not null,
  submitter uuid not null,
  procedure text not null,
  procedure_version int not null,
  name_vi text not null,
  name_en text not null,
  receiving text not null,                     -- agency code
  agency_vi text not null,
  agency_en text not null,
  channel text not null,
  limit_value int not null,                    -- the time limit of the procedure
  limit_unit text not null,
  status int not null,                         -- the national list
  status_since timestamptz not null,
  step text not null,
  payment text not null,
  delivery text not null,
  synchronisation text not null,
  amount bigint not null,                      -- đồng
  turn text,                                   -- the desk role whose turn it is; null: not the agency's
  specialist uuid,                             -- who holds it, where somebody does
  outcome text,
  result_file uuid,
  submitted_at timestamptz not null,
  received_at timestamptz,
  issued_at timestamptz,                       -- the result, unless it was recalled
  ended_at timestamptz,
  changed_at timestamptz not null,
  due timestamptz,
  late_from timestamptz,                       -- while the clock runs: from when on a result is late
  warned_for timestamptz,                      -- the due date people were warned of
  missed timestamptz,                          -- the due date that passed
  lapses_at timestamptz                        -- while the applicant is waited for: how long
);
create index if not exists dossiers_by_applicant on dossiers (applicant, submitted_at desc);
create index if not exists dossiers_by_submitter on dossiers (submitter, submitted_at desc);
create index if not exists dossiers_by_agency on dossiers (receiving, status, due);
create unique index if not exists dossiers_by_code on dossiers (code);
create unique index if not exists dossiers_by_reference on dossiers (reference);
create index if not exists dossiers_running on dossiers (due) where late_from is not null;
create index if not exists dossiers_waiting on dossiers (lapses_at) where lapses_at is not null;

grant select, insert, update on dossiers to :app;
