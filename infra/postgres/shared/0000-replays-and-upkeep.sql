-- The domain's share of a replay: events of its outbox that one function is to have again.
create table replays (
  id text primary key,
  from_time timestamptz not null,
  until_time timestamptz not null,
  types text[] not null,
  -- The Service that gets them.
  destination text not null,
  state text not null default 'open' check (state in ('open', 'done', 'stopped')),
  -- How many there were when it began, taken, and refused; the last event that is either.
  total bigint not null,
  sent bigint not null default 0,
  failed bigint not null default 0,
  after_time timestamptz not null default '-infinity',
  after_sequence bigint not null default 0,
  -- The first events that were refused, and how.
  failures jsonb not null default '[]',
  -- Runs in which nobody was there, since it last got on.
  fruitless integer not null default 0,
  last_error text,
  claimed_until timestamptz,
  begun_at timestamptz not null default now(),
  ended_at timestamptz
);

create index replays_open on replays (begun_at) where state = 'open';

-- When something that is done now and then was done last.
create table upkeep (
  task text primary key,
  done_at timestamptz not null
);

-- For deleting what is old. Rows come in the order of their time, so these cost an insert next to nothing.
create index inbox_by_time on inbox using brin (handled_at);
create index idempotency_keys_by_time on idempotency_keys using brin (created_at);
