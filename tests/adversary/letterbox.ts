import type { Mail, SendByMail } from '../../functions/mail/send-mail/mailer'
import { runningProcess } from './process'

const boxes = new Map<string, Mail[]>()

/** Where the mails of a run arrive; `MAILBOX` names it to the function that sends them. */
export function openLetterbox(name: string): Mail[] {
  const mails: Mail[] = []
  boxes.set(name, mails)
  return mails
}

export const closeLetterbox = (name: string): boolean => boxes.delete(name)

/** In the place of the mail server: takes every mail, one at a time as the scheduler says. */
export const mailTo =
  ({ MAILBOX = '' }: Readonly<Record<string, string | undefined>>): SendByMail =>
  (mail) =>
    runningProcess()!.submit('mail', `mail: ${mail.subject}`, async () => {
      boxes.get(MAILBOX)?.push(mail)
      return {}
    })
