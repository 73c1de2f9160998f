-- Our copy of who an account is, learned from its events. One without an address is closed: its row stays, so that a
-- late event cannot bring the person back.
create table recipients (
  account_id text primary key,
  email text,
  name text,
  registered_at timestamptz not null
);

-- What was sent to whom: one row for each event that called for a mail. `claimed_until` is the lease of the delivery
-- that is sending it.
create table mails (
  source text not null,
  event_id text not null,
  type text not null,
  recipient text not null,
  status text not null default 'sending' check (status in ('sending', 'sent', 'refused')),
  tries integer not null default 1,
  claimed_until timestamptz not null,
  reason text,
  created_at timestamptz not null,
  finished_at timestamptz,
  primary key (source, event_id)
);

create index mails_of_recipient on mails (recipient, created_at desc);
