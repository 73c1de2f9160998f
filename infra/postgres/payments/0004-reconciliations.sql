-- A comparison of all that the gateway did in a span of time with what is known here, as after our databases were
-- restored from a copy. Whoever wants one adds a row; reconcile-payments works at it until nothing is left to be done.
create table reconciliations (
  id uuid primary key default gen_random_uuid(),
  -- Of the gateway's clock; the moment of the end is not in it.
  since timestamptz not null,
  until timestamptz not null default now(),
  state text not null default 'open' check (state in ('open', 'done')),
  -- Where the next run goes on: all that the gateway did before is right here.
  charges_from timestamptz,
  refunds_from timestamptz,
  -- What has to come to rest in the shop, or at the gateway, before it can be compared.
  waiting integer not null default 0,
  begun_at timestamptz not null default now(),
  ended_at timestamptz
);

create index reconciliations_open on reconciliations (begun_at) where state = 'open';

-- What a comparison found at the gateway that was not known here, once for each charge or refund.
create table findings (
  -- The gateway's own name for it.
  id text primary key,
  reconciliation_id uuid not null references reconciliations (id),
  kind text not null check (kind in (
    -- a charge of an order that we know: its money is on our books now;
    'settled',
    -- a charge of an order that nobody here knows: its money goes back;
    'given-back',
    -- a refund of an order that we know: it is on our books now;
    'refunded',
    -- a charge or a refund that the shop did not ask for: for a person to look at.
    'foreign')),
  reference text not null,
  -- None of what is foreign.
  order_id text,
  amount bigint not null,
  currency text not null,
  state text not null check (state in ('started', 'done')),
  found_at timestamptz not null
);

create index findings_of_reconciliation on findings (reconciliation_id);
