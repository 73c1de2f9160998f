import type { StoredEvent } from '#runtime/binary-event'
import { ADDRESS } from '../support/orders'
import { PRICES, type OrderPlan } from './plan'
import type { World } from './world'

/** What somebody asks of the shop, until it is answered for good. */
export interface Wish {
  key: string
  name: string
  url: string
  caller: { kind: 'member'; id: string; role: 'customer' | 'staff'; sessionId: string }
  body: object
  /** The status of the answer that will not change. */
  answer?: number
  tries: number
}

const wishOf = (
  world: World,
  { id }: OrderPlan,
  what: { name: string; url: string; body: object; byStaff?: boolean; about?: string },
): Wish => {
  const { name, url, body, byStaff = false, about = '' } = what
  const caller = { kind: 'member', sessionId: 'session' } as const
  return {
    ...{ key: `${name} ${id}${about}`, name, url, body, tries: 0 },
    caller: byStaff
      ? { ...caller, id: 'bob', role: 'staff' }
      : { ...caller, id: world.customer(id), role: 'customer' },
  }
}

/** A customer orders. */
export function placing(world: World, order: OrderPlan): Wish {
  const lines = order.lines.map(({ sku, quantity }) => ({ sku: world.sku(sku), quantity }))
  const confirmedTotal = order.lines.reduce((sum, { sku, quantity }) => sum + PRICES[sku]! * quantity, 0)
  const body = {
    ...{ lines, confirmedTotal, currency: 'EUR', shippingAddress: ADDRESS },
    ...(order.method !== undefined && { paymentMethod: order.method }),
  }
  return wishOf(world, order, { name: 'place-order', url: '/v1/orders', body })
}

/** What somebody wants as soon as an event is known: each step of an order makes the next one possible. */
export function wishesAfter(world: World, { type, subject, data }: StoredEvent): Wish[] {
  const { customerId = '', lines = [] } = data as {
    customerId?: string
    lines?: { sku: string; quantity: number }[]
  }
  const order = world.plan.orders.find(({ id }) => world.customer(id) === customerId)
  if (!order) return []
  const at = `/v1/orders/${subject}`
  const asked = (
    name: string,
    path: string,
    body: object,
    rest: { byStaff?: boolean; about?: string } = {},
  ) => wishOf(world, order, { name, url: `${at}/${path}`, body, ...rest })
  switch (/orders\.([\w-]+)\.v1$/.exec(type)?.[1]) {
    case 'order-placed': {
      const pays = order.pays.map((paymentMethod, nth) =>
        asked('pay-order', 'payment', { paymentMethod }, { about: ` ${nth}` }),
      )
      const reason = 'A change of mind.'
      return [...pays, ...(order.cancels ? [asked('cancel-order', 'cancellation', { reason })] : [])]
    }
    case 'order-confirmed':
      return order.ships ? [asked('ship-order', 'shipment', {}, { byStaff: true })] : []
    case 'order-shipped':
      return [asked('deliver-order', 'delivery', {}, { byStaff: true })]
    case 'order-delivered': {
      const piece = { lines: [{ sku: lines[0]!.sku, quantity: 1 }] }
      if (order.returns === 'none') return []
      return [asked('return-order', 'return', order.returns === 'all' ? {} : piece)]
    }
    default:
      return []
  }
}
