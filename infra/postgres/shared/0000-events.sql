-- What every domain's database has: facts on their way out, facts that came in, answers that may be asked for again.

create table outbox (
  id uuid primary key,
  sequence bigint generated always as identity,
  event jsonb not null,
  created_at timestamptz not null default now(),
  claimed_until timestamptz,
  sent_at timestamptz
);

create index outbox_unsent on outbox (sequence) where sent_at is null;
create index outbox_created_at on outbox (created_at);

create table inbox (
  consumer text not null,
  source text not null,
  id text not null,
  handled_at timestamptz not null default now(),
  primary key (consumer, source, id)
);

create table idempotency_keys (
  scope text not null,
  key text not null,
  hash text not null,
  -- Not jsonb, which would put the fields in another order.
  answer json not null,
  created_at timestamptz not null default now(),
  primary key (scope, key)
);
