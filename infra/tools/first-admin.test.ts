import { AccountRegistered } from '#events/accounts/account-registered.v1/event'
import { RegistrationLapsed } from '#events/accounts/registration-lapsed.v1/event'
import { account, registration } from '#support/accounts'
import { openDomain, urlOf } from '#support/domain'
import { isPassword } from '../../functions/accounts/password'
import { createFirstAdmin } from './first-admin'

describe('the first administrator', () => {
  const domain = openDomain('accounts/register')
  const clock = { now: () => new Date('2026-03-01T08:00:00Z') }
  const ids = { next: () => '00000000-0000-7000-8000-00000000000a' }
  const ADMIN = { email: 'Admin@kiosk.example', password: 'a good secret' }
  const creating = async (over = {}) => {
    const [row] = await domain.rows<{ name: string }>('select current_database() as name')
    return createFirstAdmin({ url: urlOf(row!.name), ...ADMIN, ...over })
  }

  test('is verified from the start, and announced in the outbox', async () => {
    expect(await creating({ clock, ids })).toBe('made')

    const [row] = await domain.rows<{ password_hash: string }>('select * from accounts')
    expect(row).toMatchObject({ email: 'admin@kiosk.example', role: 'admin', verified_at: clock.now() })
    expect(await isPassword(ADMIN.password, row!.password_hash)).toBe(true)
    const accountId = ids.next()
    const registeredAt = '2026-03-01T08:00:00.000Z'
    const who = { accountId, email: 'admin@kiosk.example', name: 'Administrator', role: 'admin' }
    expect(await domain.emitted()).toEqual([[AccountRegistered.type, { ...who, registeredAt }]])
    expect(await domain.rows('select sent_at, event from outbox')).toMatchObject([
      { sent_at: null, event: { subject: accountId, extensions: { partitionkey: accountId } } },
    ])
  })

  test('is made once, however often and at the same moment, and keeps the first password', async () => {
    const made = await Promise.all([creating(), creating(), creating()])
    const again = await creating({ password: 'another secret' })

    expect(made.sort()).toEqual(['made', 'there', 'there'])
    expect(again).toBe('there with another password')
    expect(await domain.emitted()).toHaveLength(1)
    const [row] = await domain.rows<{ password_hash: string }>('select password_hash from accounts')
    expect(await isPassword(ADMIN.password, row!.password_hash)).toBe(true)
  })

  test('cannot be kept away, or taken over, by who registered the address without proving it', async () => {
    await domain.given(registration('admin@kiosk.example', { id: 'eve' }))

    expect(await creating({ clock })).toBe('made')
    expect(await domain.rows('select id from registrations')).toEqual([])
    expect(await domain.emitted()).toContainEqual([
      RegistrationLapsed.type,
      { accountId: 'eve', lapsedAt: '2026-03-01T08:00:00.000Z' },
    ])
  })

  test('is not whoever else has an account at the address', async () => {
    await domain.given(account('admin@kiosk.example'))

    await expect(creating()).rejects.toThrow('admin@kiosk.example is registered and is not an administrator')
  })

  test('has a password as long as anyone', async () => {
    await expect(creating({ password: 'short' })).rejects.toThrow('at least 8 characters')
  })
})
