import { setTimeout } from 'node:timers/promises'
import { OrderAccepted } from '#events/orders/order-accepted.v1/event'
import { StockReserved } from '#events/stock/stock-reserved.v1/event'
import { openDomain, urlOf } from '#support/domain'
import { serve } from '#support/door'
import { openDatabase } from './database'
import { http, ok, type Deps } from './http'

const accepted = {
  ...{ orderId: 'o1', customerId: 'ada', total: 900, currency: 'EUR' },
  acceptedAt: '2026-03-01T10:00:00.000Z',
}

describe('announcing', () => {
  const domain = openDomain('orders/accept-order')
  const emit = (data: typeof accepted) =>
    domain.eventDeps('e1').db.transaction(async (tx) => tx.emit(OrderAccepted, data))

  test('gives a fact an id of its own, its cause, its trace and its partition', async () => {
    await emit(accepted)

    const [row] = await domain.rows<{ event: Record<string, unknown> }>('select event from outbox')
    expect(row!.event).toMatchObject({
      type: OrderAccepted.type,
      source: OrderAccepted.source,
      subject: 'o1',
      time: '2026-03-01T10:00:00.000Z',
      extensions: {
        partitionkey: 'o1',
        causationid: 'e1',
        correlationid: '0af7651916cd43dd8448eb211c80319c',
      },
    })
    expect(row!.event['id']).not.toBe('e1')
  })

  test('takes data that does not fit for a fault of ours, and announces nothing', async () => {
    await expect(emit({ ...accepted, total: 9.5 })).rejects.toThrow('does not fit its class')
    await expect(emit({ ...accepted, total: 9.5 })).rejects.not.toHaveProperty('status')
    expect(await domain.emitted()).toEqual([])
  })

  test('refuses an event that function.json does not list', async () => {
    const { db } = domain.eventDeps()
    const tell = db.transaction(async (tx) =>
      tx.emit(StockReserved, { orderId: 'o1', reservedAt: accepted.acceptedAt }),
    )

    await expect(tell).rejects.toThrow('does not list it in "emits"')
  })

  test('tells a fact when it is committed, though its handler has more to do', async () => {
    let heard: (type: string) => void = () => undefined
    const told = new Promise<string>((resolve) => (heard = resolve))
    const [row] = await domain.rows<{ name: string }>('select current_database() as name')
    const parts = {
      database: () => openDatabase({ DATABASE_URL: urlOf(row!.name) }),
      publisher: () => async (event: { type: string }) => heard(event.type),
    }
    const handle = async (_: object, { db }: Deps) => {
      await db.transaction(async (tx) => tx.emit(OrderAccepted, accepted))
      return ok({ told: await Promise.race([told, setTimeout(10_000, 'nothing', { ref: false })]) })
    }
    const operation = { ...domain.operation, http: ['POST /v1/things'], caller: ['anyone' as const] }
    const { url, close } = await serve(http(class {}, handle)(operation, parts, {}))

    const response = await fetch(`${url}/v1/things`, { method: 'POST' })
    const answer: unknown = await response.json()
    await close()
    expect(answer).toEqual({ told: OrderAccepted.type })
  })
})
