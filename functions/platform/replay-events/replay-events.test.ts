import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { ReplayRequested } from '#events/platform/replay-requested.v1/event'
import { openCallers } from '#runtime/caller'
import { openDatabase } from '#runtime/database'
import type { Peer } from '#runtime/peer'
import { openDomain, urlOf } from '#support/domain'
import { listening, serve, tokens } from '#support/door'
import { relaysBehind, type AskRelay } from '../relays'
import deployable, { replayEvents } from './handler'
import type { ReplayEvents } from './input'

const PLACED = 'shop.kiosk.orders.order-placed.v1'
const CAPTURED = 'shop.kiosk.payments.payment-captured.v1'
const DAY = { from: '2026-02-27T00:00:00Z', until: '2026-02-28T00:00:00+01:00' }

describe('replay-events', () => {
  const domain = openDomain('platform/replay-events')
  const admin = { caller: { role: 'admin' as const, id: 'root' } }
  /** Relays whose outboxes have so many events of these types. */
  const outboxes = (counts: Record<string, number>) => {
    const asked: [string, Record<string, string>][] = []
    const askRelay: AskRelay = async (name, query = {}) => {
      asked.push([name, query])
      const types = query['types']!.split(',').filter((type) => type in counts)
      return { unsent: 0, counts: types.map((type) => ({ type, count: counts[type]! })) }
    }
    return { asked, askRelay }
  }
  const replay = (over: Partial<ReplayEvents>, { askRelay } = outboxes({ [PLACED]: 40 })) =>
    replayEvents({ ...DAY, to: 'reserve-stock', ...over }, { ...domain.deps(admin), askRelay })

  test('only counts, unless it is told to send', async () => {
    const relays = outboxes({ [PLACED]: 40 })

    const reply = await replay({}, relays)

    expect(reply).toMatchObject({
      status: 200,
      body: {
        ...{ to: 'reserve-stock', dryRun: true, types: [{ type: PLACED, count: 40 }], total: 40 },
        ...{ from: '2026-02-27T00:00:00.000Z', until: '2026-02-27T23:00:00.000Z' },
      },
    })
    expect(relays.asked).toEqual([
      ['orders', { from: '2026-02-27T00:00:00.000Z', until: '2026-02-27T23:00:00.000Z', types: PLACED }],
    ])
    expect(await domain.emitted()).toEqual([])
    expect(await domain.rows('select from replay_requests')).toEqual([])
  })

  test('asks each domain for its own events, and says of what there is none too', async () => {
    const relays = outboxes({ 'shop.kiosk.orders.order-cancelled.v1': 3 })

    const { body } = await replay({ to: 'send-mail' }, relays)

    const { types, total } = body as { types: { type: string; count: number }[]; total: number }
    expect(total).toBe(3)
    expect(types.find(({ type }) => type.endsWith('payment-declined.v1'))).toMatchObject({ count: 0 })
    for (const [name, { types: own }] of relays.asked) {
      expect(own!.split(',').every((type) => type.startsWith(`shop.kiosk.${name}.`))).toBe(true)
    }
    expect(relays.asked.flatMap(([, { types: own }]) => own!.split(',')).sort()).toEqual(
      types.map(({ type }) => type),
    )
  })

  test('tells the domains what is to be had again, by whom it was asked, in one commit', async () => {
    const reply = await replay({ dryRun: false, types: [PLACED, PLACED] })

    const replayId = '00000000-0000-7000-8000-000000000001'
    expect(reply).toMatchObject({
      status: 202,
      headers: { Location: `/v1/replays/${replayId}` },
      body: { replayId, dryRun: false, total: 40 },
    })
    expect(await domain.emitted()).toEqual([
      [
        ReplayRequested.type,
        {
          ...{ replayId, destination: 'reserve-stock', types: [PLACED] },
          ...{ from: '2026-02-27T00:00:00.000Z', until: '2026-02-27T23:00:00.000Z' },
          requestedAt: '2026-03-01T10:00:00.000Z',
        },
      ],
    ])
    expect(await domain.rows('select id, operation, requested_by, types from replay_requests')).toEqual([
      { id: replayId, operation: 'reserve-stock', requested_by: 'root', types: [PLACED] },
    ])
  })

  test('brings events to the door at which a function hears them', async () => {
    const received = outboxes({ 'shop.kiosk.platform.stock-received.v1': 1 })

    await replay({ dryRun: false, to: 'receive-stock' }, received)

    expect(await domain.emitted()).toMatchObject([
      [ReplayRequested.type, { destination: 'receive-stock-events' }],
    ])
  })

  test.each<[string, Partial<ReplayEvents>, string]>([
    ['a function that there is not', { to: 'nothing' }, '#/to'],
    ['a function that hears no events', { to: 'place-order' }, '#/to'],
    ['a type that it does not hear', { types: [PLACED, CAPTURED] }, '#/types/1'],
    ['a time that ends before it begins', { from: '2026-02-28T00:00:00Z' }, '#/until'],
    ['a time that is not over', { until: '2026-03-01T10:00:01Z' }, '#/until'],
    ['a time that consumers may have forgotten', { from: '2026-02-08T09:59:59Z' }, '#/from'],
  ])('refuses %s', async (_, over, pointer) => {
    const refused = replay({ dryRun: false, ...over })

    await expect(refused).rejects.toMatchObject({ status: 422, members: { errors: [{ pointer }] } })
    expect(await domain.emitted()).toEqual([])
  })

  test('says that it cannot tell when a relay does not answer as it should', async () => {
    const answering = (status: number, body: unknown): { askRelay: AskRelay } => {
      const answer: Peer = () => Promise.resolve({ status, body })
      return { askRelay: relaysBehind(() => answer) }
    }

    for (const relays of [answering(500, {}), answering(200, { counts: 1 }), answering(200, 'x')]) {
      const refused = replay({ dryRun: false }, { asked: [], ...relays })
      await expect(refused).rejects.toMatchObject({ kind: 'unavailable' })
    }
    expect(await domain.emitted()).toEqual([])
  })

  test('is one replay when the request is repeated, and for admins only', async () => {
    const relay = createServer((_, response) => void response.end('{"unsent":0,"counts":[]}'))
    await listening(relay)
    const [row] = await domain.rows<{ name: string }>('select current_database() as name')
    const { env, bearer } = await tokens()
    const settings = {
      ...{ ...env, DATABASE_URL: urlOf(row!.name) },
      OPERATION_URL: `http://127.0.0.1:${(relay.address() as AddressInfo).port}/{operation}`,
    }
    const parts = { database: openDatabase, callers: openCallers }
    const served = await serve(deployable(domain.operation, parts, settings))
    const ask = async (role: 'staff' | 'admin', body: object) => {
      const headers = {
        authorization: await bearer('root', role),
        'content-type': 'application/json',
        'idempotency-key': 'once',
      }
      const answer = await fetch(`${served.url}/v1/replays`, {
        method: 'POST',
        headers,
        body: JSON.stringify(body),
      })
      return [
        answer.status,
        (await answer.json()) as { replayId: string; errors?: { pointer: string }[] },
      ] as const
    }
    const hour = (ago: number) => new Date(Date.now() - ago * 3_600_000).toISOString()
    const wish = { from: hour(2), until: hour(1), to: 'reserve-stock', dryRun: false }

    expect((await ask('staff', wish))[0]).toBe(403)
    const [first, second] = [await ask('admin', wish), await ask('admin', wish)]
    const [malformed, { errors }] = await ask('admin', {
      from: 'soon',
      until: 7,
      to: '',
      types: [],
      dryRun: 'no',
    })

    expect([first[0], second[0], malformed]).toEqual([202, 202, 422])
    expect(second[1].replayId).toBe(first[1].replayId)
    expect(new Set(errors!.map(({ pointer }) => pointer))).toEqual(
      new Set(['#/from', '#/until', '#/to', '#/types', '#/dryRun']),
    )
    expect(await domain.emitted()).toHaveLength(1)
    await served.close()
    relay.close()
  })
})
