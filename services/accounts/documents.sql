-- The personal document store: one row for each paper, written with its events. Contents lie in the blobs.

create table if not exists documents (
  document_id uuid primary key,
  person_id uuid not null,                     -- whose it is; names the key of `about` and of the blob
  kind text not null check (kind in ('upload', 'result')),
  dossier_id uuid,                             -- of a result: where it comes from
  about text not null,                         -- sealed: name and hashes
  media_type text not null,
  size bigint not null,
  pages int,
  scan text not null,                          -- not scanned | clean
  blob text not null,                          -- its name in the object store
  stored_at timestamptz not null,
  revoked_at timestamptz,                      -- no more copies since
  removed_at timestamptz                       -- no more content since
);
create index if not exists documents_by_person on documents (person_id, stored_at desc);
create index if not exists documents_by_blob on documents (blob);

grant select, insert, update on documents to :app;
