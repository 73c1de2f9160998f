-- Money to give back, recorded before the gateway is asked. refunded is final.
create table refunds (
  -- The gateway's Idempotency-Key and reference: made from what it is about, so that two of the same collide.
  key text primary key generated always as ('refund/' || order_id || '/' || refund_key) stored,
  order_id text not null references payments (order_id),
  refund_key text not null,
  charge_id text not null references captures (charge_id),
  amount bigint not null check (amount > 0),
  currency text not null,
  state text not null check (state in ('started', 'refunded')),
  -- The gateway's own name for it.
  refund_id text unique,
  started_at timestamptz not null,
  changed_at timestamptz not null,
  -- When reconciling may look at it: a schedule, and a lease while it is being looked at.
  next_look_at timestamptz not null,
  unique (order_id, refund_key)
);

create index refunds_of_charge on refunds (charge_id);
create index refunds_to_look_at on refunds (next_look_at) where state = 'started';
