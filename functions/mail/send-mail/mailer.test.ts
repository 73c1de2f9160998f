import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startMailServer } from '#support/mail-server'
import { startMailbox } from '../../../infra/local/services/mailbox'
import { ownPorts } from '#support/ports'
import { messageIdOf, openMailer, type Mail } from './mailer'

const MAIL: Mail = {
  eventId: '0195f3c2-7d1e-7c55-9a43-5f0f6d1c2b90',
  to: { address: 'ada@example.com', name: 'Ada Løvelace' },
  subject: 'Dein Tee für 9,00 €',
  text: 'Hello Ada,\n\nsome text\n',
  html: '<p>some text</p>',
}
const MAIL_FROM = 'Kiosk <shop@kiosk.example>'

describe('the mailer', () => {
  afterEach(() => jest.restoreAllMocks())

  test('sends a mail that a mail reader understands', async () => {
    const home = mkdtempSync(join(tmpdir(), 'kiosk-mail-'))
    const [smtpPort = 0, webPort = 0] = await ownPorts(2)
    const mailbox = await startMailbox({ smtpPort, webPort, folder: home, runFolder: join(home, 'run') })

    const outcome = await openMailer({ SMTP_URL: mailbox.smtpUrl, MAIL_FROM })(MAIL)
    const mails = await mailsIn(mailbox.webUrl)
    await mailbox.stop()
    rmSync(home, { recursive: true })

    expect(outcome).toEqual({})
    expect(mails).toMatchObject([
      {
        from: [{ address: 'shop@kiosk.example', name: 'Kiosk' }],
        to: [{ address: 'ada@example.com', name: 'Ada Løvelace' }],
        subject: 'Dein Tee für 9,00 €',
        text: MAIL.text,
        html: MAIL.html,
        headers: {
          'message-id': '<0195f3c2-7d1e-7c55-9a43-5f0f6d1c2b90@kiosk.example>',
          'auto-submitted': 'auto-generated',
        },
      },
    ])
  })

  test.each([
    ['a name', { to: { address: 'ada@example.com', name: 'Eve\r\nBcc: all@example.com\r\n\r\n\u2028Hi' } }],
    ['a subject', { subject: 'Hi\r\nBcc: all@example.com\r\n\r\nYou' }],
    ['the id of an event', { eventId: 'e1@kiosk.example>\r\nBcc: all@example.com' }],
  ])('lets nobody write headers by %s', async (_, over) => {
    const server = await startMailServer()

    await openMailer({ SMTP_URL: server.url, MAIL_FROM })({ ...MAIL, ...over }).catch(() => undefined)
    await server.close()

    const mails = server.taken.map(({ to, source }) => ({ to, head: source.split('\r\n\r\n')[0] }))
    const harmless = { to: 'ada@example.com', head: expect.not.stringMatching(/^Bcc/im) as string }
    expect(mails).toEqual([harmless])
  })

  test('names a mail by its event, and by a digest where an id is no name', () => {
    expect(messageIdOf(MAIL.eventId)).toBe(`<${MAIL.eventId}@kiosk.example>`)
    expect(messageIdOf('e1>\r\nBcc: x')).toMatch(/^<[0-9a-f]{64}@kiosk\.example>$/)
  })

  test('leaves a mail server alone that is away, but not one that refuses mails', async () => {
    const server = await startMailServer()
    jest.spyOn(Date, 'now').mockReturnValue(Date.now())
    const send = openMailer({ SMTP_URL: server.url, MAIL_FROM }, { failures: 3 })
    server.answers.set('RCPT TO', '450 4.2.1 come again later')
    for (let n = 0; n < 4; n++) await expect(send(MAIL)).rejects.toMatchObject({ responseCode: 450 })
    await server.close()
    for (let n = 0; n < 3; n++) await expect(send(MAIL)).rejects.toMatchObject({ code: 'ESOCKET' })

    await expect(send(MAIL)).rejects.toMatchObject({ status: 503, headers: { 'Retry-After': '5' } })
  })

  test.each([
    [{ MAIL_FROM }, 'SMTP_URL is not set'],
    [{ SMTP_URL: 'smtp://127.0.0.1:1' }, 'MAIL_FROM is not set'],
  ])('does not start with %j alone', (env, message) => {
    expect(() => openMailer(env)).toThrow(message)
  })
})

async function mailsIn(webUrl: string): Promise<unknown[]> {
  for (const giveUpAt = Date.now() + 20_000; Date.now() < giveUpAt;) {
    const shown = (await (await fetch(`${webUrl}/email`)).json()) as unknown[]
    if (shown.length > 0) return shown
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  return []
}
