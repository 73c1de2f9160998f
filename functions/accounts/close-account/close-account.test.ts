import { AccountClosed } from '#events/accounts/account-closed.v1/event'
import { AccountVerified } from '#events/accounts/account-verified.v1/event'
import { RegistrationLapsed } from '#events/accounts/registration-lapsed.v1/event'
import {
  VerificationRequested,
  type VerificationRequested as Requested,
} from '#events/accounts/verification-requested.v1/event'
import { openDatabase } from '#runtime/database'
import { account, PEPPER, registration, resetAsked, resting, session } from '#support/accounts'
import { openDomain, operationOf, urlOf } from '#support/domain'
import { serve } from '#support/door'
import { deployableOf, routeOf } from '#support/every-door'
import { grantRole } from '../grant-role/handler'
import { closeAccount } from './handler'

const ADDRESS = 'ada@example.com'
const NAME = 'Ada Lovelace'
/** What Ada called herself when she registered another time. */
const OTHER_NAME = 'Countess of Lovelace'

describe('close-account', () => {
  const domain = openDomain('accounts/close-account')
  const closing = (id = 'ada') => closeAccount({}, domain.deps({ caller: id }))
  const lastAdmin = { kind: 'last-admin', status: 409 }
  const ids = async () =>
    (await domain.rows<{ id: string }>('select id from accounts order by id')).map(({ id }) => id)
  /** Everything that is in the database, as text. */
  const everything = async () => {
    const tables = await domain.rows<{ name: string }>(
      `select tablename as name from pg_tables where schemaname = 'public'`,
    )
    const dumps = await Promise.all(
      tables.map(({ name }) => domain.rows<{ row: string }>(`select t::text as row from ${name} as t`)),
    )
    return dumps.flat().map(({ row }) => row)
  }
  const aboutAda = async () =>
    (await everything()).filter((row) => [ADDRESS, NAME, OTHER_NAME].some((said) => row.includes(said)))
  const announced = (type: string, subject: string, data: object = { email: ADDRESS, name: NAME }) =>
    domain.given((db) =>
      db.query('insert into outbox (id, event) values (gen_random_uuid(), $1)', [
        JSON.stringify({ type: `shop.kiosk.accounts.${type}`, subject, data }),
      ]),
    )

  /** Asks another operation of the domain over HTTP, as its own deployable. */
  const asking = async (name: string, body: object) => {
    const operation = operationOf(`accounts/${name}`)
    const [row] = await domain.rows<{ name: string }>('select current_database() as name')
    const env = { ...PEPPER, DATABASE_URL: urlOf(row!.name) }
    const { url, close } = await serve(deployableOf(operation)(operation, { database: openDatabase }, env))
    const { method, path } = routeOf(operation)
    const headers = { 'content-type': 'application/json' }
    const { ok } = await fetch(url + path, { method, headers, body: JSON.stringify(body) })
    await close()
    expect(ok).toBe(true)
  }

  /** What grant-role is given, with its announcements left out: this operation may not make them. */
  const silently = (caller: string) => {
    const deps = domain.deps({ caller })
    const transaction: typeof deps.db.transaction = (work) =>
      deps.db.transaction((tx) => work({ ...tx, emit: () => undefined }))
    return { ...deps, db: { ...deps.db, transaction } }
  }

  test('announces that the account is closed', async () => {
    await domain.given(account(ADDRESS))

    expect(await closing()).toEqual({ status: 204 })

    expect(await domain.emitted()).toEqual([
      [AccountClosed.type, { accountId: 'ada', closedAt: '2026-03-01T10:00:00.000Z' }],
    ])
  })

  test('erases the person everywhere, and nobody else', async () => {
    await domain.given(
      account(ADDRESS),
      account('bob@example.com', { id: 'bob', name: 'Bob' }),
      session('s1'),
      session('s2', { accountId: 'bob' }),
      resetAsked(ADDRESS),
      resting(ADDRESS, '2026-03-01T10:01:00Z'),
      (db) => db.query(`insert into log_in_tries values ($1, 1, '2026-03-01T09:55:00Z')`, [ADDRESS]),
      (db) =>
        db.query(
          `insert into addresses (account_id, label, name, line1, city, postal_code, country)
           values ('ada', 'home', $1, '1 Street', 'London', 'SW1', 'GB')`,
          [NAME],
        ),
      (db) =>
        db.query(`insert into idempotency_keys values ('register:anyone:', 'key', 'hash', $1)`, [
          JSON.stringify({ status: 202, headers: {}, body: { email: ADDRESS } }),
        ]),
    )
    for (const type of ['account-registered.v1', 'verification-requested.v1', 'password-reset-requested.v1'])
      await announced(type, 'ada')
    for (const type of ['account-registered.v1', 'verification-requested.v1'])
      await announced(type, 'another id', { email: ADDRESS, name: OTHER_NAME })
    await announced('account-registered.v1', 'bob', { email: 'bob@example.com', name: 'Bob' })
    await announced('account-verified.v1', 'ada', { accountId: 'ada' })

    await closing()

    expect(await aboutAda()).toEqual([])
    expect(await ids()).toEqual(['bob'])
    expect(await domain.rows(`select event ->> 'subject' as who from outbox order by sequence`)).toEqual([
      { who: 'bob' },
      { who: 'ada' },
      { who: 'ada' },
    ])
    expect(await domain.rows('select id from sessions')).toEqual([{ id: 's2' }])
  })

  test('erases who registered twice and proved one of the two', async () => {
    await asking('register', { email: ADDRESS, password: 'correct horse', name: OTHER_NAME })
    await asking('register', { email: ADDRESS, password: 'correct horse', name: NAME })
    const told = (await domain.emitted()).filter(([type]) => type === VerificationRequested.type)
    const [first, second] = told.map(([, data]) => data as Requested) as [Requested, Requested]
    await asking('verify-email', { email: ADDRESS, code: second.code })
    expect(await ids()).toEqual([second.accountId])

    await closing(second.accountId)

    expect(await aboutAda()).toEqual([])
    const left = (await domain.emitted()).map(([type, data]) => [type, (data as Requested).accountId])
    expect(left).toEqual([
      [AccountVerified.type, second.accountId],
      [RegistrationLapsed.type, first.accountId],
      [AccountClosed.type, second.accountId],
    ])
  })

  test('erases a registration of the address that came to be beside the account, and announces it', async () => {
    await domain.given(account(ADDRESS), registration(ADDRESS, { id: 'another id', name: OTHER_NAME }))
    await domain.given(registration('bob@example.com', { id: 'bob', name: 'Bob' }))

    await closing()

    expect(await aboutAda()).toEqual([])
    expect(await domain.rows('select id from registrations')).toEqual([{ id: 'bob' }])
    expect(await domain.emitted()).toEqual([
      [RegistrationLapsed.type, { accountId: 'another id', lapsedAt: '2026-03-01T10:00:00.000Z' }],
      [AccountClosed.type, { accountId: 'ada', closedAt: '2026-03-01T10:00:00.000Z' }],
    ])
  })

  test('closes once, however often it is asked', async () => {
    await domain.given(account(ADDRESS))

    const replies = await Promise.all([closing(), closing(), closing(), closing()])
    await closing()

    expect(replies).toEqual(Array(4).fill({ status: 204 }))
    expect(await domain.emitted()).toHaveLength(1)
  })

  test('lets the address register anew', async () => {
    await domain.given(account(ADDRESS))
    await closing()

    await domain.given(account(ADDRESS, { id: 'ada again' }))

    expect(await ids()).toEqual(['ada again'])
  })

  test('refuses the last administrator and keeps everything', async () => {
    await domain.given(account(ADDRESS, { role: 'admin' }), session('s1'), resetAsked(ADDRESS))
    const before = await everything()

    await expect(closing()).rejects.toMatchObject(lastAdmin)

    expect(await everything()).toEqual(before)
  })

  test('leaves one administrator when all of four go at the same moment', async () => {
    const admins = ['a', 'b', 'c', 'd']
    for (const id of admins) await domain.given(account(`${id}@example.com`, { id, role: 'admin' }))

    const outcomes = await Promise.allSettled(admins.map((id) => closing(id)))

    expect(outcomes.filter(({ status }) => status === 'rejected')).toMatchObject([{ reason: lastAdmin }])
    expect(await ids()).toHaveLength(1)
  })

  test('leaves one administrator when one goes and demotes the other at the same moment', async () => {
    for (let round = 0; round < 8; round++) {
      await domain.given((db) => db.query('delete from accounts'))
      for (const id of ['a', 'b']) await domain.given(account(`${id}@example.com`, { id, role: 'admin' }))

      await Promise.allSettled([closing('b'), grantRole({ id: 'a', role: 'customer' }, silently('b'))])

      expect(await domain.rows(`select id from accounts where role = 'admin'`)).toHaveLength(1)
    }
  })
})
