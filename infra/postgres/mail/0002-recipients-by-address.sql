-- An address stands in the list of what was sent while anybody is known who has it: a registration or an account. One
-- without an address has lapsed or is closed.
create index recipients_of_address on recipients (email) where email is not null;
