-- The payment service's read table, a function of its log (`motcua rebuild payment`), and how far it read the bank's.

create table if not exists payments (
  payment_id uuid primary key,
  version int not null,
  status text not null check (status in ('open', 'paid', 'waived', 'closed', 'unmatched')),
  closed_for text,                             -- refused, withdrawn, stopped, lapsed, refunded
  dossier_id uuid,                             -- null while nobody knows what the money is for
  payer uuid,
  agency text,
  agency_vi text,
  agency_en text,
  reference text,
  amount bigint not null,                      -- đồng
  place text,                                  -- online or desk
  pay_by timestamptz,
  opened_at timestamptz not null,
  method text,
  paid_at timestamptz,
  settled_by text,                             -- the transaction that paid the fee
  receipt_number text,
  receipt jsonb,                               -- its whole content
  transactions text[] not null,                -- every reference at the bank: its call finds us here
  attempts jsonb not null,                     -- setting out to the bank, one after the other
  unanswered_since timestamptz,                -- start of the oldest VNPAY attempt without an answer
  money jsonb not null,                        -- what arrived, by transaction
  mismatches jsonb not null,
  refunds jsonb not null,                      -- what goes back, by transaction
  refund text not null                         -- the refund somebody has to look after: '' if none
);
create index if not exists payments_by_payer on payments (payer, opened_at desc);
create index if not exists payments_by_dossier on payments (dossier_id);
create index if not exists payments_by_agency on payments (agency, status, opened_at desc);
create index if not exists payments_by_transaction on payments using gin (transactions)
  with (fastupdate = off);
create unique index if not exists payments_by_receipt on payments (receipt_number);
create index if not exists payments_unanswered on payments (unanswered_since)
  where unanswered_since is not null;
create index if not exists payments_refunds on payments (agency, refund) where refund <> '';

create table if not exists statement_read (    -- working table, one row: how far the bank's statement was read
  one boolean primary key default true check (one),
  until timestamptz not null
);

grant select, insert, update on payments, statement_read to :app;
