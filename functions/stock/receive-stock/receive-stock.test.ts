import { StockLevelChanged } from '#events/stock/stock-level-changed.v1/event'
import { StockReceived } from '#events/platform/stock-received.v1/event'
import { openCallers } from '#runtime/caller'
import { openDatabase } from '#runtime/database'
import { serve, tokens } from '#support/door'
import { openDomain } from '#support/domain'
import { IMBALANCE, level } from '#support/stock'
import receiveStockFunction, { receiveStock, receiveFromWarehouse } from './handler'

describe('receive-stock', () => {
  const domain = openDomain('stock/receive-stock')

  test('adds to what is on hand and answers what there is now', async () => {
    await domain.given(level('TEA', 10, 4))

    const reply = await receiveStock({ sku: 'TEA', quantity: 5, reference: 'PO-7' }, domain.deps())

    const now = { sku: 'TEA', onHand: 15, reserved: 4, available: 11 }
    expect(reply).toEqual({ status: 201, headers: { Location: '/v1/stock/TEA' }, body: now })
    expect(await domain.emitted()).toEqual([
      [StockLevelChanged.type, { ...now, version: 2, changedAt: '2026-03-01T10:00:00.000Z' }],
    ])
    expect(await domain.rows(IMBALANCE)).toEqual([])
  })

  test('takes goods that nobody has heard of', async () => {
    const { body } = await receiveStock({ sku: 'NEW', quantity: 3 }, domain.deps())

    expect(body).toEqual({ sku: 'NEW', onHand: 3, reserved: 0, available: 3 })
  })

  test('adds every one of many deliveries that come together', async () => {
    await Promise.all(
      Array.from({ length: 50 }, () => receiveStock({ sku: 'TEA', quantity: 2 }, domain.deps())),
    )

    expect(await domain.rows('select on_hand, version from levels')).toEqual([{ on_hand: 100, version: 50 }])
    expect(await domain.rows(IMBALANCE)).toEqual([])
  })

  test("adds a warehouse's delivery once, however often it is told", async () => {
    const told = Array.from({ length: 5 }, () =>
      receiveFromWarehouse({ sku: 'TEA', quantity: 7 }, domain.eventDeps('e1')),
    )
    await Promise.all(told)

    expect(await domain.rows('select on_hand from levels')).toEqual([{ on_hand: 7 }])
  })

  test('lets nobody outside pass for a broker: the door for requests hears no event', async () => {
    const keys = await tokens()
    const env = { ...keys.env, DATABASE_URL: 'postgres://nobody@127.0.0.1:9/none' }
    const door = await serve(
      receiveStockFunction(domain.operation, { callers: openCallers, database: openDatabase }, env),
    )
    const forged = { 'ce-specversion': '1.0', 'ce-id': 'e', 'ce-source': '/x', 'ce-type': StockReceived.type }
    const types = [{ 'content-type': 'application/json' }, { 'content-type': 'application/cloudevents+json' }]

    const answers = await Promise.all(
      types.map((type) =>
        fetch(`${door.url}/v1/stock/TEA/receipts`, {
          method: 'POST',
          headers: { ...type, ...forged },
          body: '{"quantity":1000}',
        }),
      ),
    )
    await door.close()

    expect(answers.map(({ status }) => status)).toEqual([401, 401])
  })
})
