import { randomUUID } from 'node:crypto'
import { openDomain } from '#support/domain'
import { told } from '#support/outbox'
import { prune } from './relay-retention'
import { RETENTION } from './retention'

const TYPE = 'shop.kiosk.orders.order-placed.v1'

describe('retention', () => {
  const domain = openDomain('orders/relay-orders')
  const run = async (hour = true) => {
    if (hour) await domain.rows('delete from upkeep')
    return prune(domain.deps().db)
  }
  const kept = async (table: string) =>
    (await domain.rows<{ id: string }>(`select id from ${table} order by id`)).map(({ id }) => id)
  const handled =
    (id: string, ago: string) => (db: { query: (text: string, values: unknown[]) => Promise<unknown> }) =>
      db.query(`insert into inbox values ('place-order', 'test', $1, now() - $2::interval)`, [id, ago])
  const [old, young, unsent, late] = Array.from({ length: 4 }, () => randomUUID()) as [
    string,
    string,
    string,
    string,
  ]
  const beyond = `${RETENTION.outbox + 1} days`

  test('remembers longer than anything is repeated', () => {
    const { repeatable, broker, outbox, inbox } = RETENTION
    expect(outbox).toBeGreaterThan(repeatable)
    expect(inbox).toBeGreaterThan(2 * (broker + repeatable))
  })

  test('forgets events that were sent long ago, and never one that was not', async () => {
    await domain.given(
      told(TYPE, beyond, { id: old }),
      told(TYPE, `${RETENTION.outbox - 1} days`, { id: young }),
      told(TYPE, beyond, { id: unsent, sent: false }),
      told(TYPE, beyond, { id: late }),
    )
    await domain.rows('update outbox set sent_at = now() where id = $1', [late])

    expect(await run()).toBe(1)

    expect(await kept('outbox')).toEqual([young, unsent, late].sort())
  })

  test('forgets no event while a replay goes on', async () => {
    await domain.given(told(TYPE, beyond, { id: old }))
    await domain.rows(
      `insert into replays (id, from_time, until_time, types, destination, total) values ('r', now(), now(), '{}', 'f', 1)`,
    )

    expect(await run()).toBe(0)

    await domain.rows(`update replays set state = 'done', ended_at = now()`)
    expect(await run()).toBe(1)
    expect(await kept('outbox')).toEqual([])
    expect(await kept('replays')).toEqual(['r'])
  })

  test('forgets what was handled and answered long ago, and nothing younger', async () => {
    await domain.given(
      handled('old', `${RETENTION.inbox + 1} days`),
      handled('young', `${RETENTION.inbox - 1} days`),
      (db) =>
        db.query(`insert into idempotency_keys values
          ('s', 'old', 'h', '{}', now() - interval '3 days'), ('s', 'young', 'h', '{}', now() - interval '25 hours')`),
    )

    expect(await run()).toBe(2)

    expect(await kept('inbox')).toEqual(['young'])
    expect(await domain.rows('select key from idempotency_keys')).toEqual([{ key: 'young' }])
  })

  test('goes on until all is gone that is old, a batch at a time', async () => {
    await domain.rows(
      `insert into inbox select 'place-order', 'test', n::text, now() - interval '200 days' from generate_series(1, 2500) n`,
    )

    expect(await run()).toBe(2500)
  })

  test('is done once an hour, by one of those that come for it', async () => {
    await domain.given(handled('one', '200 days'))
    await domain.rows('delete from upkeep')

    const first = await Promise.all(Array.from({ length: 8 }, () => run(false)))
    await domain.given(handled('two', '200 days'))
    const second = await run(false)
    await domain.rows(`update upkeep set done_at = done_at - interval '61 minutes'`)
    const third = await run(false)

    expect(first.sort()).toEqual([0, 0, 0, 0, 0, 0, 0, 1])
    expect([second, third]).toEqual([0, 1])
  })
})
