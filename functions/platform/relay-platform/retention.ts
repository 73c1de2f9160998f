import { longAgo } from '#runtime/relay-retention'
import { RETENTION } from '#runtime/retention'

/**
 * Dead letters that were settled, and what producers told, go when every consumer has forgotten the event too. A letter that
 * nobody has settled stays however old it is: somebody is missing something.
 */
export const FORGOTTEN = [
  `delete from dead_letters where id in (
     select id from dead_letters where state = 'settled' and ${longAgo('settled_at', RETENTION.inbox)} limit $1)`,
  `delete from accepted_events where (producer, source, id) in (
     select producer, source, id from accepted_events where ${longAgo('accepted_at', RETENTION.inbox)} limit $1)`,
]
