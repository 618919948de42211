-- The log of one service and what goes with it. Read it from top to bottom: tables, guards, one function.
-- Run by the owner of the schema; the service's own role (`:app`) gets the least it needs.

-- The log ---------------------------------------------------------------------------------------------------

create table if not exists log_head (          -- one row: the highest position given out
  one boolean primary key default true check (one),
  position bigint not null
);
insert into log_head (position) values (0) on conflict do nothing;

create table if not exists streams (           -- the tip of every stream; its row lock is the stream's lock
  stream text primary key,                     -- <category>-<uuid>
  version int not null,
  head bytea not null                          -- hash of the last event
) with (fillfactor = 70);

create table if not exists events (
  position bigint primary key,                 -- dense, in commit order: a hole means loss or tampering
  stream text not null,
  version int not null,
  event_id uuid not null unique,
  type text not null,                          -- the wire name
  public boolean not null,                     -- whether the relay publishes it
  recorded_at timestamptz not null,            -- server time, never falling within a stream
  data bytea not null,                         -- the exact bytes that were hashed, and are published
  meta bytea not null,                         -- who, why, in answer to what: hashed too
  hash bytea not null,                         -- see proof.py
  place bytea not null,                        -- binds the hash to its position and to being public or not
  unique (stream, version)
);

create or replace function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'the log is append-only: % on % is refused', tg_op, tg_table_name;
end $$;

create or replace trigger events_are_forever before update or delete on events
  for each row execute function refuse_change();
create or replace trigger events_are_not_emptied before truncate on events
  for each statement execute function refuse_change();
alter table events enable always trigger events_are_forever;      -- ALWAYS: also in replication mode
alter table events enable always trigger events_are_not_emptied;

-- Beside the log --------------------------------------------------------------------------------------------

create table if not exists personal_keys (     -- destroying the row erases what it sealed
  key_id uuid primary key,                     -- the aggregate's own id
  wrapped bytea not null
);

create table if not exists idempotency_keys (
  scope text not null,                         -- who asked
  key text not null,
  fingerprint bytea not null,                  -- of method, path and body
  answer bytea not null,                       -- ids and versions only
  created_at timestamptz not null default now(),
  primary key (scope, key)
);
create index if not exists idempotency_keys_by_age on idempotency_keys (created_at);

create table if not exists cursors (           -- how far a reader of this log has come
  reader text primary key,
  position bigint not null
);

create table if not exists fences (            -- how far a consumer has applied a partition of somebody's topic
  consumer text not null,
  topic text not null,
  partition int not null,
  cluster text not null,                       -- another cluster counts its offsets anew
  next_offset bigint not null,
  sequence bigint not null,                    -- highest position of the publisher's log applied
  primary key (consumer, topic, partition)
);

create table if not exists parked (            -- records that could not be applied, and those waiting behind them
  id bigint generated always as identity primary key,
  consumer text not null,
  topic text not null,
  partition int not null,
  cluster text not null,
  record_offset bigint not null,
  key text not null,                           -- the aggregate: later events of it wait behind
  record_key bytea,
  type text not null,
  headers jsonb not null,                      -- [name, base64] of each
  value bytea,
  cause text not null,
  parked_at timestamptz not null default now(),
  state text not null default 'waiting' check (state in ('waiting', 'retried', 'dropped')),
  note text not null default '',
  unique (consumer, topic, partition, cluster, record_offset)
);
create index if not exists parked_waiting on parked (consumer, topic, key) where state = 'waiting';

-- Whoever waits behind a record takes that record's row lock: should it be applied or dropped in the meantime,
-- the batch is decided again, and nothing is left waiting behind nothing.
create or replace function wait_behind_somebody() returns trigger language plpgsql as $$
begin
  perform from parked
    where consumer = new.consumer and topic = new.topic and key = new.key and state = 'waiting' for update;
  if not found then
    raise exception 'nothing to wait behind' using errcode = 'MC001';
  end if;
  return new;
end $$;
create or replace trigger parked_waits before insert on parked
  for each row when (new.cause like 'waits behind %') execute function wait_behind_somebody();

create table if not exists errands (           -- whatever leaves the service: done by the clock role
  errand_id uuid primary key,
  kind text not null,
  subject text not null,                       -- the aggregate it is for
  payload jsonb not null,
  owner text not null,                         -- who looks after it when it is overdue
  due_at timestamptz not null,
  deadline timestamptz not null,
  attempts int not null default 0,
  claimed_until timestamptz,
  state text not null default 'waiting' check (state in ('waiting', 'done', 'failed')),
  outcome text not null default '',            -- of the last try
  correlation text not null default '',
  traceparent text not null default '',
  created_at timestamptz not null default now()
);
create index if not exists errands_due on errands (due_at) where state = 'waiting';

create table if not exists reads (             -- who looked at personal data; insert-only
  id bigint generated always as identity primary key,
  reader text not null,
  role text not null,
  agency text not null default '',
  subject text not null,
  what text not null,
  at timestamptz not null default now()
);
create index if not exists reads_by_subject on reads (subject, at);
create or replace trigger reads_are_forever before update or delete on reads
  for each row execute function refuse_change();
alter table reads enable always trigger reads_are_forever;

create table if not exists counters (          -- numbers people see
  series text primary key,
  last bigint not null
);
create table if not exists number_gaps (       -- numbers drawn and not used
  series text not null,
  number bigint not null,
  reason text not null,
  at timestamptz not null default now(),
  primary key (series, number)
);

