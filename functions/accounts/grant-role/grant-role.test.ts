import { RoleGranted } from '#events/accounts/role-granted.v1/event'
import type { Role } from '#runtime/caller'
import { account } from '#support/accounts'
import { openDomain } from '#support/domain'
import { grantRole } from './handler'

describe('grant-role', () => {
  const domain = openDomain('accounts/grant-role')
  const granting = (id: string, role: Role, by = 'root') =>
    grantRole({ id, role }, domain.deps({ caller: { id: by, role: 'admin' } }))
  const roles = async () => {
    const rows = await domain.rows<{ id: string; role: Role }>('select id, role from accounts')
    return Object.fromEntries(rows.map(({ id, role }) => [id, role]))
  }
  const person = (id: string, role: Role = 'customer') => account(`${id}@example.com`, { id, role, name: id })

  beforeEach(() => domain.given(person('root', 'admin'), person('ada')))

  test('gives the account the role and announces it', async () => {
    const { status, body } = await granting('ada', 'staff')

    expect([status, body]).toMatchObject([200, { accountId: 'ada', email: 'ada@example.com', role: 'staff' }])
    expect(await roles()).toEqual({ root: 'admin', ada: 'staff' })
    expect(await domain.emitted()).toEqual([
      [RoleGranted.type, { accountId: 'ada', role: 'staff', grantedAt: '2026-03-01T10:00:00.000Z' }],
    ])
  })

  test('announces a role once, however often it is granted', async () => {
    await Promise.all([granting('ada', 'staff'), granting('ada', 'staff'), granting('ada', 'staff')])

    expect(await domain.emitted()).toHaveLength(1)
  })

  test('refuses an account that is not there', async () => {
    await expect(granting('ghost', 'staff')).rejects.toMatchObject({ kind: 'unknown-account', status: 404 })
  })

  test('refuses who is no administrator any more, whatever the token says', async () => {
    await expect(granting('ada', 'admin', 'ada')).rejects.toMatchObject({ kind: 'forbidden', status: 403 })

    expect(await roles()).toEqual({ root: 'admin', ada: 'customer' })
    expect(await domain.emitted()).toEqual([])
  })

  test('keeps the last administrator, who may be granted the role again', async () => {
    await expect(granting('root', 'staff')).rejects.toMatchObject({ kind: 'last-admin', status: 409 })

    expect(await granting('root', 'admin')).toMatchObject({ status: 200 })
    expect(await domain.emitted()).toEqual([])
  })

  test('leaves one administrator when two demote each other at the same moment', async () => {
    for (let round = 0; round < 10; round++) {
      await domain.given((db) => db.query('delete from accounts'), person('a', 'admin'), person('b', 'admin'))

      const outcomes = await Promise.allSettled([
        granting('b', 'customer', 'a'),
        granting('a', 'customer', 'b'),
      ])

      expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
      expect(Object.values(await roles()).sort()).toEqual(['admin', 'customer'])
    }
  })

  test('leaves one administrator when all of five step back at the same moment', async () => {
    const admins = ['a', 'b', 'c', 'd', 'root']
    for (const id of admins.slice(0, 4)) await domain.given(person(id, 'admin'))

    await Promise.allSettled(admins.map((id) => granting(id, 'customer', id)))

    expect(Object.values(await roles()).filter((role) => role === 'admin')).toHaveLength(1)
    expect(await domain.emitted()).toHaveLength(4)
  })
})
