import { createHash } from 'node:crypto'
import Mailer from 'nodemailer/lib/mailer'
import SMTPTransport from 'nodemailer/lib/smtp-transport'
import { setting, type Environment } from '#runtime/operation'
import { resilience, type Bounds } from '#runtime/resilience'
import { oneLine } from './layout'

/** A mail as it goes out. */
export interface Mail {
  /** The event that called for it. */
  eventId: string
  to: { address: string; name?: string }
  subject: string
  text: string
  html: string
}

/**
 * Hands a mail to the mail server; resolves when the server has taken it. A recipient or a mail that the server turns
 * down for good (5xx) is its answer: the server's words. Anything that may pass is thrown.
 */
export type SendByMail = (mail: Mail) => Promise<{ refused?: string }>

/** The time-out is within the lease of a claim (see store.ts): a mail that was given up must not go out beside the next try. */
const BOUNDS: Bounds = { timeoutMs: 20_000, concurrency: 5, queue: 20, openMs: 5_000 }

/** What the server says against one mail is no trouble of the server's, but 421 is: it closes the connection (RFC 5321, 3.8). */
const TROUBLE = {
  isFailure: (error: Error) => {
    const { responseCode = 421 } = error as { responseCode?: number }
    return responseCode === 421
  },
}

/** SMTP_URL is `smtp://user:password@host:port` or `smtps://...`; MAIL_FROM the sender, `Kiosk <shop@kiosk.example>`. */
export function openMailer(env: Environment, bounds: Partial<Bounds> = {}): SendByMail {
  const from = setting(env, 'MAIL_FROM')
  const smtp = new SMTPTransport({
    url: setting(env, 'SMTP_URL'),
    connectionTimeout: 5_000,
    greetingTimeout: 5_000,
    socketTimeout: 10_000,
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  const transport = new Mailer(smtp, smtp.options)
  const call = resilience('mail-server', { ...BOUNDS, ...bounds }, TROUBLE)
  return async ({ eventId, to: { address, name = '' }, subject, text, html }) => {
    try {
      const mail = {
        from,
        to: { address, name: oneLine(name) },
        subject: oneLine(subject),
        text,
        html,
        messageId: messageIdOf(eventId),
        // RFC 3834, section 5: no out-of-office notes, please.
        headers: { 'Auto-Submitted': 'auto-generated' },
      }
      await call((signal) => transport.sendMail({ ...mail, signal }))
      return {}
    } catch (error) {
      return { refused: refusalIn(error) }
    }
  }
}

/** The same event has the same Message-ID however often it is sent: mailboxes show such copies once (RFC 5322, 3.6.4). */
export const messageIdOf = (eventId: string): string => {
  const isAtom = /^[A-Za-z0-9-]{1,64}$/.test(eventId)
  return `<${isAtom ? eventId : createHash('sha256').update(eventId).digest('hex')}@kiosk.example>`
}

/** What the server said against this recipient or this mail; what it says against us (a log-in, a sender) is our fault. */
function refusalIn(error: unknown): string {
  const { permanent, command, response, message } = error as {
    permanent?: boolean
    command?: string
    response?: string
    message: string
  }
  if (permanent !== true || (command !== 'RCPT TO' && command !== 'DATA')) throw error
  return response ?? message
}
