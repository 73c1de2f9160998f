-- Events that no function could handle, as they came. Whatever broke a function must not break this table: the
-- attributes are json, not jsonb (which refuses \u0000), the data is bytes, and the key is a digest, not text of any length.
create table dead_letters (
  -- SHA-256 of source, event id and trigger: one burial for each.
  id text primary key,
  source text not null,
  event_id text not null,
  type text not null,
  subject text,
  trigger text not null,
  attributes json not null,
  data bytea,
  cause json not null,
  state text not null default 'buried' check (state in ('buried', 'redriven')),
  buried_at timestamptz not null
);

create index dead_letters_by_time on dead_letters (buried_at desc, id);
