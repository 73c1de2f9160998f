create index mails_by_end on mails (finished_at);