-- Append ----------------------------------------------------------------------------------------------------
-- One call is one transaction and one round trip. It holds many units, each the whole change of one command.
-- The order of locks is the same for every writer, so none can deadlock: fence, keys, streams, rows, log head.
-- Ordinary units win or lose one by one. In strict mode (a consumer's batch) one lost race undoes everything.
--
-- Returned: one row per unit that lost ('key' or 'moved'), and always a last row (-1, position of the last event).

create or replace function append(
  strict boolean,
  fence jsonb,                                 -- null, or {consumer, topic, partition, cluster, first, next, sequence}
  key_unit int[], key_scope text[], key_name text[], key_fingerprint bytea[], key_answer bytea[],
  stream_unit int[], stream_name text[], stream_expected int[], stream_seen bytea[], stream_version int[], stream_head bytea[],
  event_unit int[], event_stream text[], event_version int[], event_id_ uuid[], event_type text[], event_public boolean[],
  event_recorded timestamptz[], event_data bytea[], event_meta bytea[], event_hash bytea[],
  row_statement text[], row_units jsonb[], row_values jsonb[]   -- rows in batches: of which unit each is, and its columns
) returns table (unit int, outcome text, at_position bigint) language plpgsql as $$
declare
  lost int[] := '{}';
  moved int[];
  batch jsonb;
  last bigint;
  many bigint;
begin
  perform from cursors where reader = 'rebuild' and position > extract(epoch from now());
  if found then
    raise exception 'read tables are being rebuilt' using errcode = 'MC002';
  end if;

  if fence is not null then
    insert into fences as f (consumer, topic, partition, cluster, next_offset, sequence)
    values (fence->>'consumer', fence->>'topic', (fence->>'partition')::int, fence->>'cluster',
            (fence->>'next')::bigint, (fence->>'sequence')::bigint)
    on conflict (consumer, topic, partition) do update
      set next_offset = excluded.next_offset, cluster = excluded.cluster,
          sequence = greatest(f.sequence, excluded.sequence)
      where f.cluster <> excluded.cluster or f.next_offset = (fence->>'first')::bigint;
    if not found then
      return query select -1, 'fenced', null::bigint;
      return;
    end if;
  end if;

  if cardinality(key_unit) > 0 then
    with wanted as (
      select * from unnest(key_unit, key_scope, key_name, key_fingerprint, key_answer) k(u, s, n, f, a)
    ), taken as (
      insert into idempotency_keys (scope, key, fingerprint, answer)
      select s, n, f, a from wanted order by s, n
      on conflict do nothing returning scope, key
    )
    select coalesce(array_agg(u), '{}') into lost from wanted
    where not exists (select from taken where scope = s and key = n);
    if strict and cardinality(lost) > 0 then
      raise exception 'a key was taken' using errcode = 'MC001';
    end if;
    return query select l, 'key', null::bigint from unnest(lost) l;
  end if;

  if cardinality(stream_unit) > 0 then
    with wanted as (
      select * from unnest(stream_unit, stream_name, stream_expected, stream_seen, stream_version, stream_head)
        w(u, s, expected, seen, v, h)
      where u <> all (lost)
    ), born as (
      insert into streams (stream, version, head)
      select s, v, h from wanted where expected = 0 order by s
      on conflict do nothing returning stream
    )
    select coalesce(array_agg(u), '{}') into moved from wanted
    where expected = 0 and not exists (select from born where stream = s);

    perform from streams where stream = any (
      select s from unnest(stream_name, stream_expected) w(s, expected) where expected > 0)
      order by stream for no key update;
    with wanted as (
      select * from unnest(stream_unit, stream_name, stream_expected, stream_seen, stream_version, stream_head)
        w(u, s, expected, seen, v, h)
      where expected > 0 and u <> all (lost)
    ), swapped as (
      update streams t set version = v, head = h from wanted
      where t.stream = s and t.version = expected and t.head = seen returning t.stream
    )
    select moved || coalesce(array_agg(u), '{}') into moved from wanted
    where not exists (select from swapped where stream = s);

    if cardinality(moved) > 0 then
      if strict then
        raise exception 'a stream moved' using errcode = 'MC001';
      end if;
      delete from idempotency_keys i
        using unnest(key_unit, key_scope, key_name) k(u, s, n)
        where i.scope = s and i.key = n and u = any (moved);
      return query select m, 'moved', null::bigint from unnest(moved) m;
      lost := lost || moved;
    end if;
  end if;

  for b in 1 .. cardinality(row_statement) loop
    batch := row_values[b];
    if cardinality(lost) > 0 then
      select coalesce(jsonb_agg(v order by n), '[]') into batch
      from rows from (jsonb_array_elements(row_values[b]), jsonb_array_elements_text(row_units[b]))
        with ordinality r(v, u, n)
      where u::int <> all (lost);
    end if;
    execute row_statement[b] using batch;
  end loop;

  select count(*) into many from unnest(event_unit) u where u <> all (lost);
  if many > 0 then
    update log_head set position = position + many returning position into last;
    insert into events (position, stream, version, event_id, type, public, recorded_at, data, meta, hash, place)
    select l, s, v, i, t, p, r, d, m, h, substr(sha256(h || int8send(l) || boolsend(p)), 1, 16)
    from (select last - many + row_number() over (order by n) as l, e.*
          from unnest(event_unit, event_stream, event_version, event_id_, event_type, event_public,
                      event_recorded, event_data, event_meta, event_hash)
               with ordinality e(u, s, v, i, t, p, r, d, m, h, n)
          where u <> all (lost)) placed;
  end if;
  return query select -1, 'done', last;
end $$;

-- Rights of the service's own role --------------------------------------------------------------------------

revoke all on schema public from public;
grant usage on schema public to :app;
grant select, insert on events, reads, number_gaps to :app;
grant select, update on log_head to :app;
grant select, insert, update on streams, counters to :app;
grant select, insert, update, delete on personal_keys, idempotency_keys, cursors, fences, parked, errands to :app;
