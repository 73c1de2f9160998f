-- The last try to pay that was heard of, from 1: what is told of an earlier one comes too late.
alter table orders add column payment_attempt integer not null default 0;
