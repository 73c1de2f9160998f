import { account } from '#support/accounts'
import { openDomain } from '#support/domain'
import { viewProfile } from './handler'

describe('view-profile', () => {
  const domain = openDomain('accounts/view-profile')

  test('shows the person who asks, and no password', async () => {
    await domain.given(
      account('ada@example.com', { role: 'staff' }),
      account('bob@example.com', { id: 'bob', name: 'Bob' }),
    )

    expect(await viewProfile({}, domain.deps())).toEqual({
      status: 200,
      headers: {},
      body: {
        ...{ accountId: 'ada', email: 'ada@example.com', name: 'Ada Lovelace', role: 'staff' },
        registeredAt: new Date('2026-03-01T09:00:00Z'),
        verifiedAt: new Date('2026-03-01T09:00:00Z'),
      },
    })
  })

  test('takes a token of an account that was closed since for no token', async () => {
    await expect(viewProfile({}, domain.deps())).rejects.toMatchObject({
      ...{ domain: 'platform', kind: 'unauthenticated', status: 401 },
      headers: { 'WWW-Authenticate': 'Bearer error="invalid_token"' },
    })
  })
})
