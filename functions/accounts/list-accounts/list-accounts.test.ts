import { account, registration } from '#support/accounts'
import { openDomain } from '#support/domain'
import { listAccounts } from './handler'

interface Listed {
  items: { accountId: string }[]
}

describe('list-accounts', () => {
  const domain = openDomain('accounts/list-accounts')
  const listed = (input = {}) => listAccounts(input, domain.deps())
  const idsOf = ({ body }: { body?: unknown }) => (body as Listed).items.map(({ accountId }) => accountId)

  beforeEach(async () => {
    for (const [id, role] of [
      ['ada', 'admin'],
      ['bob', 'customer'],
      ['eve', 'staff'],
    ] as const)
      await domain.given(account(`${id}@example.com`, { id, role, name: id }))
    await domain.given(
      (db) => db.query(`update accounts set registered_at = '2026-03-01T09:30:00Z' where id = 'eve'`),
      registration('new@example.com', { id: 'new' }),
    )
  })

  test('lists accounts, newest first, in pages, and nobody who has not proved an address', async () => {
    const [first, second] = [await listed({ pageSize: 2 }), await listed({ page: 2, pageSize: 2 })]

    expect([idsOf(first), idsOf(second)]).toEqual([['eve', 'ada'], ['bob']])
    expect(first.body).toMatchObject({ page: 1, pageSize: 2, total: 3 })
    expect(first.headers!['Link']).toContain('</v1/accounts?page=2&pageSize=2>; rel="next"')
  })

  test('shows of an account what its person sees, and no password', async () => {
    const { body } = await listed({ role: 'admin' })

    expect((body as Listed).items).toEqual([
      {
        ...{ accountId: 'ada', email: 'ada@example.com', name: 'ada', role: 'admin' },
        registeredAt: new Date('2026-03-01T09:00:00Z'),
        verifiedAt: new Date('2026-03-01T09:00:00Z'),
      },
    ])
  })

  test('finds an account by its address, however that is written', async () => {
    const found = await listed({ email: 'Bob@Example.com' })

    expect(idsOf(found)).toEqual(['bob'])
    expect(found.headers!['Link']).toContain('email=bob%40example.com')
    expect(idsOf(await listed({ email: 'nobody@example.com' }))).toEqual([])
  })
})
