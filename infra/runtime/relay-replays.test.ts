import { randomUUID } from 'node:crypto'
import { openDomain } from '#support/domain'
import { hoursAgo, told } from '#support/outbox'
import type { Deliver } from './deliver'
import { beginReplay, continueReplays, type ReplayRequest } from './relay-replays'
import { replayProgress } from './replays'

const PLACED = 'shop.kiosk.orders.order-placed.v1'
const ACCEPTED = 'shop.kiosk.orders.order-accepted.v1'
const TAKEN = { taken: true, away: false, status: 204, answer: '' }
const AWAY = { taken: false, away: true, status: 503, answer: 'starting' }

describe('a replay', () => {
  const domain = openDomain('orders/relay-orders')
  const asked = (over: Partial<ReplayRequest> = {}): ReplayRequest => ({
    ...{ replayId: 'replay-1', from: hoursAgo(10), until: hoursAgo(0), types: [PLACED] },
    destination: 'reserve-stock',
    ...over,
  })
  /** A function that takes what `answerTo` does not say otherwise about, and remembers what came. */
  const listener = (answerTo: (id: string) => Awaited<ReturnType<Deliver>> = () => TAKEN) => {
    const came: string[] = []
    const deliver: Deliver = async (service, { headers }) => {
      came.push(`${service} ${headers['ce-id']}`)
      return answerTo(headers['ce-id']!)
    }
    return { came, deliver }
  }
  const begin = (request: ReplayRequest, deliver: Deliver, id?: string) =>
    beginReplay(request, { ...domain.eventDeps(id), deliver })
  const go = (deliver: Deliver) => continueReplays({ ...domain.eventDeps(), deliver })
  const progress = () => replayProgress(domain.deps().db, 'replay-1')
  const ids = Array.from({ length: 25 }, () => randomUUID())
  const again = (some: string[]) => some.map((id) => `reserve-stock ${id}`)

  test('brings the events of a time and of the types asked for to the one function, oldest first', async () => {
    await domain.given(
      ...ids.map((id, index) => told(PLACED, `${9 * 60 - index} minutes`, { id })),
      told(PLACED, '11 hours'),
      told(ACCEPTED, '5 hours'),
    )
    const { came, deliver } = listener()

    await begin(asked(), deliver)

    expect(came).toEqual(again(ids))
    expect(await progress()).toEqual({
      ...{ state: 'done', total: 25, sent: 25, failed: 0, failures: [], lastError: null },
    })
  })

  test('is one replay, however often and at the same moment it is asked for', async () => {
    await domain.given(...ids.map((id) => told(PLACED, '1 hour', { id })))
    const { came, deliver } = listener()

    await Promise.all(Array.from({ length: 5 }, () => begin(asked(), deliver, 'event-1')))
    await begin(asked(), deliver, 'event-1')
    await go(deliver)

    expect(came.sort()).toEqual(again(ids).sort())
  })

  test('brings the last batch again after a crash in it, and misses nothing', async () => {
    await domain.given(...ids.map((id, index) => told(PLACED, `${60 - index} minutes`, { id })))
    const { came, deliver } = listener()
    const crashing: Deliver = (service, event) =>
      came.length === 13 ? Promise.reject(new Error('killed')) : deliver(service, event)

    await expect(begin(asked(), crashing)).rejects.toThrow('killed')
    await domain.rows('update replays set claimed_until = null')
    await go(deliver)

    expect(new Set(came)).toEqual(new Set(again(ids)))
    expect(came.filter((line, index) => came.indexOf(line) !== index).length).toBeLessThanOrEqual(10)
    expect(await progress()).toMatchObject({ state: 'done', sent: 25 })
  })

  test('passes over what the function refuses, and says what that was', async () => {
    await domain.given(...ids.map((id, index) => told(PLACED, `${60 - index} minutes`, { id })))
    const refusal = { taken: false, away: false, status: 500, answer: '{"status":500}' }
    const { deliver } = listener((id) => (id === ids[3] ? refusal : TAKEN))

    await begin(asked(), deliver)

    expect(await progress()).toEqual({
      ...{ state: 'done', total: 25, sent: 24, failed: 1, lastError: null },
      failures: [{ id: ids[3], type: PLACED, status: 500, answer: '{"status":500}' }],
    })
  })

  test('waits for a function that is away, and goes on where it was', async () => {
    await domain.given(...ids.map((id, index) => told(PLACED, `${60 - index} minutes`, { id })))
    const there = { now: true }
    const { came, deliver } = listener((id) => (there.now || id !== ids[12] ? TAKEN : AWAY))
    there.now = false

    await begin(asked(), deliver)

    expect(await progress()).toMatchObject({ state: 'open', sent: 10, lastError: '503: starting' })
    expect(await go(deliver)).toBe(true)
    expect(came).toHaveLength(20)

    there.now = true
    await domain.rows(`update replays set claimed_until = now() - interval '1 second'`)
    expect(await go(deliver)).toBe(false)
    expect(await progress()).toMatchObject({ state: 'done', sent: 25, failed: 0, lastError: null })
  })

  test('is given up when the function stays away', async () => {
    await domain.given(told(PLACED, '1 hour'))
    const { came, deliver } = listener(() => AWAY)
    await begin(asked(), deliver)

    for (let run = 0; run < 40; run++) {
      await domain.rows(`update replays set claimed_until = now() - interval '1 second'`)
      await go(deliver)
    }

    expect(came).toHaveLength(30)
    expect(await progress()).toMatchObject({ state: 'stopped', sent: 0, lastError: '503: starting' })
  })

  test('is left to the run that took it over', async () => {
    await domain.given(...ids.map((id, index) => told(PLACED, `${60 - index} minutes`, { id })))
    const first = listener()
    const second = listener()
    const overtaken: Deliver = async (service, event) => {
      if (first.came.length === 0) {
        first.came.push('began')
        await domain.rows(`update replays set claimed_until = now() - interval '1 second'`)
        await go(second.deliver)
      }
      return first.deliver(service, event)
    }

    await begin(asked(), overtaken)

    expect(second.came).toEqual(again(ids))
    expect(first.came).toHaveLength(11)
    expect(await progress()).toMatchObject({ state: 'done', sent: 25 })
  })

  test('sends an event as it was told', async () => {
    const [id] = ids
    await domain.given(told(PLACED, '1 hour', { id: id!, subject: 'über 1' }))
    const seen: Parameters<Deliver>[1][] = []

    await begin(asked(), async (_, event) => {
      seen.push(event)
      return TAKEN
    })

    expect(seen).toEqual([
      {
        headers: {
          ...{ 'content-type': 'application/json', 'ce-specversion': '1.0', 'ce-id': id, 'ce-type': PLACED },
          ...{ 'ce-source': 'https://kiosk.example/orders', 'ce-subject': '%C3%BCber%201' },
          ...{ 'ce-time': '2026-03-01T10:00:00.000Z' },
          ...{ 'ce-sequence': '0000000000000001' },
          'ce-dataschema': 'https://kiosk.example/events/x/schema.json',
        },
        body: Buffer.from('{"orderId":"über 1"}'),
      },
    ])
  })
})
