import { longAgo } from '#runtime/relay-retention'
import { RETENTION } from '#runtime/retention'

/** What was sent to whom is known for as long as its event could come again; one that is still being sent stays. */
export const FORGOTTEN = [
  `delete from mails where (source, event_id) in (
     select source, event_id from mails where ${longAgo('finished_at', RETENTION.inbox)} limit $1)`,
]
