import { typeOf } from '#runtime/event'
import { hashOf } from '#runtime/idempotency'
import type { Connections } from '#runtime/database'

/** The credential of a producer of tests, by its name. */
export const credentialOf = (name: string): string => `kiosk_${name.padEnd(43, '0')}`

/** There is an outside system that may tell the given events. */
export const producer =
  (name: string, ...events: string[]) =>
  async (db: Connections): Promise<void> => {
    await db.query(
      'insert into producers (name, credential_hash, types, added_at) values ($1, $2, $3, now())',
      [name, hashOf(credentialOf(name)), events.map(typeOf)],
    )
  }
