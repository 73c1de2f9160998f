import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { StockLevelChanged } from '#events/stock/stock-level-changed.v1/event'
import { openDomain, urlOf } from '#support/domain'
import { listening } from '#support/door'
import { level } from '#support/stock'
import { lockLevels, move } from '../../functions/stock/ledger'
import { announcing } from './announce'
import type { StoredEvent } from './binary-event'
import { openDatabase } from './database'
import { claimUnsent } from './outbox'
import { openPublisher } from './publish'

describe('the sequence of what is told about one subject', () => {
  const domain = openDomain('stock/receive-stock')
  const receive = (sku: string, committed: (events: StoredEvent[]) => void = () => undefined) => {
    const { clock, ids, trace } = domain.deps()
    const scope = announcing(domain.operation, { clock, ids }, trace, { correlationId: 'c' }, committed)
    return { scope, at: clock.now(), sku }
  }

  test('grows with each change, in the order of the changes, whoever makes them at the same moment', async () => {
    await domain.given(level('TEA', 0), level('TIN', 0))
    const [row] = await domain.rows<{ name: string }>('select current_database() as name')
    const connections = openDatabase({ DATABASE_URL: urlOf(row!.name), DATABASE_CONNECTIONS: '10' })
    const told: StoredEvent[] = []

    await Promise.all(
      Array.from({ length: 60 }, (_, turn) => {
        const { scope, at, sku } = receive(turn % 3 ? 'TEA' : 'TIN', (events) => told.push(...events))
        return connections.within(scope).transaction(async (tx) => {
          const levels = await lockLevels(tx, [sku])
          const deltas = [{ sku, onHand: 1, reserved: 0 }]
          move(tx, levels, { kind: 'received', reference: null, deltas }, at)
        })
      }),
    )
    await connections.end()

    for (const sku of ['TEA', 'TIN']) {
      const ofSku = told
        .filter(({ subject }) => subject === sku)
        .sort((a, b) => (a.extensions['sequence']! < b.extensions['sequence']! ? -1 : 1))
      const versions = ofSku.map(({ data }) => (data as StockLevelChanged).version)
      expect(versions).toEqual(Array.from({ length: sku === 'TEA' ? 40 : 20 }, (_, index) => index + 2))
      expect(new Set(ofSku.map(({ extensions }) => extensions['sequence'])).size).toBe(ofSku.length)
    }
  })

  test('is the same whether the function sends it or its relay, and travels as an attribute', async () => {
    await domain.given(level('TEA', 0))
    const [row] = await domain.rows<{ name: string }>('select current_database() as name')
    const connections = openDatabase({ DATABASE_URL: urlOf(row!.name) })
    const told: StoredEvent[] = []
    const { scope, at } = receive('TEA', (events) => told.push(...events))
    await connections.within(scope).transaction(async (tx) => {
      const levels = await lockLevels(tx, ['TEA'])
      move(
        tx,
        levels,
        { kind: 'received', reference: null, deltas: [{ sku: 'TEA', onHand: 1, reserved: 0 }] },
        at,
      )
    })
    await domain.rows(`update outbox set created_at = now() - interval '1 minute'`)
    const left = await claimUnsent(connections, 10)
    await connections.end()
    const seen: (string | string[] | undefined)[] = []
    const broker = createServer((request, response) => {
      seen.push(request.headers['ce-sequence'])
      request.resume().on('end', () => response.writeHead(202).end())
    })
    await listening(broker)

    await openPublisher({ K_SINK: `http://127.0.0.1:${(broker.address() as AddressInfo).port}/` })(told[0]!)
    broker.close()

    expect(told[0]!.extensions['sequence']).toMatch(/^\d{16}$/)
    expect(left).toEqual(told)
    expect(seen).toEqual([told[0]!.extensions['sequence']])
  })
})
