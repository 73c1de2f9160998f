import { StockExhausted } from '#events/stock/stock-exhausted.v1/event'
import { StockReserved } from '#events/stock/stock-reserved.v1/event'
import { atOnce } from '#support/carts'
import { openDomain } from '#support/domain'
import { accepted, openSandbox } from '#support/payments'
import { IMBALANCE, level, orderPlaced } from '#support/stock'
import { openWholeShop } from '#support/whole-shop'
import { charge } from '../../functions/payments/charge/handler'
import type { Gateway } from '../../functions/payments/gateway'
import { reserveStock } from '../../functions/stock/reserve-stock/handler'

/**
 * What users of other shops report: a check and an allocation in two transactions, a check for each line that ignores their
 * sum, stock that is looked at after the card was charged, and rows that stay locked while a payment provider thinks.
 */
describe('Pain 1: oversold under concurrency', () => {
  const stock = openDomain('stock/reserve-stock')
  const told = async (type: string) => (await stock.emitted()).filter(([name]) => name === type).length
  const levels = () => stock.rows('select sku, on_hand, reserved from levels order by sku')

  test('Pain 1: of 150 orders at the same moment as many are served as there are pieces', async () => {
    await stock.given(level('TEA', 10))

    await atOnce(150, (nth) => reserveStock(orderPlaced(`o${nth}`, { TEA: 1 }), stock.eventDeps(`e${nth}`)))

    expect(await levels()).toEqual([{ sku: 'TEA', on_hand: 10, reserved: 10 }])
    expect([await told(StockReserved.type), await told(StockExhausted.type)]).toEqual([10, 140])
    expect(await stock.rows(IMBALANCE)).toEqual([])
  })

  test('Pain 1: two lines of one order that share an item are counted together', async () => {
    await stock.given(level('TEA', 10))
    const [line] = orderPlaced('o', { TEA: 6 }).lines
    const twice = (orderId: string) => ({ ...orderPlaced(orderId, {}), lines: [line!, line!] })

    await atOnce(20, (nth) => reserveStock(twice(`o${nth}`), stock.eventDeps(`e${nth}`)))

    expect(await levels()).toEqual([{ sku: 'TEA', on_hand: 10, reserved: 0 }])
    expect([await told(StockReserved.type), await told(StockExhausted.type)]).toEqual([0, 20])
  })

  test('Pain 1: an order that lacks one of its items takes nothing of the others', async () => {
    await stock.given(level('TEA', 100), level('TIN', 7))

    await atOnce(60, (nth) =>
      reserveStock(orderPlaced(`o${nth}`, { TEA: 1, TIN: 2 }), stock.eventDeps(`e${nth}`)),
    )

    expect(await levels()).toEqual([
      { sku: 'TEA', on_hand: 100, reserved: 3 },
      { sku: 'TIN', on_hand: 7, reserved: 6 },
    ])
    expect(await stock.rows(IMBALANCE)).toEqual([])
  })

  test('Pain 1: the table itself refuses to promise more than there is, whoever asks it to', async () => {
    await stock.given(level('TEA', 10, 10))

    const promising = stock.given((db) => db.query('update levels set reserved = reserved + 1'))

    await expect(promising).rejects.toMatchObject({ code: '23514' })
  })

  describe('in the whole shop', () => {
    const shop = openWholeShop()

    test('Pain 1: nobody is charged for what cannot be had', async () => {
      await shop.sells('TEA', 450, 5)
      const orders = Array.from({ length: 20 }, () => shop.place({ TEA: 1 }, 'pm_approve'))
      await Promise.all(orders)

      await shop.settle({ times: 2, shuffledBy: 7, atOnce: 8 })

      const outcomes = await shop.outcomes()
      expect(outcomes.filter((one) => one === 'confirmed, captured')).toHaveLength(5)
      expect(outcomes.filter((one) => one === 'rejected, none')).toHaveLength(15)
      expect(await shop.money()).toEqual({ captured: 5 * 450, refunded: 0 })
      expect(await shop.levels()).toEqual([{ sku: 'TEA', on_hand: 5, reserved: 5 }])
    })
  })

  describe('while the payment gateway thinks', () => {
    const payments = openDomain('payments/charge')
    let sandbox: Awaited<ReturnType<typeof openSandbox>>
    beforeEach(async () => void (sandbox = await openSandbox()))
    afterEach(() => sandbox.close())

    test('Pain 1: no lock is held and no transaction is open', async () => {
      let seen: unknown
      const thinking: Gateway = {
        ...sandbox.gateway,
        charge: async (attempt) => {
          seen = await payments.rows(
            `select count(*) filter (where state like 'idle in transaction%') as transactions,
                    (select count(*) from pg_locks join pg_stat_activity as holder using (pid)
                      where database = pg_stat_activity.datid and mode = 'RowExclusiveLock'
                        and holder.backend_type = 'client backend') as locks
               from pg_stat_activity where datname = current_database() group by datid`,
          )
          const meanwhile = { ...payments.eventDeps(), gateway: sandbox.gateway }
          await charge(accepted('other', 'pm_approve'), meanwhile)
          return sandbox.gateway.charge(attempt)
        },
      }

      await charge(accepted('o1', 'pm_approve'), Object.assign(payments.eventDeps(), { gateway: thinking }))

      expect(seen).toEqual([{ transactions: 0, locks: 0 }])
      expect(await payments.rows('select order_id, status from payments order by 1')).toEqual([
        { order_id: 'o1', status: 'captured' },
        { order_id: 'other', status: 'captured' },
      ])
    })
  })
})
