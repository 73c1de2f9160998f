-- What each order has to pay and what has been paid for it.
create table payments (
  order_id text primary key,
  customer_id text not null,
  amount bigint not null check (amount >= 0),
  currency text not null,
  status text not null check (status in ('awaited', 'captured', 'declined', 'partly-refunded', 'refunded')),
  -- The gateway's word for why the last try was declined.
  reason text,
  attempts integer not null default 0,
  captured bigint not null default 0,
  refunded bigint not null default 0,
  learned_at timestamptz not null,
  changed_at timestamptz not null,
  check (refunded between 0 and captured)
);

-- Every try to charge an order, recorded before the gateway is asked. captured and declined are final.
create table attempts (
  -- The gateway's Idempotency-Key and reference: made from what it is about, so that two of the same collide.
  key text primary key generated always as ('order/' || order_id || '/' || attempt::text) stored,
  order_id text not null references payments (order_id),
  attempt integer not null,
  amount bigint not null,
  currency text not null,
  method text not null,
  state text not null check (state in ('started', 'pending', 'captured', 'declined')),
  charge_id text,
  reason text,
  -- The request that began it; none when the order named its payment method.
  idempotency_key text,
  started_at timestamptz not null,
  changed_at timestamptz not null,
  -- When reconciling may look at it: a schedule, and a lease while it is being looked at.
  next_look_at timestamptz not null,
  unique (order_id, attempt),
  constraint attempts_request unique (order_id, idempotency_key)
);

-- Of one order at most one try is open: two could both take the money.
create unique index attempts_open on attempts (order_id) where state in ('started', 'pending');
create index attempts_to_look_at on attempts (next_look_at) where state in ('started', 'pending');

-- Money taken, by the gateway's own name for it: each is announced once, whoever learns of it first.
create table captures (
  charge_id text primary key,
  key text not null references attempts (key),
  order_id text not null references payments (order_id),
  amount bigint not null,
  currency text not null,
  captured_at timestamptz not null
);

create index captures_of_order on captures (order_id);

-- What the gateway told us by itself, as it came.
create table notices (
  -- webhook-id: the same for every delivery of one notice.
  id text primary key,
  type text not null,
  reference text not null,
  charge jsonb not null,
  received_at timestamptz not null,
  -- When it was brought together with the attempt it is about.
  matched_at timestamptz
);

create index notices_unmatched on notices (reference) where matched_at is null;
