-- An order that is off and was not paid. Such a row may be all that is known of it: then nothing is to be paid, in XXX,
-- which is ISO 4217's "no currency".
alter table payments drop constraint payments_status_check;
alter table payments add constraint payments_status_check
  check (status in ('awaited', 'captured', 'declined', 'partly-refunded', 'refunded', 'closed'));
