-- What there is of each item, and how much of it is promised to orders.
create table levels (
  sku text primary key,
  on_hand bigint not null default 0,
  reserved bigint not null default 0,
  -- Grows with each change, and travels in the events: an older level that arrives later is stale.
  version bigint not null default 0,
  check (0 <= reserved and reserved <= on_hand)
);

-- Every change there ever was, as a delta; the levels are its sums.
create table ledger (
  sequence bigint generated always as identity primary key,
  sku text not null,
  delta_on_hand bigint not null,
  delta_reserved bigint not null,
  kind text not null,
  reference text,
  at timestamptz not null
);

create index ledger_of_sku on ledger (sku, sequence);

-- What became of each order's wish. A row that says released without lines came before the order: it stays a refusal.
create table reservations (
  order_id text primary key,
  state text not null check (state in ('reserved', 'exhausted', 'released', 'handed-over', 'taken-back')),
  lines jsonb not null,
  at timestamptz not null
);
