import { on, type EventDeps } from '#runtime/on'
import { addresseeOf } from './addressee'
import { htmlOf, textOf } from './layout'
import { FACTS, letterAbout, type Fact } from './letters'
import { openMailer, type SendByMail } from './mailer'
import { claimMail, releaseMail, settleMail } from './store'

type Ports = { sendByMail: SendByMail }

/**
 * Writes to people about what concerns them.
 *
 * A mail cannot be sent in a transaction. It is claimed first, so deliveries of one event at the same moment send one;
 * once we have noted that the mail server took it, it is never sent again. Only when a crash, or an answer that was lost,
 * comes between the two is a second copy sent, with the same Message-ID, by which mailboxes know it. A recipient whom the
 * server refuses for good is noted and not tried again. Mails about different events depend on no order.
 */
export async function sendMail(fact: Fact, { db, event, clock, log, sendByMail }: EventDeps & Ports) {
  const letter = letterAbout(event.type, fact, {
    now: clock.now(),
    happened: happenedAt(event.time, clock.now()),
  })
  const to = letter && (await addresseeOf(fact, db))
  if (!letter || !to) return

  const claim = await claimMail(db, event, to.address, clock.now())
  if (claim.turn === undefined) {
    if (claim.state === 'done') return
    throw new Error(`another delivery is sending the mail about ${event.id}`)
  }
  const mail = { eventId: event.id, to, subject: letter.subject }
  const content = { text: textOf(letter, to.name), html: htmlOf(letter, to.name) }
  const { refused } = await sendByMail({ ...mail, ...content }).catch(async (error: unknown) => {
    await releaseMail(db, event, claim.turn)
    throw error
  })
  await settleMail(db, event, refused, clock.now())
  if (refused !== undefined) log.warn('a mail was refused', { event: event.id, reason: refused })
}

/** An event need not say when it happened (CloudEvents 1.0, section 3.1.2, `time`): then it was just now. */
const happenedAt = (time: string, now: Date) => (Number.isNaN(Date.parse(time)) ? now : new Date(time))

export default on(FACTS, sendMail, { sendByMail: openMailer })
