import { AccountClosed } from '#events/accounts/account-closed.v1/event'
import { account, resetAsked, resting, session } from '#support/accounts'
import { openDomain } from '#support/domain'
import { grantRole } from '../grant-role/handler'
import { closeAccount } from './handler'

const ADDRESS = 'ada@example.com'
const NAME = 'Ada Lovelace'

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
  const announced = (type: string, subject: string) =>
    domain.given((db) =>
      db.query('insert into outbox (id, event) values (gen_random_uuid(), $1)', [
        JSON.stringify({
          type: `shop.kiosk.accounts.${type}`,
          subject,
          data: { email: ADDRESS, name: NAME },
        }),
      ]),
    )

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
    await announced('account-registered.v1', 'bob')
    await announced('account-verified.v1', 'ada')

    await closing()

    const left = await everything()
    const aboutAda = left.filter((row) => row.includes(ADDRESS) || row.includes(NAME))
    expect(aboutAda.filter((row) => !/(bob|account-verified)/.test(row))).toEqual([])
    expect(aboutAda).toHaveLength(2)
    expect(await ids()).toEqual(['bob'])
    expect(await domain.rows('select id from sessions')).toEqual([{ id: 's2' }])
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
