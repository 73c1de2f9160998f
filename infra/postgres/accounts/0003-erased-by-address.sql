-- Who closes an account is erased from every event that names the address, whatever registration told it.
create index outbox_of_address on outbox ((event #>> '{data,email}')) where (event #>> '{data,email}') is not null;
drop index outbox_of_subject;

-- Registrations go a day after their code, whether or not anything happens to their address.
create index registrations_by_end on registrations (expires_at);
