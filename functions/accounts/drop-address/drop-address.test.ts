import { account } from '#support/accounts'
import { openDomain } from '#support/domain'
import { dropAddress } from './handler'

describe('drop-address', () => {
  const domain = openDomain('accounts/drop-address')

  test("forgets a person's own address, and answers the same when it is gone", async () => {
    await domain.given(account('ada@example.com'), account('bob@example.com', { id: 'bob' }), (db) =>
      db.query(
        `insert into addresses (account_id, label, name, line1, city, postal_code, country)
         select id, label, 'Ada', '1 Street', 'London', 'SW1', 'GB'
           from accounts cross join (values ('home'), ('work')) as labels (label)`,
      ),
    )

    const replies = [
      await dropAddress({ label: 'home' }, domain.deps()),
      await dropAddress({ label: 'home' }, domain.deps()),
    ]

    expect(replies).toEqual([{ status: 204 }, { status: 204 }])
    expect(await domain.rows('select account_id, label from addresses order by account_id, label')).toEqual([
      { account_id: 'ada', label: 'work' },
      { account_id: 'bob', label: 'home' },
      { account_id: 'bob', label: 'work' },
    ])
  })
})
