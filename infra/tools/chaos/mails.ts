import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { StoredEvent } from '#runtime/binary-event'
import type { Queryable } from '#runtime/database'
import { FACTS, letterAbout } from '../../../functions/mail/send-mail/letters'
import { messageIdOf } from '../../../functions/mail/send-mail/mailer'

/** What is to be told of mails. */
export interface MailFigures {
  violations: string[]
  sent: number
  /** Second copies, where an answer of the mail server was lost; mailboxes show them once. */
  copies: number
}

/** Facts whose letter depends on when it is heard are left out: late, there may be nothing left to write. */
const LATE = /reminder|verification|password/

/**
 * Every order's and payment's fact that people are written to about lies in the mailbox, once by its Message-ID; a further
 * copy only where the mail was tried more often, because nobody knew whether it had been taken.
 */
export async function mailFigures(
  folder: string,
  mail: Queryable,
  announced: readonly StoredEvent[],
): Promise<MailFigures> {
  const { rows } = await mail.query<{ id: string; status: string; tries: number }>(
    'select event_id as id, status, tries from mails',
  )
  const lying = messageIdsIn(folder)
  const known = new Map(rows.map((row) => [row.id, row]))
  const types = new Set<string>(FACTS.map(({ type }) => type))
  const due = announced.filter(({ type, data, time }) => {
    if (!types.has(type) || LATE.test(type)) return false
    const happened = new Date(time)
    return letterAbout(type, data as never, { now: happened, happened }) !== undefined
  })
  const violations = [
    ...due
      .filter(({ id }) => known.get(id)?.status !== 'sent')
      .map(({ id, type }) => `nobody was written to about ${type} (event ${id})`),
    ...rows.flatMap(({ id, status, tries }) => {
      const copies = lying.get(messageIdOf(id)) ?? 0
      if (status === 'sent' && copies === 0)
        return [`the mail about event ${id} is said to be sent, but is nowhere`]
      return copies > tries ? [`${copies} copies of the mail about event ${id}, after ${tries} tries`] : []
    }),
  ]
  const total = [...lying.values()].reduce((sum, copies) => sum + copies, 0)
  return { violations, sent: lying.size, copies: total - lying.size }
}

/** How often each Message-ID lies in the mailbox. */
function messageIdsIn(folder: string): Map<string, number> {
  const found = new Map<string, number>()
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.eml'))) {
    const id = /^message-id:\s*(<[^>]+>)/im.exec(readFileSync(join(folder, file), 'utf8'))?.[1]
    if (id !== undefined) found.set(id, (found.get(id) ?? 0) + 1)
  }
  return found
}
