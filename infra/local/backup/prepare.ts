import { migrate } from '../../tools/migrate'
import { databaseDomains } from '../../tools/tree'
import { announceAgain } from '../announce-again'
import { rowsOf } from '../rows'
import type { Postgres } from '../services/postgres'

/** What is to be done by the shop when it starts on restored databases. */
export interface Prepared {
  /** How many events leave the outboxes again. */
  events: number
  /** The comparison with the payment gateway. */
  reconciliation: string
}

/**
 * How far behind the backup the gateway is asked from: its clock may be another. What was right before is found to be
 * right.
 */
const CLOCKS_DIFFER = '1 hour'

/**
 * Makes restored databases ready for the present: brings them up to date, has every event leave its outbox again that a
 * broker could have held at the moment of the backup (whoever handled one before knows it by its id), and asks for the
 * comparison with the payment gateway.
 */
export async function prepare(postgres: Postgres, root: string, moment: string): Promise<Prepared> {
  const domains = databaseDomains(root)
  await Promise.all(domains.map((domain) => migrate({ url: postgres.urlOf(domain), domain, root })))
  const events = await announceAgain(postgres, root, { before: moment })
  const [row] = await rowsOf<{ id: string }>(
    postgres.urlOf('payments'),
    `insert into reconciliations (since) values ($1::timestamptz - interval '${CLOCKS_DIFFER}') returning id`,
    [moment],
  )
  return { events, reconciliation: row!.id }
}
