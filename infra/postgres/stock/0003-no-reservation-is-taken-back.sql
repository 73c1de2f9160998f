-- What comes back of an order is kept in returns; its reservation stays handed over. No row ever said otherwise.
alter table reservations drop constraint reservations_state_check;
alter table reservations add constraint reservations_state_check
  check (state in ('reserved', 'exhausted', 'released', 'handed-over'));
