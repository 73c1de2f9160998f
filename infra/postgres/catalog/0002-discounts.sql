-- A product's discount: at most one, and the next replaces it. `state` says which of its edges have been announced, so
-- an edge is announced once, however many look at the clock.
create table discounts (
  sku text primary key references products (sku),
  percentage integer check (percentage between 1 and 100),
  amount bigint check (amount > 0),
  -- An amount means nothing in another currency than its own.
  currency text not null,
  starts_at timestamptz not null,
  ends_at timestamptz not null check (ends_at > starts_at),
  state text not null check (state in ('awaited', 'running', 'over')),
  check (num_nonnulls(percentage, amount) = 1)
);

create index discounts_awaited on discounts (starts_at) where state = 'awaited';
create index discounts_running on discounts (ends_at) where state = 'running';
