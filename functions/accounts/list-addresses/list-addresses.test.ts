import { account } from '#support/accounts'
import { openDomain } from '#support/domain'
import { listAddresses } from './handler'

describe('list-addresses', () => {
  const domain = openDomain('accounts/list-addresses')
  const keeps = (accountId: string, label: string, line2: string | null = null) =>
    domain.given((db) =>
      db.query(
        `insert into addresses (account_id, label, name, line1, line2, city, postal_code, country)
         values ($1, $2, 'Ada', '1 Street', $3, 'London', 'SW1', 'GB')`,
        [accountId, label, line2],
      ),
    )

  beforeEach(() => domain.given(account('ada@example.com'), account('bob@example.com', { id: 'bob' })))

  test("lists a person's own addresses in order of label, without what was not said", async () => {
    await keeps('ada', 'work', 'Second floor')
    await keeps('ada', 'home')
    await keeps('bob', 'boat')

    const { status, body } = await listAddresses({}, domain.deps())

    const fields = { name: 'Ada', line1: '1 Street', city: 'London', postalCode: 'SW1', country: 'GB' }
    expect([status, body]).toEqual([
      200,
      {
        items: [
          { label: 'home', ...fields },
          { label: 'work', ...fields, line2: 'Second floor' },
        ],
        ...{ page: 1, pageSize: 20, total: 2 },
      },
    ])
  })

  test('lists them in pages', async () => {
    for (const label of ['a', 'b', 'c']) await keeps('ada', label)

    const { body, headers } = await listAddresses({ page: 2, pageSize: 2 }, domain.deps())

    expect(body).toMatchObject({ items: [{ label: 'c' }], total: 3 })
    expect(headers!['Link']).toContain('</v1/me/addresses?page=1&pageSize=2>; rel="prev"')
  })
})
