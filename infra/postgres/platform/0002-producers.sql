-- Systems outside that may tell us what happened.
create table producers (
  name text primary key,
  -- SHA-256 in hexadecimal; the credential itself is 32 random bytes that only its holder has.
  credential_hash text not null unique,
  -- The CloudEvents types it may send.
  types text[] not null,
  added_at timestamptz not null
);

-- What was taken from them, by what makes an event unique to its producer (CloudEvents 1.0, section 3.1.1).
create table accepted_events (
  producer text not null references producers (name),
  source text not null,
  id text not null,
  type text not null,
  -- When it happened, as its producer said.
  happened_at text,
  accepted_at timestamptz not null,
  primary key (producer, source, id)
);
