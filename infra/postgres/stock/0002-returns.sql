-- What came back of an order, each time once.
create table returns (
  return_id text primary key,
  order_id text not null,
  lines jsonb not null,
  at timestamptz not null
);
