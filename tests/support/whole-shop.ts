import { OrderAccepted } from '#events/orders/order-accepted.v1/event'
import { OrderCancelled } from '#events/orders/order-cancelled.v1/event'
import { OrderPlaced } from '#events/orders/order-placed.v1/event'
import { OrderRejected } from '#events/orders/order-rejected.v1/event'
import { OrderReturned } from '#events/orders/order-returned.v1/event'
import { OrderShipped } from '#events/orders/order-shipped.v1/event'
import { RefundDue } from '#events/orders/refund-due.v1/event'
import { PaymentCaptured } from '#events/payments/payment-captured.v1/event'
import { PaymentDeclined } from '#events/payments/payment-declined.v1/event'
import { PaymentRefunded } from '#events/payments/payment-refunded.v1/event'
import { StockExhausted } from '#events/stock/stock-exhausted.v1/event'
import { StockReserved } from '#events/stock/stock-reserved.v1/event'
import { acceptOrder } from '../../functions/orders/accept-order/handler'
import { cancelOrder } from '../../functions/orders/cancel-order/handler'
import { confirmOrder } from '../../functions/orders/confirm-order/handler'
import { deliverOrder } from '../../functions/orders/deliver-order/handler'
import { expireOrders } from '../../functions/orders/expire-orders/handler'
import { noteDecline } from '../../functions/orders/note-decline/handler'
import { noteRefund } from '../../functions/orders/note-refund/handler'
import { placeOrder } from '../../functions/orders/place-order/handler'
import { rejectOrder } from '../../functions/orders/reject-order/handler'
import { returnOrder } from '../../functions/orders/return-order/handler'
import { shipOrder } from '../../functions/orders/ship-order/handler'
import { charge } from '../../functions/payments/charge/handler'
import { closePayment } from '../../functions/payments/close-payment/handler'
import { payOrder } from '../../functions/payments/pay-order/handler'
import { reconcilePayments } from '../../functions/payments/reconcile-payments/handler'
import { refund } from '../../functions/payments/refund/handler'
import { handOverStock } from '../../functions/stock/hand-over-stock/handler'
import { releaseStock } from '../../functions/stock/release-stock/handler'
import { reserveStock } from '../../functions/stock/reserve-stock/handler'
import { takeBackStock } from '../../functions/stock/take-back-stock/handler'
import { ear, openBus, sharedByAll, type Delivery } from './bus'
import { openDomain } from './domain'
import { order, price } from './orders'
import { openSandbox } from './payments'
import { level } from './stock'

const STAFF = { id: 'bob', role: 'staff' } as const
const unasked = () => Promise.reject(new Error('nobody should be asked'))

/**
 * Orders, stock and payments with all their real handlers, each domain on a database of its own, the real payment sandbox,
 * and a bus between them that a test may let repeat, reorder and deliver at the same moment. Everything is new for each test.
 */
export function openWholeShop() {
  const orders = sharedByAll(openDomain('orders/place-order'))
  const stock = sharedByAll(openDomain('stock/reserve-stock'))
  const payments = sharedByAll(openDomain('payments/charge'))
  const prices = new Map<string, number>()
  let sandbox: Awaited<ReturnType<typeof openSandbox>>
  let deliver: (delivery?: Delivery) => Promise<void>
  const gateway = () => ({ gateway: sandbox.gateway })
  const asStaff = () => orders.deps({ caller: STAFF })

  beforeEach(async () => {
    prices.clear()
    sandbox = await openSandbox()
    deliver = openBus(
      [orders, stock, payments],
      [
        ear(stock, OrderPlaced, reserveStock),
        ear(stock, OrderCancelled, releaseStock),
        ear(stock, OrderShipped, handOverStock),
        ear(stock, OrderReturned, takeBackStock),
        ear(orders, StockReserved, acceptOrder),
        ear(orders, StockExhausted, rejectOrder),
        ear(orders, PaymentCaptured, confirmOrder),
        ear(orders, PaymentDeclined, noteDecline),
        ear(orders, PaymentRefunded, noteRefund),
        ear(payments, OrderAccepted, charge, gateway),
        ear(payments, RefundDue, refund, gateway),
        ear(payments, OrderCancelled, closePayment),
        ear(payments, OrderRejected, closePayment),
      ],
    )
  })
  afterEach(() => sandbox.close())

  return {
    ...{ orders, stock, payments },
    sandbox: () => sandbox,
    /** Delivers what was announced, and what follows from it, until nothing follows. */
    settle: (delivery?: Delivery) => deliver(delivery),
    at: (time: string) => [orders, stock, payments].forEach((domain) => domain.at(time)),
    /** There is so much of an item, at a price. */
    sells: async (sku: string, amount: number, onHand: number) => {
      prices.set(sku, amount)
      await orders.given(price(sku, amount))
      await stock.given(level(sku, onHand))
    },
    /** Ada orders; gives the order's id. */
    place: async (quantities: Record<string, number>, paymentMethod?: string, caller = 'ada') => {
      const sum = Object.entries(quantities).map(([sku, quantity]) => quantity * prices.get(sku)!)
      const confirmedTotal = sum.reduce((total, one) => total + one, 0)
      const wish = order(quantities, { confirmedTotal, ...(paymentMethod && { paymentMethod }) })
      const ports = { viewCart: unasked, viewProduct: unasked }
      return (await placeOrder(wish, Object.assign(orders.deps({ caller }), ports))).body!.orderId
    },
    pay: (id: string, paymentMethod: string, idempotencyKey: string) =>
      payOrder(
        { id, paymentMethod },
        Object.assign(payments.deps({ idempotencyKey }), gateway(), { viewOrder: unasked }),
      ),
    cancel: (id: string) => cancelOrder({ id, reason: 'A change of mind.' }, orders.deps()),
    ship: (id: string) => shipOrder({ id }, asStaff()),
    bring: (id: string) => deliverOrder({ id }, asStaff()),
    giveBack: (id: string, lines?: { sku: string; quantity: number }[]) =>
      returnOrder({ id, ...(lines && { lines }) }, orders.deps()),
    expire: () => expireOrders(orders.eventDeps()),
    reconcile: () => reconcilePayments(Object.assign(payments.eventDeps(), gateway(), { orders: unasked })),
    /** What every order came to, oldest first: its status and what it shows of its payment. */
    outcomes: async () => {
      const rows = await orders.rows<{ status: string; payment: string }>(
        `select status, payment_status as payment from orders order by id`,
      )
      return rows.map(({ status, payment }) => `${status}, ${payment}`)
    },
    levels: () =>
      stock.rows<{ sku: string; on_hand: number; reserved: number }>(
        'select sku, on_hand, reserved from levels order by sku',
      ),
    /** What the gateway took and gave back in all, minor units. */
    money: async () => {
      const { captured, refunded } = (await sandbox.ask('GET', '/v1/totals')).body
      return { captured, refunded }
    },
  }
}
