-- Which state of its customer's cart an order is of: each is ordered once, however many ask at the same moment.
alter table orders add column cart_state text;

create unique index orders_of_cart_state on orders (customer_id, cart_state) where cart_state is not null;
