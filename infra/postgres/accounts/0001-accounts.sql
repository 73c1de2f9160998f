-- Only who has proved an address has an account, and an address has one. What somebody merely says is a registration.
create table accounts (
  id text primary key,
  email text not null unique,
  name text not null,
  password_hash text not null,
  role text not null default 'customer' check (role in ('customer', 'staff', 'admin')),
  registered_at timestamptz not null,
  verified_at timestamptz not null
);

create index accounts_by_time on accounts (registered_at desc, id);

-- An address that somebody gave: whoever changes its registrations or tries a code locks this row first. A row for any
-- address, also a stranger's or one with an account, so that nobody sees which are known.
create table verifications (
  email text primary key,
  -- Wrong codes since there was last none to be tried.
  tries integer not null default 0,
  -- Until when a resend sends no other code.
  rests_until timestamptz not null
);

create index verifications_by_end on verifications (rests_until);

-- What a code opens: several may claim one address, each with a name, a password and a code of its own, so that a code
-- never gives its owner somebody else's password. The id becomes the account's. Of the code its keyed hash alone is kept.
create table registrations (
  id text primary key,
  email text not null references verifications (email) on delete cascade,
  name text not null,
  password_hash text not null,
  registered_at timestamptz not null,
  code_hash text not null,
  expires_at timestamptz not null
);

create index registrations_of_address on registrations (email, registered_at desc, id desc);

-- Log-ins tried since the last right one; by address, for the same reason.
create table log_in_tries (
  email text primary key,
  tries integer not null,
  since timestamptz not null,
  locked_until timestamptz
);

create index log_in_tries_by_begin on log_in_tries (since);

create table sessions (
  id text primary key,
  account_id text not null references accounts (id),
  created_at timestamptz not null,
  expires_at timestamptz not null,
  closed_at timestamptz
);

create index sessions_of_account on sessions (account_id);
create index sessions_by_end on sessions (expires_at);

-- Every refresh token a session ever had, by its SHA-256: a spent one that comes back tells of a theft.
create table refresh_tokens (
  hash text primary key,
  session_id text not null references sessions (id) on delete cascade,
  issued_at timestamptz not null,
  spent_at timestamptz
);

create index refresh_tokens_of_session on refresh_tokens (session_id);
