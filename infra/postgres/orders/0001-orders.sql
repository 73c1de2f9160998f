create table orders (
  id text primary key,
  customer_id text not null,
  status text not null,
  lines jsonb not null,
  total bigint not null check (total >= 0),
  currency text not null,
  shipping_address jsonb not null,
  payment_method text,
  payment_status text not null default 'none',
  payment_reason text,
  charge_id text,
  placed_at timestamptz not null,
  changed_at timestamptz not null
);

create index orders_of_customer on orders (customer_id, placed_at desc, id);
create index orders_by_time on orders (placed_at desc, id);
create index orders_by_status on orders (status, placed_at desc, id);

-- Every step an order took, in order: its timeline.
create table order_steps (
  sequence bigint generated always as identity primary key,
  order_id text not null references orders (id),
  step text not null,
  status text not null,
  details jsonb not null default '{}',
  trace_id text not null,
  at timestamptz not null
);

create index order_steps_of_order on order_steps (order_id, sequence);

-- Our copy of what the catalogue sells, learned from its events. A retired product keeps its row.
create table products (
  sku text primary key,
  name text,
  price bigint,
  currency text,
  -- Which event the price is from, so that an older one that comes later does not bring it back.
  price_version bigint not null default 0,
  retired boolean not null default false
);
