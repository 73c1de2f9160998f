import { account, session } from '#support/accounts'
import { openDomain } from '#support/domain'
import { logOut } from './handler'

describe('log-out', () => {
  const domain = openDomain('accounts/log-out')
  const loggingOut = (caller = {}) => logOut({}, domain.deps({ caller: { sessionId: 's1', ...caller } }))
  const open = async () => {
    const rows = await domain.rows<{ id: string }>(
      'select id from sessions where closed_at is null order by id',
    )
    return rows.map(({ id }) => id)
  }

  beforeEach(() =>
    domain.given(
      account('ada@example.com'),
      account('bob@example.com', { id: 'bob' }),
      session('s1'),
      session('s2'),
      session('s3', { accountId: 'bob' }),
    ),
  )

  test('closes the session that asks and no other', async () => {
    expect(await loggingOut()).toEqual({ status: 204 })

    expect(await open()).toEqual(['s2', 's3'])
  })

  test('answers the same when asked again, and keeps the moment of the first time', async () => {
    await loggingOut()
    domain.at('2026-03-01T10:05:00Z')

    expect(await loggingOut()).toEqual({ status: 204 })

    expect(await domain.rows(`select closed_at from sessions where id = 's1'`)).toEqual([
      { closed_at: new Date('2026-03-01T10:00:00Z') },
    ])
  })

  test("does not close another account's session", async () => {
    expect(await loggingOut({ sessionId: 's3' })).toEqual({ status: 204 })

    expect(await open()).toEqual(['s1', 's2', 's3'])
  })
})
