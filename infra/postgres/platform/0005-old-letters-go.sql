create index dead_letters_by_end on dead_letters (settled_at) where state = 'settled';
create index accepted_events_by_time on accepted_events (accepted_at);
