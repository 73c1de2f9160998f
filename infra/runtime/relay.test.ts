import { randomUUID } from 'node:crypto'
import { openDomain } from '#support/domain'
import type { StoredEvent } from './binary-event'
import { unsentOf } from './outbox-log'
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
    await domain.given(left(randomUUID(), '0 seconds'))

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

  const olds = (count: number) => Array.from({ length: count }, () => randomUUID())
  const refusing =
    (refused: readonly string[], taken: string[] = []): Publish =>
    async ({ id }) => {
      if (refused.includes(id)) throw Object.assign(new Error('400'), { name: 'RefusedEvent' })
      taken.push(id)
    }
  const waits = async () => {
    const rows = await domain.rows<{ minutes: number }>(
      `select round(extract(epoch from claimed_until - now()) / 60)::int as minutes
         from outbox where sent_at is null order by sequence`,
    )
    return rows.map(({ minutes }) => minutes)
  }

  test('sends more than a batch behind an event that the broker always refuses', async () => {
    const [poison, ...good] = olds(451)
    for (const id of [poison!, ...good]) await domain.given(left(id, '1 minute'))
    const taken: string[] = []

    expect(await tick(refusing([poison!], taken))).toBe('more')

    expect(taken.sort()).toEqual(good.sort())
    expect(await unsentOf(domain.deps().db)).toMatchObject({ count: 1 })
  })

  test('sends newer events though more than a batch before them is refused', async () => {
    const [poison, good] = [olds(250), olds(30)]
    for (const id of [...poison, ...good]) await domain.given(left(id, '1 minute'))
    const taken: string[] = []

    await tick(refusing(poison, taken))

    expect(taken.sort()).toEqual(good.sort())
    expect(await unsent()).toBe(250)
  })

  test('tries a refused event again, ever less often, and sends it when the broker takes it', async () => {
    const ages = ['5 minutes', '30 minutes', '3 days']
    const ids = olds(3)
    for (const [index, id] of ids.entries()) await domain.given(left(id, ages[index]!))

    await tick(refusing(ids))
    expect(await waits()).toEqual([5, 30, 60])
    const taken: string[] = []
    await tick(refusing([], taken))
    expect(taken).toEqual([])

    await domain.given((db) => db.query(`update outbox set claimed_until = now() - interval '1 second'`))
    expect(await tick(refusing([], taken))).toBe('idle')
    expect(taken.sort()).toEqual(ids.sort())
  })

  test('asks a broker that is away for no more than a batch, whatever it refused of it', async () => {
    const [poison, ...rest] = olds(450)
    for (const id of [poison!, ...rest]) await domain.given(left(id, '1 minute'))
    let asked = 0
    const away: Publish = async (event) => {
      asked++
      await refusing([poison!])(event)
      throw new Error('nobody is there')
    }

    expect(await tick(away)).toBe('more')

    expect(asked).toBe(200)
    expect(await unsent()).toBe(450)
  })
})
