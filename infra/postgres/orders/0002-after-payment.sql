-- From its acceptance on an order's reminders and its deadline are counted.
alter table orders add column accepted_at timestamptz;
-- The greatest number of hours after acceptance at which its customer was reminded to pay.
alter table orders add column reminded_hours integer not null default 0;
-- A carrier said so before we had noted that the parcel left; as it was said, ISO 8601.
alter table orders add column parcel_delivered_at text;

update orders
   set accepted_at = coalesce(
         (select min(at) from order_steps where order_id = orders.id and step = 'accepted'), placed_at)
 where status not in ('pending', 'rejected');

create index orders_to_be_paid on orders (accepted_at) where status = 'awaiting-payment';

-- Each time that something of an order came back.
create table returns (
  id text primary key,
  order_id text not null references orders (id),
  lines jsonb not null,
  reason text,
  returned_at timestamptz not null
);

create index returns_of_order on returns (order_id);

-- Money to give back, what it was paid for, and when it went back.
create table refunds (
  order_id text not null references orders (id),
  refund_key text not null,
  charge_id text not null,
  amount bigint not null check (amount >= 0),
  currency text not null,
  lines jsonb not null default '[]',
  due_at timestamptz not null,
  refunded_at timestamptz,
  primary key (order_id, refund_key)
);
