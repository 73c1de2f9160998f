import { randomUUID } from 'node:crypto'
import { insertOrder } from '../../../functions/orders/place-order/store'
import { openDatabase } from '#runtime/database'
import type { Order } from '../../../functions/orders/order'
import type { Leftovers } from './leftovers'
import { WISH } from './purchase'

/** Commits an order's row and its event's, in the one round trip that place-order takes for it, and nothing else. */
export function orderCommitter(databaseUrl: string, left: Leftovers): () => Promise<void> {
  const connections = openDatabase({ DATABASE_URL: databaseUrl })
  left.add(() => connections.end())
  const db = connections.within({
    consumer: 'bench',
    announce: () => {
      throw new Error('nothing is announced')
    },
    committed: () => undefined,
  })
  return () =>
    db.transaction(async (tx) => {
      const order = newOrder()
      insertOrder(tx, order, null)
      // Marked as sent, or the relay would tell the shop of orders that nobody placed.
      tx.write('insert into outbox (id, event, sent_at) values ($1, $2, now())', [
        randomUUID(),
        JSON.stringify(order),
      ])
    })
}

function newOrder(): Order {
  const { currency, confirmedTotal: total, shippingAddress, paymentMethod } = WISH
  const [{ sku, quantity }] = WISH.lines as [(typeof WISH.lines)[0]]
  return {
    orderId: randomUUID(),
    customerId: 'bench',
    status: 'pending',
    lines: [{ sku, name: 'Earl Grey tea, 100 g', quantity, unitPrice: total }],
    total,
    currency,
    shippingAddress,
    paymentMethod,
    paymentStatus: 'none',
    paymentReason: null,
    chargeId: null,
    placedAt: new Date(),
  }
}
