import { parse } from '#runtime/parse'
import type { Model } from '#runtime/event'
import { sharedByAll } from '#support/bus'
import { openDomain } from '#support/domain'
import { asked } from '#support/every-door'
import { placed } from '#support/orders'
import { acceptOrder } from '../../functions/orders/accept-order/handler'
import { cancelOrder } from '../../functions/orders/cancel-order/handler'
import { confirmOrder } from '../../functions/orders/confirm-order/handler'
import { deliverOrder } from '../../functions/orders/deliver-order/handler'
import { expireOrders } from '../../functions/orders/expire-orders/handler'
import { rejectOrder } from '../../functions/orders/reject-order/handler'
import { returnOrder } from '../../functions/orders/return-order/handler'
import { shipOrder } from '../../functions/orders/ship-order/handler'

/** What each step makes of an order at each status; what is not named stays what it is. Not read from the code. */
const STEPS = {
  accept: { pending: 'awaiting-payment' },
  reject: { pending: 'rejected' },
  confirm: { 'awaiting-payment': 'confirmed' },
  cancel: { pending: 'cancelled', 'awaiting-payment': 'cancelled', confirmed: 'cancelled' },
  expire: { 'awaiting-payment': 'cancelled' },
  ship: { confirmed: 'shipped' },
  deliver: { shipped: 'delivered' },
  return: { delivered: 'returned' },
} as const satisfies Record<string, Record<string, string>>

const STATUSES = [
  ...['pending', 'awaiting-payment', 'confirmed', 'shipped'],
  ...['delivered', 'returned', 'rejected', 'cancelled'],
]
const YESTERDAY = '2026-02-28T09:00:00Z'

/** The seed had one route that set an order's status to whatever string came: `paid`, `refunded`, `banana`. */
describe('B13: any string is a status', () => {
  const orders = sharedByAll(openDomain('orders/place-order'))
  const staff = () => orders.deps({ caller: { id: 'bob', role: 'staff' } })
  const take: Record<keyof typeof STEPS, () => Promise<unknown>> = {
    accept: () => acceptOrder({ orderId: 'o1', reservedAt: YESTERDAY }, orders.eventDeps()),
    reject: () => rejectOrder({ orderId: 'o1', shortages: [], exhaustedAt: YESTERDAY }, orders.eventDeps()),
    confirm: () => {
      const money = { chargeId: 'ch_1', amount: 900, currency: 'EUR', capturedAt: YESTERDAY }
      return confirmOrder({ orderId: 'o1', customerId: 'ada', ...money }, orders.eventDeps())
    },
    cancel: () => cancelOrder({ id: 'o1', reason: 'Why not.' }, orders.deps()),
    expire: () => expireOrders(orders.eventDeps()),
    ship: () => shipOrder({ id: 'o1' }, staff()),
    deliver: () => deliverOrder({ id: 'o1' }, staff()),
    return: () => returnOrder({ id: 'o1' }, orders.deps()),
  }
  const cases = Object.keys(STEPS).flatMap((step) =>
    STATUSES.map((from) => {
      const followers: Record<string, string> = STEPS[step as keyof typeof STEPS]
      return [step as keyof typeof STEPS, from, followers[from] ?? from] as const
    }),
  )

  test.each(cases)('B13: to %s an order that is %s leaves it %s', async (step, from, to) => {
    await orders.given(placed('o1', { status: from, acceptedAt: YESTERDAY }))

    const refusal = await take[step]().then(
      () => undefined,
      (error: unknown) => error,
    )

    expect(await orders.rows('select status from orders')).toEqual([{ status: to }])
    if (refusal !== undefined) expect(refusal).toMatchObject({ kind: 'order-closed', status: 409 })
    const isAsked = ['cancel', 'ship', 'deliver', 'return'].includes(step)
    expect(refusal !== undefined).toBe(isAsked && from === to)
    const steps = await orders.rows<{ status: string }>(
      `select status from order_steps where step <> 'refund-due' order by sequence`,
    )
    expect(steps).toEqual(from === to ? [] : [{ status: to }])
  })

  test.each(asked().map(({ domain, name }) => [name, domain] as const))(
    'B13: %s takes no status for an order from who asks',
    (name, domain) => {
      if (name === 'list-orders') return
      const inputs = Object.values(
        jest.requireActual<Record<string, Model>>(`../../functions/${domain}/${name}/input`),
      ).filter((Input) => typeof Input === 'function' && !Input.raw && !Input.tolerant)

      for (const Input of inputs) {
        expect(() => parse(Input, { status: 'paid' }, 'strict')).toThrow(
          expect.objectContaining({
            members: {
              errors: expect.arrayContaining([expect.objectContaining({ pointer: '#/status' })]) as unknown[],
            },
          }) as Error,
        )
      }
    },
  )

  test.each(['paid', 'banana', 'Confirmed', '', 'confirmed '])(
    'B13: orders cannot even be listed by the status %p, which is none',
    (status) => {
      const { ListOrders } = jest.requireActual<{ ListOrders: Model }>(
        '../../functions/orders/list-orders/input',
      )

      expect(() => parse(ListOrders, { status }, 'strict')).toThrow('invalid-request')
    },
  )
})
