import { randomUUID } from 'node:crypto'
import { openDomain } from '#support/domain'
import type { StoredEvent } from './binary-event'
import type { Publish } from './publish'
import { relay } from './relay'

describe('relay', () => {
  const domain = openDomain('orders/relay-orders')
  const left =
    (id: string, age: string) => (db: { query: (text: string, values: unknown[]) => Promise<unknown> }) =>
      db.query(`insert into outbox (id, event, created_at) values ($1, $2, now() - $3::interval)`, [
        id,
        { id },
        age,
      ])
  const tick = (publish: Publish) => {
    const deliver = () => Promise.reject(new Error('nothing is replayed'))
    return relay({ ...domain.eventDeps(), publish, deliver })
  }
  const ids = Array.from({ length: 450 }, () => randomUUID())
  const unsent = async () => (await domain.rows('select id from outbox where sent_at is null')).length

  test('sends what was left behind, each event once, though two relays run', async () => {
    for (const id of ids) await domain.given(left(id, '1 minute'))
    const taken: string[] = []
    const publish = async ({ id }: StoredEvent) => void taken.push(id)

    await Promise.all([tick(publish), tick(publish)])

    expect(taken.sort()).toEqual([...ids].sort())
    expect(await unsent()).toBe(0)
  })

  test('leaves alone what its own function is about to send', async () => {
    await domain.given(left(randomUUID(), '1 second'))

    expect(await tick(() => Promise.reject(new Error('not asked')))).toBe('more')
  })

  test('keeps what the broker does not take, sends the others, and tries again later', async () => {
    const [poor, lucky] = [randomUUID(), randomUUID()]
    await domain.given(left(poor, '2 minutes'), left(lucky, '1 minute'))
    const publish = ({ id }: StoredEvent) =>
      id === poor ? Promise.reject(new Error('503')) : Promise.resolve()

    expect(await tick(publish)).toBe('more')
    expect(await domain.rows('select id from outbox where sent_at is null')).toEqual([{ id: poor }])

    await domain.given((db) => db.query(`update outbox set claimed_until = now() - interval '1 second'`))
    expect(await tick(() => Promise.resolve())).toBe('idle')
    expect(await unsent()).toBe(0)
  })
})
