import type { Deployable } from '#runtime/function'
import { every, on } from '#runtime/on'
import type { Operation } from '#runtime/operation'
import { relay } from '#runtime/relay'
import { openDelivery } from '#runtime/deliver'
import { openPublisher } from '#runtime/publish'
import { FACTS } from '../../functions/mail/send-mail/letters'
import { sendMail } from '../../functions/mail/send-mail/handler'
import acceptOrder from '../../functions/orders/accept-order/handler'
import cancelOrder from '../../functions/orders/cancel-order/handler'
import confirmOrder from '../../functions/orders/confirm-order/handler'
import deliverOrder from '../../functions/orders/deliver-order/handler'
import expireOrders from '../../functions/orders/expire-orders/handler'
import noteAttempt from '../../functions/orders/note-attempt/handler'
import noteDecline from '../../functions/orders/note-decline/handler'
import noteRefund from '../../functions/orders/note-refund/handler'
import placeOrder from '../../functions/orders/place-order/handler'
import rejectOrder from '../../functions/orders/reject-order/handler'
import returnOrder from '../../functions/orders/return-order/handler'
import shipOrder from '../../functions/orders/ship-order/handler'
import charge from '../../functions/payments/charge/handler'
import closePayment from '../../functions/payments/close-payment/handler'
import payOrder from '../../functions/payments/pay-order/handler'
import receivePaymentNotice from '../../functions/payments/receive-payment-notice/handler'
import reconcilePayments from '../../functions/payments/reconcile-payments/handler'
import refund from '../../functions/payments/refund/handler'
import handOverStock from '../../functions/stock/hand-over-stock/handler'
import receiveStock from '../../functions/stock/receive-stock/handler'
import releaseStock from '../../functions/stock/release-stock/handler'
import reserveStock from '../../functions/stock/reserve-stock/handler'
import takeBackStock from '../../functions/stock/take-back-stock/handler'
import { operationOf } from '../support/domain'
import { mailTo } from './letterbox'

/** A function of the shop as the build composes it: its operation and its handler. */
export interface ShopFunction {
  operation: Operation
  deploy: Deployable
}

/** A domain's relay; its answer to what is left unsent is asked by nobody here. */
const relayUnsent = every(relay, { publish: openPublisher, deliver: openDelivery })

const HANDLERS: Readonly<Record<string, Deployable>> = {
  ...{ 'orders/place-order': placeOrder, 'orders/accept-order': acceptOrder },
  ...{ 'orders/reject-order': rejectOrder, 'orders/confirm-order': confirmOrder },
  ...{ 'orders/note-attempt': noteAttempt, 'orders/note-decline': noteDecline },
  'orders/note-refund': noteRefund,
  ...{ 'orders/cancel-order': cancelOrder, 'orders/expire-orders': expireOrders },
  ...{ 'orders/ship-order': shipOrder, 'orders/deliver-order': deliverOrder },
  ...{ 'orders/return-order': returnOrder, 'orders/relay-orders': relayUnsent },
  ...{ 'stock/reserve-stock': reserveStock, 'stock/release-stock': releaseStock },
  ...{ 'stock/hand-over-stock': handOverStock, 'stock/take-back-stock': takeBackStock },
  ...{ 'stock/receive-stock': receiveStock, 'stock/relay-stock': relayUnsent },
  ...{ 'payments/charge': charge, 'payments/pay-order': payOrder, 'payments/refund': refund },
  ...{ 'payments/close-payment': closePayment, 'payments/relay-payments': relayUnsent },
  ...{ 'payments/receive-payment-notice': receivePaymentNotice },
  ...{ 'payments/reconcile-payments': reconcilePayments },
  'mail/send-mail': on(FACTS, sendMail, { sendByMail: mailTo }),
}

/** Every function that has a part in the life of an order, by its name. */
export const FUNCTIONS: ReadonlyMap<string, ShopFunction> = new Map(
  Object.entries(HANDLERS).map(([path, deploy]) => {
    const operation = operationOf(path)
    return [operation.name, { operation, deploy }]
  }),
)

/** Who hears events of which type, as their Triggers would have it; deliveries from outside are not told by event here. */
export const hearersOf = (type: string): string[] =>
  [...FUNCTIONS.values()]
    .filter(({ operation: { name } }) => name !== 'deliver-order' && !name.startsWith('relay-'))
    .filter(({ operation: { on: heard = [] } }) =>
      [heard].flat().some((path) => `shop.kiosk.${path.replace('/', '.')}` === type),
    )
    .map(({ operation }) => operation.name)
