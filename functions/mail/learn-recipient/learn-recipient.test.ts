import { openDomain } from '#support/domain'
import { learnRecipient } from './handler'

const ADA = {
  ...{ accountId: 'ada', email: 'ada@example.com', name: 'Ada Lovelace', role: 'customer' },
  registeredAt: '2026-03-01T09:30:00.000Z',
}

describe('learn-recipient', () => {
  const domain = openDomain('mail/learn-recipient')
  const known = () => domain.rows('select account_id, email, name, registered_at from recipients')

  test('keeps who an account is, once, however often and at the same moment it is told', async () => {
    const telling = () => learnRecipient(ADA, domain.eventDeps())

    await Promise.all([telling(), telling(), telling()])
    await telling()

    const { email, name, registeredAt } = ADA
    expect(await known()).toEqual([{ account_id: 'ada', email, name, registered_at: new Date(registeredAt) }])
  })

  test('does not bring back an account that is closed', async () => {
    await domain.given((db) =>
      db.query(`insert into recipients (account_id, registered_at) values ('ada', '2026-03-01T09:30:00Z')`),
    )

    await learnRecipient(ADA, domain.eventDeps())

    expect(await known()).toMatchObject([{ account_id: 'ada', email: null, name: null }])
  })
})
