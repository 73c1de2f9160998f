-- A ping that went out through the broker, and when it had come back; one is kept for an hour.
create table pings (
  id text primary key,
  sent_at timestamptz not null,
  answered_at timestamptz
);
