import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { ReplayRequested } from '#events/platform/replay-requested.v1/event'
import { openDomain, urlOf } from '#support/domain'
import { listening, serve } from '#support/door'
import { hoursAgo, told } from '#support/outbox'
import { openDatabase } from './database'
import type { Parts } from './function'
import { relayOf } from './relay'

const PLACED = 'shop.kiosk.orders.order-placed.v1'

describe('the one door of a relay', () => {
  const domain = openDomain('orders/relay-orders')
  const came: string[] = []
  const pools = { opened: 0, ended: 0 }
  const opened: { url?: string; close?: () => Promise<void> } = {}
  /** The broker and every function: what is posted is taken. */
  const outside = createServer((request, response) => {
    came.push(`${request.url} ${String(request.headers['ce-id'])}`)
    request.resume().on('end', () => response.writeHead(204).end())
  })

  beforeAll(async () => {
    await listening(outside)
    const home = `http://127.0.0.1:${(outside.address() as AddressInfo).port}`
    const [row] = await domain.rows<{ name: string }>('select current_database() as name')
    const env = {
      ...{ DATABASE_URL: urlOf(row!.name), K_SINK: `${home}/kiosk/orders` },
      OPERATION_URL: `${home}/function/{operation}`,
    }
    const database: Parts['database'] = (given) => {
      pools.opened++
      const pool = openDatabase(given)
      return {
        ...pool,
        end: () => {
          pools.ended++
          return pool.end()
        },
      }
    }
    Object.assign(opened, await serve(relayOf(ReplayRequested)(domain.operation, { database }, env)))
  })
  beforeEach(() => void came.splice(0))
  afterAll(() => void outside.close())

  const post = async (attributes: Record<string, string>, data: object = {}) => {
    const headers = { 'ce-specversion': '1.0', 'ce-source': 'test', 'content-type': 'application/json' }
    const body = JSON.stringify(data)
    const answer = await fetch(opened.url!, { method: 'POST', headers: { ...headers, ...attributes }, body })
    return [answer.status, answer.headers.get('kiosk-timer')]
  }
  const asked = async (query = '') => {
    const answer = await fetch(`${opened.url}/v1/outbox${query}`)
    return [answer.status, (await answer.json()) as object]
  }

  test('takes a tick, an event and a question, each for what it is', async () => {
    const [left, past] = [randomUUID(), randomUUID()]
    await domain.given(
      told(PLACED, '1 minute', { id: left, sent: false }),
      told(PLACED, '2 hours', { id: past }),
    )
    const range = { from: hoursAgo(3), until: hoursAgo(1) }
    const types = `&types=${PLACED},other`

    expect(await asked(`?from=${range.from}&until=${range.until}${types}&replay=r`)).toEqual([
      200,
      {
        unsent: 1,
        oldestUnsentAt: expect.any(String) as string,
        counts: [{ type: PLACED, count: 1 }],
      },
    ])

    expect(await post({ 'ce-type': 'dev.knative.sources.ping', 'ce-id': 't1' })).toEqual([204, 'idle'])
    expect(came).toEqual([`/kiosk/orders ${left}`])

    const replay = { replayId: 'r', ...range, types: [PLACED], destination: 'reserve-stock' }
    const request = { ...replay, requestedAt: hoursAgo(0) }
    expect(await post({ 'ce-type': ReplayRequested.type, 'ce-id': 'e1' }, request)).toEqual([204, null])
    expect(await post({ 'ce-type': ReplayRequested.type, 'ce-id': 'e1' }, request)).toEqual([204, null])
    expect(came.slice(1)).toEqual([`/function/reserve-stock/ ${past}`])

    expect(await asked('?replay=r')).toEqual([
      200,
      {
        unsent: 0,
        replay: { state: 'done', total: 1, sent: 1, failed: 0, failures: [], lastError: null },
      },
    ])
  })

  test('answers what it cannot read as each of them does', async () => {
    expect((await post({ 'ce-type': ReplayRequested.type, 'ce-id': 'e2' }, { to: 1 }))[0]).toBe(500)
    expect((await post({ 'ce-type': 'other', 'ce-id': 'e3' }))[0]).toBe(500)
    expect((await asked('?from=soon'))[0]).toBe(422)
    expect((await fetch(`${opened.url}/v1/other`)).status).toBe(404)
  })

  test('has one pool of connections, and ends it once', async () => {
    await opened.close!()

    expect(pools).toEqual({ opened: 1, ended: 1 })
  })
})
