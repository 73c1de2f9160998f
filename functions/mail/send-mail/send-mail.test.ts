import { PasswordResetRequested } from '#events/accounts/password-reset-requested.v1/event'
import { VerificationRequested } from '#events/accounts/verification-requested.v1/event'
import { OrderCancelled } from '#events/orders/order-cancelled.v1/event'
import { openDomain } from '#support/domain'
import { startMailServer } from '#support/mail-server'
import { sendMail } from './handler'
import type { Fact } from './letters'
import { openMailer } from './mailer'

const CANCELLED = {
  ...{ orderId: 'o1', customerId: 'ada', reason: 'Changed my mind' },
  cancelledAt: '2026-03-01T10:00:00.000Z',
}
const REQUESTED = {
  ...{ accountId: 'ada', email: 'ada@example.com', name: 'Buy at https://eve.example' },
  ...{ code: '048213', expiresAt: '2026-03-01T10:10:00.000Z' },
}

describe('send-mail', () => {
  const domain = openDomain('mail/send-mail')
  let server: Awaited<ReturnType<typeof startMailServer>>

  const sending = (fact: Fact, id = 'e1', type = OrderCancelled.type) => {
    const sendByMail = openMailer({ SMTP_URL: server.url, MAIL_FROM: 'Kiosk <shop@kiosk.example>' })
    const deps = domain.eventDeps(id)
    return sendMail(fact, Object.assign(deps, { event: { ...deps.event, type }, sendByMail }))
  }
  const mails = () => domain.rows('select event_id, recipient, status, tries, reason from mails')
  const knows = (accountId: string, email: string | null, name: string | null) =>
    domain.given((db) =>
      db.query('insert into recipients (account_id, email, name, registered_at) values ($1, $2, $3, now())', [
        accountId,
        email,
        name,
      ]),
    )
  const sent = { event_id: 'e1', recipient: 'ada@example.com', status: 'sent', tries: 1, reason: null }

  beforeEach(async () => void (server = await startMailServer()))
  afterEach(() => server.close())

  test('sends a code to the address to be proved, without the name somebody gave with it', async () => {
    await sending(REQUESTED, 'e1', VerificationRequested.type)

    expect(server.taken).toMatchObject([{ to: 'ada@example.com' }])
    expect(server.taken[0]!.source).toContain('048213')
    expect(server.taken[0]!.source).not.toContain('eve.example')
    expect(await mails()).toEqual([sent])
  })

  test('sends a code for another password to the address of the account, also while nothing else is known of it', async () => {
    const { expiresAt: _, ...asked } = REQUESTED

    await sending(asked, 'e1', PasswordResetRequested.type)

    expect(server.taken).toMatchObject([{ to: 'ada@example.com' }])
    expect(server.taken[0]!.source).toContain('048213')
    expect(await mails()).toEqual([sent])
  })

  test('writes nothing, and remembers nothing, when there is nothing to say', async () => {
    await knows('ada', null, null)
    domain.at('2026-03-01T10:10:00Z')

    await sending(REQUESTED, 'e1', VerificationRequested.type)
    await sending(CANCELLED, 'e2')

    expect([server.taken, await mails()]).toEqual([[], []])
  })

  test('sends no code any more to who is gone, and does not write down the address', async () => {
    await knows('ada', null, null)

    await sending(REQUESTED, 'e1', VerificationRequested.type)

    expect([server.taken, await mails()]).toEqual([[], []])
  })

  test('is delivered again while it has not heard who the customer is', async () => {
    await expect(sending(CANCELLED)).rejects.toThrow('the address of account ada is not known here yet')
    await knows('ada', 'ada@example.com', 'Ada')

    await sending(CANCELLED)

    expect(server.taken).toHaveLength(1)
  })

  test('sends one mail for an event that comes again', async () => {
    await knows('ada', 'ada@example.com', 'Ada')

    await sending(CANCELLED)
    await sending(CANCELLED)
    await sending(CANCELLED, 'e2')

    expect(server.taken).toHaveLength(2)
    expect(await mails()).toEqual([sent, { ...sent, event_id: 'e2' }])
  })

  test('sends one mail for an event that comes many times at the same moment', async () => {
    await knows('ada', 'ada@example.com', 'Ada')
    let finish: (answer: string) => void = () => undefined
    server.answers.set('message', new Promise((resolve) => (finish = resolve)))
    let refused = 0
    const sendingAmongOthers = () =>
      sending(CANCELLED).catch((error: unknown) => {
        if (++refused === 7) finish('250 taken')
        throw error
      })

    const outcomes = await Promise.allSettled(Array.from({ length: 8 }, sendingAmongOthers))

    const reasons = outcomes.flatMap((outcome) =>
      outcome.status === 'rejected' ? [outcome.reason as unknown] : [],
    )
    expect(reasons).toEqual(
      Array.from({ length: 7 }, () => new Error('another delivery is sending the mail about e1')),
    )
    expect(server.taken).toHaveLength(1)
    expect(await mails()).toEqual([sent])
  })

  test('sends a second copy with the same Message-ID when a crash hid the first', async () => {
    await knows('ada', 'ada@example.com', 'Ada')
    await sending(CANCELLED)
    await domain.given((db) => db.query(`update mails set status = 'sending'`))

    await expect(sending(CANCELLED)).rejects.toThrow('another delivery is sending')
    await domain.given((db) => db.query('update mails set claimed_until = now()'))
    await sending(CANCELLED)

    const ids = server.taken.map(({ source }) => /^Message-ID: (.*)$/m.exec(source)?.[1]?.trim())
    expect(ids).toEqual(['<e1@kiosk.example>', '<e1@kiosk.example>'])
    expect(await mails()).toEqual([{ ...sent, tries: 2 }])
  })

  test.each([
    ['RCPT TO', '550 5.1.1 no such mailbox'],
    ['message', '554 5.7.1 not wanted here'],
  ] as const)('gives up a mail that the server refuses for good at %s', async (stage, answer) => {
    await knows('ada', 'ada@example.com', 'Ada')
    server.answers.set(stage, answer)

    await sending(CANCELLED)
    server.answers.clear()
    await sending(CANCELLED)

    expect(server.taken).toEqual([])
    expect(await mails()).toEqual([{ ...sent, status: 'refused', reason: answer }])
  })

  test.each([
    ['greeting', '421 4.3.2 not now'],
    ['MAIL FROM', '550 5.7.1 we do not know you'],
    ['RCPT TO', '450 4.2.1 come again later'],
    ['message', '451 4.3.0 come again later'],
  ] as const)('is delivered again, without a wait, after %s was answered %s', async (stage, answer) => {
    await knows('ada', 'ada@example.com', 'Ada')
    server.answers.set(stage, answer)

    await expect(sending(CANCELLED)).rejects.toThrow(answer.slice(0, 3))
    server.answers.clear()
    await sending(CANCELLED)

    expect(server.taken).toHaveLength(1)
    expect(await mails()).toEqual([{ ...sent, tries: 2 }])
  })

  test('is delivered again when there is no mail server', async () => {
    await knows('ada', 'ada@example.com', 'Ada')
    await server.close()

    await expect(sending(CANCELLED)).rejects.toMatchObject({ code: 'ESOCKET' })
    expect(await mails()).toEqual([{ ...sent, status: 'sending' }])
  })
})
