import type { PaymentReminderDue } from '#events/orders/payment-reminder-due.v1/event'
import { openDomain } from '#support/domain'
import { startMailServer } from '#support/mail-server'
import { placed } from '#support/orders'
import { sendMail } from '../../functions/mail/send-mail/handler'
import { openMailer } from '../../functions/mail/send-mail/mailer'
import { remindPayment } from '../../functions/orders/remind-payment/handler'
import { backoffMs } from '../../infra/local/broker/outcome'
import type { Trigger } from '../../infra/local/manifests/manifests'
import { readManifests } from '../../infra/local/manifests/read-manifests'

const ACCEPTED = Date.parse('2026-03-01T00:00:00.000Z')
const MINUTE = 60_000

/**
 * The seed's loop over the three delays returned after the first, so two reminders were never sent; its back-off of three
 * seconds was three nanoseconds.
 */
describe('B7: only the first reminder is sent', () => {
  const orders = openDomain('orders/remind-payment')
  const mail = openDomain('mail/send-mail')
  const unpaid = (id: string) =>
    placed(id, { status: 'awaiting-payment', acceptedAt: new Date(ACCEPTED).toISOString() })
  const tickAt = (moment: number) => {
    orders.at(new Date(moment).toISOString())
    return remindPayment(orders.eventDeps())
  }

  test('B7: a day of ticks reminds at 4, 8 and 16 hours, each time once, and a mail goes out each time', async () => {
    await orders.given(unpaid('o1'), unpaid('o2'))
    const given: [string, number, number][] = []

    for (let minutes = 0; minutes <= 24 * 60; minutes += 15) {
      const before = (await orders.emitted()).length
      await tickAt(ACCEPTED + minutes * MINUTE)
      for (const [, data] of (await orders.emitted()).slice(before)) {
        const { orderId, hours } = data as PaymentReminderDue
        given.push([orderId, hours, minutes / 60])
      }
    }

    expect(given.sort()).toEqual(
      ['o1', 'o2'].flatMap((id) => [16, 4, 8].map((hours): [string, number, number] => [id, hours, hours])),
    )
  })

  test('B7: each of the three reminders becomes a mail of its own', async () => {
    await orders.given(unpaid('o1'))
    for (const hours of [4, 8, 16]) await tickAt(ACCEPTED + hours * 60 * MINUTE)
    const server = await startMailServer()
    await mail.given((db) =>
      db.query(
        `insert into recipients (account_id, email, name, registered_at)
         values ('ada', 'ada@example.com', 'Ada', now())`,
      ),
    )
    const sendByMail = openMailer({ SMTP_URL: server.url, MAIL_FROM: 'Kiosk <shop@kiosk.example>' })

    for (const [nth, [type, data]] of (await orders.emitted()).entries()) {
      const deps = mail.eventDeps(`e${nth}`)
      const event = { ...deps.event, type }
      await sendMail(data as PaymentReminderDue, Object.assign(deps, { event, sendByMail }))
    }
    await server.close()

    expect(server.taken.map(({ to }) => to)).toEqual(Array(3).fill('ada@example.com'))
  })

  test('B7: what fails is tried again half a second later, then later each time, and for half a minute at least', () => {
    const waitsOf = ({ delivery }: Trigger) =>
      Array.from({ length: delivery.retry }, (_, nth) => backoffMs(delivery, nth + 1))
    const isPatient = (waits: number[]) =>
      waits[0]! >= 500 &&
      waits.every((wait, nth) => nth === 0 || wait > waits[nth - 1]!) &&
      waits.reduce((sum, wait) => sum + wait, 0) >= 30_000
    const { triggers } = readManifests('knative/base')

    expect(triggers.length).toBeGreaterThan(20)
    expect(triggers.filter((trigger) => !isPatient(waitsOf(trigger))).map(({ name }) => name)).toEqual([])
  })
})
