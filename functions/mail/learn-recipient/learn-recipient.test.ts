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

  const closed = { accountId: 'ada', closedAt: '2026-03-01T09:50:00.000Z' }

  test('forgets who has closed their account, also in the list of what was sent', async () => {
    await learnRecipient(ADA, domain.eventDeps())
    await learnRecipient({ ...ADA, accountId: 'bob', email: 'bob@example.com' }, domain.eventDeps())
    for (const [event, recipient] of [
      ['e1', 'ada@example.com'],
      ['e2', 'bob@example.com'],
    ]) {
      await domain.given((db) =>
        db.query(
          `insert into mails (source, event_id, type, recipient, status, claimed_until, created_at)
           values ('s', $1, 't', $2, 'sent', now(), now())`,
          [event, recipient],
        ),
      )
    }

    await learnRecipient(closed, domain.eventDeps())
    await learnRecipient(closed, domain.eventDeps())

    expect(await domain.rows('select account_id, email, name from recipients order by 1')).toEqual([
      { account_id: 'ada', email: null, name: null },
      { account_id: 'bob', email: 'bob@example.com', name: 'Ada Lovelace' },
    ])
    expect(await domain.rows('select recipient from mails order by event_id')).toEqual([
      { recipient: '' },
      { recipient: 'bob@example.com' },
    ])
  })

  test('ends knowing nothing of a closed account whichever is told first, also at the same moment', async () => {
    await learnRecipient(closed, domain.eventDeps())
    await learnRecipient(ADA, domain.eventDeps())
    const first = await known()
    await domain.given((db) => db.query('truncate recipients'))
    await Promise.all([ADA, closed, ADA, closed].map((fact) => learnRecipient(fact, domain.eventDeps())))

    expect(first).toMatchObject([{ account_id: 'ada', email: null, name: null }])
    expect(await known()).toMatchObject([{ account_id: 'ada', email: null, name: null }])
  })

  test('does not bring back an account that is closed', async () => {
    await domain.given((db) =>
      db.query(`insert into recipients (account_id, registered_at) values ('ada', '2026-03-01T09:30:00Z')`),
    )

    await learnRecipient(ADA, domain.eventDeps())

    expect(await known()).toMatchObject([{ account_id: 'ada', email: null, name: null }])
  })
})
