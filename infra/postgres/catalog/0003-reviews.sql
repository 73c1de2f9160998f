-- Who has received what, learned from orders; it may come before the product is known here.
create table received (
  customer_id text not null,
  sku text not null,
  delivered_at timestamptz not null,
  primary key (customer_id, sku)
);

create table reviews (
  id uuid primary key,
  sku text not null references products (sku),
  customer_id text not null,
  rating integer not null check (rating between 1 and 5),
  text text,
  reviewed_at timestamptz not null,
  unique (sku, customer_id)
);

create index reviews_by_time on reviews (sku, reviewed_at desc, id desc);

alter table products
  add column rating_sum bigint not null default 0,
  add column rating_count bigint not null default 0;
