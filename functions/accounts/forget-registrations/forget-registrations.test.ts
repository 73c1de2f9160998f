import {
  RegistrationLapsed,
  type RegistrationLapsed as Lapsed,
} from '#events/accounts/registration-lapsed.v1/event'
import { CODES, registration, resting } from '#support/accounts'
import { openDomain } from '#support/domain'
import { resendVerification } from '../resend-verification/handler'
import { forgetRegistrations } from './handler'

const ADDRESS = 'ada@example.com'
const DAY_AGO = '2026-02-28T10:00:00.000Z'
const YOUNGER = '2026-02-28T10:00:00.001Z'

describe('forget-registrations', () => {
  const domain = openDomain('accounts/forget-registrations')
  const ticking = () => forgetRegistrations(domain.eventDeps())
  const lapsed = async () => (await domain.emitted()).map(([, data]) => (data as Lapsed).accountId)
  const ids = async () =>
    (await domain.rows<{ id: string }>('select id from registrations order by id')).map(({ id }) => id)
  const addresses = () => domain.rows('select email from verifications order by email')

  test('forgets what nobody proved a day after its code died, not a millisecond before, and announces it', async () => {
    await domain.given(
      registration(ADDRESS, { id: 'old', expiresAt: DAY_AGO }),
      registration('bob@example.com', { id: 'young', expiresAt: YOUNGER }),
    )
    await domain.given(resting(ADDRESS, DAY_AGO), resting('bob@example.com', DAY_AGO))

    expect(await ticking()).toBe('more')

    expect(await domain.emitted()).toEqual([
      [RegistrationLapsed.type, { accountId: 'old', lapsedAt: '2026-03-01T10:00:00.000Z' }],
    ])
    expect(await ids()).toEqual(['young'])
    expect(await addresses()).toEqual([{ email: 'bob@example.com' }])

    domain.at('2026-03-01T10:00:00.001Z')
    expect(await ticking()).toBe('idle')
    expect(await lapsed()).toEqual(['old', 'young'])
    expect(await addresses()).toEqual([])
  })

  test('keeps a registration of the same address that can still be proved', async () => {
    await domain.given(
      registration(ADDRESS, { id: 'old', expiresAt: DAY_AGO }),
      registration(ADDRESS, { id: 'young', expiresAt: YOUNGER }),
    )

    await ticking()

    expect([await ids(), await lapsed()]).toEqual([['young'], ['old']])
  })

  test('forgets an address that was only asked for a day after its last turn', async () => {
    await domain.given(resting(ADDRESS, DAY_AGO), resting('bob@example.com', YOUNGER))

    await ticking()

    expect(await addresses()).toEqual([{ email: 'bob@example.com' }])
    expect(await lapsed()).toEqual([])
  })

  test('never takes away a registration that is given a new code at the same moment', async () => {
    /** What resend-verification announced: this operation may not, so it is written down here. */
    const sent: string[] = []
    const { db, ...others } = domain.deps()
    const transaction: typeof db.transaction = (work) =>
      db.transaction((tx) => {
        sent.length = 0
        return work({ ...tx, emit: ({ path }) => void sent.push(path) })
      })
    const deps = { ...others, db: { ...db, transaction }, codes: CODES }
    for (let round = 0; round < 8; round++) {
      await domain.given((db) => db.query('truncate verifications, registrations, outbox'))
      await domain.given(registration(ADDRESS, { expiresAt: DAY_AGO }))

      await Promise.all([ticking(), resendVerification({ email: ADDRESS }, deps)])

      const kept = await ids()
      expect([kept.length, (await lapsed()).length]).toEqual(sent.length === 1 ? [1, 0] : [0, 1])
    }
  })

  test('forgets each of many once, also when several ticks work at once', async () => {
    await domain.given((db) =>
      db.query(`insert into verifications (email, rests_until)
                select n || '@example.com', '${DAY_AGO}' from generate_series(1, 500) n`),
    )
    await domain.given((db) =>
      db.query(`insert into registrations
                select n::text, n || '@example.com', 'Ada', 'hash', '${DAY_AGO}', 'code', '${DAY_AGO}'
                  from generate_series(1, 500) n`),
    )

    await Promise.all([1, 2, 3, 4].map(ticking))
    expect(await ticking()).toBe('idle')

    const told = await lapsed()
    expect(told).toHaveLength(500)
    expect(new Set(told).size).toBe(500)
  })
})
