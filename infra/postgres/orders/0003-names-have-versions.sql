-- A name changes too, and an older one may be heard of later.
alter table products add column name_version bigint not null default 0;
