-- A letter that was sent again is settled when its function took it, or failed again.
alter table dead_letters drop constraint dead_letters_state_check;
alter table dead_letters add constraint dead_letters_state_check
  check (state in ('buried', 'redriven', 'settled', 'failed-again'));
alter table dead_letters
  add column redrives integer not null default 0,
  add column redriven_at timestamptz,
  add column settled_at timestamptz;

create index dead_letters_by_type on dead_letters (type, buried_at) where state in ('buried', 'failed-again');

-- What was asked to be had again; how far it is, each domain knows of its own share.
create table replay_requests (
  id text primary key,
  from_time timestamptz not null,
  until_time timestamptz not null,
  types text[] not null,
  operation text not null,
  requested_by text not null,
  requested_at timestamptz not null
);

-- What does not add up, from when it was first seen as it is now until it is seen no more.
create table violations (
  invariant text not null,
  about text not null,
  expected text not null,
  actual text not null,
  first_seen_at timestamptz not null,
  last_seen_at timestamptz not null,
  reported_at timestamptz,
  primary key (invariant, about)
);

-- Behind which order the next audit begins, when there were too many for one.
create table audit_progress (
  one boolean primary key default true check (one),
  after_order text not null
);
