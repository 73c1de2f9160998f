import { http, noContent, type Deps } from '#runtime/http'
import { setting, type Environment } from '#runtime/operation'
import { inputOf } from '#runtime/request'
import { attemptOf } from '../attempts'
import { problem } from '../problems'
import { refundOf, settleRefund } from '../refunds'
import { settle } from '../settle'
import { ReceivePaymentNotice, UnreadNotice } from './input'
import { signedId } from './signature'
import { keepNotice } from './store'

type Ports = { noticeSecret: string }

/**
 * Takes in what the payment gateway tells us by itself.
 *
 * Its signature is checked before anything in it is read. It is kept and acted upon in one transaction, and only then
 * answered: the gateway tells again what we did not answer. It may come before our own call has its answer, late, twice
 * or in any order. One about a charge that we do not know is kept too, and reconciling brings it together with its try.
 * Of a refund that we did not begin nothing is learned: who begins it asks the gateway.
 */
export async function receivePaymentNotice(_: UnreadNotice, deps: Deps & Ports) {
  const { db, clock, request, noticeSecret } = deps
  const id = signedId(request, noticeSecret, clock.now())
  if (id === undefined) throw problem('bad-signature')
  const notice = inputOf(request, ReceivePaymentNotice)

  return db.transaction(async (tx) => {
    const { data: charge, refund: told } = notice
    const [isNew, attempt, refund] = await Promise.all([
      keepNotice(tx, id, notice, clock.now()),
      attemptOf(tx, charge.reference),
      told && refundOf(tx, told.reference),
    ])
    if (isNew && attempt) await settle(tx, attempt, charge, clock.now())
    if (isNew && refund && told?.status === 'refunded') await settleRefund(tx, refund, told, clock.now())
    return noContent()
  })
}

export default http(UnreadNotice, receivePaymentNotice, {
  noticeSecret: (env: Environment) => setting(env, 'PAYMENT_GATEWAY_NOTICE_SECRET'),
})
