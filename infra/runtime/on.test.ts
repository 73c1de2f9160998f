import { HTTP, CloudEvent } from 'cloudevents'
import { StockReserved } from '#events/stock/stock-reserved.v1/event'
import { serve } from '#support/door'
import { binaryEvent } from './binary-event'
import { on, type EventDeps } from './on'
import type { Operation } from './operation'
import { requestProblem } from './problem'

const operation: Operation = {
  name: 'hear',
  domain: 'things',
  promise: 'Hears.',
  on: ['stock/stock-reserved.v1'],
}
const heard: { orderId: string; event: EventDeps['event']; traceId: string }[] = []

async function hear({ orderId }: StockReserved, { event, trace }: EventDeps) {
  if (orderId === 'refused') throw requestProblem('forbidden')
  heard.push({ orderId, event, traceId: trace.traceId })
}

const stored = (over: object = {}) => ({
  id: 'e1',
  type: StockReserved.type,
  source: StockReserved.source,
  subject: 'Bestellung №7, 100 %',
  time: '2026-03-01T10:00:00.000Z',
  dataschema: StockReserved.dataschema,
  extensions: {
    traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    correlationid: 'first',
  },
  data: { orderId: 'o1', reservedAt: '2026-03-01T10:00:00.000Z', newer: 'field' },
  ...over,
})

describe('on', () => {
  let url: string
  let close: () => Promise<void>
  const post = (headers: Record<string, string>, body: string | Buffer) =>
    fetch(url, { method: 'POST', headers, body })
  const deliver = (over: object = {}) => {
    const { headers, body } = binaryEvent(stored(over))
    return post(headers, body)
  }

  beforeAll(async () => {
    const served = await serve(on(StockReserved, hear)(operation, {}, {}))
    url = served.url
    close = served.close
  })
  beforeEach(() => void (heard.length = 0))
  afterAll(() => close())

  test('hears an event in binary mode, its attributes and its trace, and answers 204 with nothing', async () => {
    const response = await deliver()

    expect([response.status, await response.text()]).toEqual([204, ''])
    expect(heard).toEqual([
      {
        orderId: 'o1',
        traceId: '0af7651916cd43dd8448eb211c80319c',
        event: {
          ...{ id: 'e1', source: StockReserved.source, type: StockReserved.type },
          ...{ subject: 'Bestellung №7, 100 %', time: '2026-03-01T10:00:00.000Z', correlationId: 'first' },
        },
      },
    ])
  })

  test('hears an event in structured mode', async () => {
    const { id, type, source, data } = stored()
    const { headers, body } = HTTP.structured(new CloudEvent({ id, type, source, data }))

    const response = await post(headers as Record<string, string>, body as string)

    expect([response.status, heard.map(({ orderId }) => orderId)]).toEqual([204, ['o1']])
  })

  test.each([
    ['of another type', () => deliver({ type: 'shop.kiosk.stock.other.v1' })],
    ['with data that does not fit', () => deliver({ data: { orderId: 7 } })],
    ['without an id', () => deliver({ id: '' })],
    ['that is no event', () => post({ 'content-type': 'application/json' }, '{}')],
    ['with data that is not JSON', () => post(binaryEvent(stored()).headers, '{"orderId"')],
    [
      'that the handler refuses like a request',
      () => deliver({ data: { orderId: 'refused', reservedAt: '2026-03-01T10:00:00Z' } }),
    ],
  ])('answers 500 to an event %s, never 4xx: a broker would lose it', async (_, send) => {
    expect((await send()).status).toBe(500)
    expect(heard).toEqual([])
  })
})
