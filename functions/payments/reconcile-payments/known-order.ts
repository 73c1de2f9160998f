import type { Peer } from '#runtime/peer'

/**
 * Whether orders know an order, whatever its status. Only a whole answer counts: money goes back by it. The one asked for
 * is among the first behind its id without the last character.
 */
export async function isOrder(orders: Peer, orderId: string): Promise<boolean> {
  const query = new URLSearchParams({ after: orderId.slice(0, -1), limit: '100' }).toString()
  const { status, body } = await orders('GET', `/v1/figures/orders?${query}`)
  const { items } = (body ?? {}) as { items?: { orderId: string }[] }
  if (status !== 200 || !Array.isArray(items)) throw new Error(`orders answered ${status}`)
  return items.some((order) => order.orderId === orderId)
}
