import { FACTS, letterAbout } from '../../functions/mail/send-mail/letters'
import { eventsWithoutFacts } from './events-and-facts'
import { factsOf, type Facts } from './facts'
import type { World } from './world'

type Order = Facts['orders'][number]

/** Everything that is not as it must be when a run has come to rest. */
export async function violationsIn(world: World, begun: Readonly<Record<string, number>>): Promise<string[]> {
  const facts = await factsOf(world, begun)
  return [
    ...facts.orders.flatMap((order) => orderAtItsEnd(order, facts)),
    ...stockIsConstant(world, facts),
    ...moneyIsRight(world, facts),
    ...eachMailOnce(world),
    ...eventsWithoutFacts(world, facts),
  ]
}

const unless = (isRight: boolean, violation: string) => (isRight ? [] : [violation])

/** An order is at an end, or waits for its customer; and what is set aside for it is what it has of the stock. */
function orderAtItsEnd({ id, status }: Order, { attempts, reservations }: Facts): string[] {
  const isOpen = attempts.some(
    ({ key, state }) => key.startsWith(id) && !['captured', 'declined'].includes(state),
  )
  const { state = 'none' } = reservations.find(({ orderId }) => orderId === id) ?? {}
  const wanted: readonly string[] = {
    ...{ pending: [], 'awaiting-payment': ['reserved'], confirmed: ['reserved'] },
    ...{ shipped: ['handed-over'], delivered: ['handed-over'], returned: ['handed-over'] },
    ...{ rejected: ['exhausted'], cancelled: ['released', 'exhausted'] },
  }[status]
  return [
    ...unless(status !== 'pending' && !isOpen, `order ${id} is not at an end: ${status}`),
    ...unless(wanted.includes(state), `order ${id} is ${status}, its stock is ${state}`),
  ]
}

/** What is there, what is promised and what was sold are together what there was. */
function stockIsConstant(world: World, { orders, levels, ledger }: Facts): string[] {
  const { plan } = world
  return plan.stock.flatMap((begun, item) => {
    const sku = world.sku(item)
    const level = levels.find((one) => one.sku === sku)!
    const moved = ledger.find((one) => one.sku === sku)!
    const received = plan.receipts.filter((receipt) => receipt.sku === item)
    const had = received.reduce((sum, { quantity }) => sum + quantity, begun)
    const sumOf = (statuses: string[], of: (line: Order['lines'][number]) => number) =>
      orders
        .filter(({ status }) => statuses.includes(status))
        .flatMap(({ lines }) => lines.filter((line) => line.sku === sku))
        .reduce((sum, line) => sum + of(line), 0)
    const sold = sumOf(
      ['shipped', 'delivered', 'returned'],
      ({ quantity, returned = 0 }) => quantity - returned,
    )
    const promised = sumOf(['awaiting-payment', 'confirmed'], ({ quantity }) => quantity)
    const { onHand, reserved } = level
    return [
      ...unless(onHand + sold === had, `${sku}: ${onHand} on hand and ${sold} sold, but there were ${had}`),
      ...unless(reserved === promised, `${sku}: ${reserved} reserved, but orders have ${promised}`),
      ...unless(
        moved.onHand === onHand && moved.reserved === reserved,
        `${sku}: the ledger says ${moved.onHand} and ${moved.reserved}, the level ${onHand} and ${reserved}`,
      ),
    ]
  })
}

/** What an order has cost its customer, by its own lines. */
function costOf({ status, total, lines }: Order): number {
  if (['pending', 'awaiting-payment', 'rejected', 'cancelled'].includes(status)) return 0
  return total - lines.reduce((sum, { unitPrice, returned = 0 }) => sum + unitPrice * returned, 0)
}

/** The gateway's own books say, order by order, what the orders cost; and it took the money of none twice. */
function moneyIsRight(world: World, { orders, payments }: Facts): string[] {
  const { ledger } = world.shop.outside
  return orders.flatMap((order) => {
    const charges = [1, 2, 3, 4, 5, 6]
      .flatMap((attempt) => ledger.chargesOf(`order/${order.id}/${attempt}`))
      .filter(({ status }) => status === 'captured')
    const captured = charges.reduce((sum, { amount }) => sum + amount, 0)
    const refunded = charges.reduce((sum, charge) => sum + charge.refunded, 0)
    const known = payments.find(({ orderId }) => orderId === order.id) ?? { captured: 0, refunded: 0 }
    const cost = costOf(order)
    const paid =
      captured === 0
        ? 'nothing'
        : refunded === 0
          ? 'captured'
          : refunded < captured
            ? 'partly-refunded'
            : 'refunded'
    const shown = ['none', 'awaited', 'declined'].includes(order.payment) ? 'nothing' : order.payment
    return [
      ...unless(
        captured - refunded === cost,
        `order ${order.id} costs ${cost}, the gateway has ${captured} - ${refunded}`,
      ),
      ...unless(charges.length <= 1, `order ${order.id} was charged ${charges.length} times`),
      ...unless(
        known.captured === captured && known.refunded === refunded,
        `order ${order.id}: payments know of ${known.captured} - ${known.refunded}, the gateway of ${captured} - ${refunded}`,
      ),
      ...unless(shown === paid, `order ${order.id} shows ${order.payment}, but its money is ${paid}`),
    ]
  })
}

/** Whoever is to be written to has the mail in the mailbox, once by its Message-ID; a copy only where a crash made it unsure. */
function eachMailOnce({ seen, mails, now, kills, plan }: World): string[] {
  const types = new Set<string>(FACTS.map(({ type }) => type))
  const due = [...seen.values()].filter(
    ({ type, data, time }) =>
      types.has(type) && letterAbout(type, data as never, { now, happened: new Date(time) }) !== undefined,
  )
  const copies = new Set(mails.map(({ eventId }) => eventId))
  const crashes = kills.filter((name) => name.startsWith('send-mail')).length
  const extra = mails.length - copies.size
  return [
    ...due.filter(({ id }) => !copies.has(id)).map(({ type }) => `nobody was written to about ${type}`),
    ...unless(copies.size <= due.length, `${copies.size} mails about ${due.length} events`),
    ...unless(extra <= crashes, `${extra} copies of mails with ${crashes} crashes (seed ${plan.seed})`),
  ]
}
