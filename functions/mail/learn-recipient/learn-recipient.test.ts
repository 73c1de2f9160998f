import { EventEmitter, once } from 'node:events'
import { openDomain } from '#support/domain'
import { until } from '#support/payments'
import { learnRecipient } from './handler'

const ADA = {
  ...{ accountId: 'ada', email: 'ada@example.com', name: 'Ada Lovelace', role: 'customer' },
  registeredAt: '2026-03-01T09:30:00.000Z',
}

/** Every order in which things can be told. */
const permutations = <T>(things: T[]): T[][] =>
  things.length < 2
    ? [things]
    : things.flatMap((thing) =>
        permutations(things.filter((other) => other !== thing)).map((rest) => [thing, ...rest]),
      )

describe('learn-recipient', () => {
  const domain = openDomain('mail/learn-recipient')
  const known = () =>
    domain.rows('select account_id, email, name, registered_at from recipients order by account_id desc')

  test('keeps who an account is, once, however often and at the same moment it is told', async () => {
    const telling = () => learnRecipient(ADA, domain.eventDeps())

    await Promise.all([telling(), telling(), telling()])
    await telling()

    const { email, name, registeredAt } = ADA
    expect(await known()).toEqual([{ account_id: 'ada', email, name, registered_at: new Date(registeredAt) }])
  })

  const closed = { accountId: 'ada', closedAt: '2026-03-01T09:50:00.000Z' }
  /** Another registration of the same address, which nobody proved. */
  const OTHER = { ...ADA, accountId: 'other', name: 'Countess of Lovelace' }
  const lapsed = { accountId: 'other', lapsedAt: '2026-03-01T09:40:00.000Z' }
  const BOB = { ...ADA, accountId: 'bob', email: 'bob@example.com', name: 'Bob' }
  const nothing = { email: null, name: null }
  const telling = (fact: Parameters<typeof learnRecipient>[0]) => learnRecipient(fact, domain.eventDeps())
  const mailed = (eventId: string, recipient: string, reason: string | null = null) =>
    domain.given((db) =>
      db.query(
        `insert into mails (source, event_id, type, recipient, status, claimed_until, reason, created_at)
         values ('s', $1, 't', $2, 'sent', now(), $3, now())`,
        [eventId, recipient, reason],
      ),
    )
  const isWaiting = async () =>
    (
      await domain.rows(
        `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
      )
    ).length > 0
  const mails = () => domain.rows('select recipient, reason from mails order by event_id')

  test('forgets who has closed their account, also in the list of what was sent', async () => {
    await telling(ADA)
    await telling(BOB)
    await mailed('e1', 'ada@example.com', '550 no ada@example.com here')
    await mailed('e2', 'bob@example.com')

    await telling(closed)
    await telling(closed)

    expect(await known()).toMatchObject([
      { account_id: 'bob', email: 'bob@example.com', name: 'Bob' },
      { account_id: 'ada', ...nothing },
    ])
    expect(await mails()).toEqual([
      { recipient: '', reason: null },
      { recipient: 'bob@example.com', reason: null },
    ])
  })

  test('forgets a registration that lapsed, and not the account of the same address', async () => {
    await telling(OTHER)
    await telling(ADA)
    await mailed('e1', 'ada@example.com')

    await telling(lapsed)

    expect(await known()).toMatchObject([
      { account_id: 'other', ...nothing },
      { account_id: 'ada', email: ADA.email, name: ADA.name },
    ])
    expect(await mails()).toMatchObject([{ recipient: 'ada@example.com' }])
  })

  const FACTS = { registered: ADA, closed, 'registered again': OTHER, lapsed }
  const orders = permutations(Object.keys(FACTS) as (keyof typeof FACTS)[])
  test.each(orders.map((order) => [order.join(', '), order] as const))(
    'ends knowing nothing of who registered twice and closed the account, told in the order %s',
    async (_, order) => {
      await mailed('e1', 'ada@example.com')

      for (const name of order) await telling(FACTS[name])

      expect(await known()).toMatchObject([nothing, nothing])
      expect(await mails()).toEqual([{ recipient: '', reason: null }])
    },
  )

  test('ends knowing nothing of who registered twice when all is told several times at the same moment', async () => {
    for (let round = 0; round < 8; round++) {
      await domain.given((db) => db.query('truncate recipients, mails'))
      await mailed('e1', 'ada@example.com')

      const facts = Object.values(FACTS)
      await Promise.all([...facts, ...facts.reverse()].map(telling))

      expect(await known()).toMatchObject([nothing, nothing])
      expect(await mails()).toEqual([{ recipient: '', reason: null }])
    }
  })

  test('takes an address out of the list of what was sent when the last two who have it go at the same moment', async () => {
    await telling(ADA)
    await telling(OTHER)
    await mailed('e1', 'ada@example.com')
    const { db, ...others } = domain.eventDeps()
    const commit = new EventEmitter()
    const transaction: typeof db.transaction = (work) =>
      db.transaction(async (tx) => {
        await work(tx)
        await tx.query('select')
        commit.emit('near')
        return once(commit, 'go') as never
      })

    const isNear = once(commit, 'near')
    const first = learnRecipient(closed, { ...others, db: { ...db, transaction } })
    await isNear
    const second = { isOver: false, told: telling(lapsed) }
    void second.told.finally(() => (second.isOver = true))
    await until(async () => second.isOver || isWaiting())
    commit.emit('go')
    await Promise.all([first, second.told])

    expect(await mails()).toEqual([{ recipient: '', reason: null }])
  })

  test('learns who registers the address anew, whichever of old and new is told first', async () => {
    const anew = { ...ADA, accountId: 'ada again', registeredAt: '2026-03-01T09:50:00.001Z' }
    for (const order of [
      [ADA, closed, anew],
      [anew, closed, ADA],
      [ADA, anew, closed],
    ]) {
      await domain.given((db) => db.query('truncate recipients'))

      for (const fact of order) await telling(fact)

      expect(await domain.rows('select account_id from recipients where email is not null')).toEqual([
        { account_id: 'ada again' },
      ])
    }
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
