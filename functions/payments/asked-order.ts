import type { IncomingHttpHeaders } from 'node:http'
import type { Peer } from '#runtime/peer'
import { requestProblem } from '#runtime/problem'

/** An order as orders show it to who asks; what is read of it here. */
export interface AskedOrder {
  orderId: string
  status: string
  /** Minor units. */
  total: number
  currency: string
  payment: { status: string }
}

/**
 * The caller's order, of which payments have not heard yet: orders are asked, as the caller. Nothing when there is none that
 * they may see.
 */
export async function askedOrder(
  viewOrder: Peer,
  orderId: string,
  { authorization }: IncomingHttpHeaders,
): Promise<AskedOrder | undefined> {
  const { status, body } = await viewOrder('GET', `/v1/orders/${encodeURIComponent(orderId)}`, {
    ...(authorization !== undefined && { authorization }),
  })
  if (status === 404) return undefined
  if (status === 401) throw requestProblem('unauthenticated')
  if (status !== 200) throw new Error(`view-order answered ${status}`)
  return body as AskedOrder
}
