import { parse } from '#runtime/parse'
import { account } from '#support/accounts'
import { openDomain } from '#support/domain'
import { changeProfile } from './handler'
import { ChangeProfile } from './input'

describe('change-profile', () => {
  const domain = openDomain('accounts/change-profile')

  test('changes the name of the person who asks, and answers the profile', async () => {
    await domain.given(account('ada@example.com'), account('bob@example.com', { id: 'bob', name: 'Bob' }))

    const { status, body } = await changeProfile({ name: ' Ada King ' }, domain.deps())

    expect([status, body]).toMatchObject([
      200,
      { accountId: 'ada', email: 'ada@example.com', name: 'Ada King', role: 'customer' },
    ])
    expect(await domain.rows('select name from accounts order by id')).toEqual([
      { name: 'Ada King' },
      { name: 'Bob' },
    ])
  })

  test('takes a token of an account that was closed since for no token', async () => {
    await expect(changeProfile({ name: 'Ada' }, domain.deps())).rejects.toMatchObject({
      kind: 'unauthenticated',
    })
  })

  test.each([
    ['nothing', {}, '#/name'],
    ['a name of spaces', { name: '  ' }, '#/name'],
    ['a name with a line break', { name: 'Ada\nBcc: eve@example.com' }, '#/name'],
    ['another role', { name: 'Ada', role: 'admin' }, '#/role'],
    ['another address', { name: 'Ada', email: 'eve@example.com' }, '#/email'],
  ])('refuses %s', (_, body, pointer) => {
    expect(() => parse(ChangeProfile, body, 'strict')).toThrow(
      expect.objectContaining({ members: { errors: [expect.objectContaining({ pointer })] } }) as Error,
    )
  })
})
