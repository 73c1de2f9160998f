-- An address that somebody asked to reset the password of; a row for any, so that nobody sees which are known. It holds
-- the last code, of which its keyed hash alone is kept, and counts how often codes were asked for.
create table password_resets (
  email text primary key,
  -- What the code is hashed with.
  id text not null,
  code_hash text not null,
  expires_at timestamptz not null,
  -- Tries of this code, the right one included.
  tries integer not null default 0,
  -- Until when a request sends no other code.
  rests_until timestamptz not null,
  -- Requests that were followed since the day began that is counted.
  requests integer not null,
  since timestamptz not null
);

create index password_resets_by_begin on password_resets (since);

create table addresses (
  account_id text not null references accounts (id) on delete cascade,
  label text not null,
  name text not null,
  line1 text not null,
  line2 text,
  city text not null,
  region text,
  postal_code text not null,
  country text not null,
  primary key (account_id, label)
);

create index accounts_of_admins on accounts (id) where role = 'admin';

-- Who closes an account is erased from what was announced and from answers that may be asked for again, too.
create index outbox_of_subject on outbox ((event ->> 'subject'));

create index idempotency_keys_of_address on idempotency_keys ((answer #>> '{body,email}'))
  where (answer #>> '{body,email}') is not null;
