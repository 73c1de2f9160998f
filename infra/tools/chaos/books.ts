import { connect } from 'nats'
import { openDatabase, type Connections } from '#runtime/database'
import { storedEvent } from '../../local/broker/stream'
import type { Charge } from '../../sandbox/charge'
import type { Sent } from '../invariants/events-and-facts'
import { DOMAINS, factsOf, type Domain, type Facts } from '../invariants/facts'
import { violationsOf } from '../invariants/invariants'
import type { AttackedPlatform } from './attacked-platform'
import type { Goods } from './goods'
import { mailFigures, type MailFigures } from './mails'
import type { Tried } from './tally'

/** What everybody's books say when a shop is at rest. */
export interface Books {
  violations: string[]
  facts: Facts
  charges: Charge[]
  mails: MailFigures
  events: number
  /** When each order was placed and confirmed. */
  purchases: { placedAt: number; confirmedAt: number }[]
}

/** Compares what customers, the shop's databases, its brokers, its mailbox and the payment gateway each know. */
export async function readBooks(platform: AttackedPlatform, goods: Goods, tried: Tried): Promise<Books> {
  const databases = Object.fromEntries(
    DOMAINS.map((domain) => [domain, openDatabase({ DATABASE_URL: platform.databaseUrl(domain) })]),
  ) as Record<Domain, Connections>
  try {
    const facts = await factsOf(databases, { customers: '%', skus: '%' })
    const [charges, sent] = [await chargesAt(platform), await sentEvents(platform)]
    const byOrder = new Map<string, Charge[]>()
    for (const one of charges) byOrder.set(orderOf(one), [...(byOrder.get(orderOf(one)) ?? []), one])
    const outside = {
      had: goods.received,
      chargesOf: (id: string) => byOrder.get(id) ?? [],
      sent,
      firstVersion: 0,
    }
    const mails = await mailFigures(`${platform.folders.mailbox}/mails`, databases.mail, facts.announced)
    return {
      violations: [
        ...violationsOf(facts, outside),
        ...mails.violations,
        ...tried.violations(),
        ...everyAnswerStands(facts, tried),
        ...everyChargeHasAnOrder(facts, charges),
      ],
      ...{ facts, charges, mails, events: sent.size },
      purchases: await purchasesIn(databases.orders),
    }
  } finally {
    await Promise.all(DOMAINS.map((domain) => databases[domain].end()))
  }
}

const orderOf = ({ reference }: Charge): string => reference.split('/')[1] ?? ''

/** Each order that a customer was told of is there, and nobody has one that no customer was told of. */
function everyAnswerStands({ orders }: Facts, tried: Tried): string[] {
  const [there, told] = [new Set(orders.map(({ id }) => id)), new Set(tried.placed)]
  return [
    ...[...told]
      .filter((id) => !there.has(id))
      .map((id) => `order ${id} was promised to a customer, but is lost`),
    ...[...there]
      .filter((id) => !told.has(id))
      .map((id) => `order ${id} was never answered to anybody: it is a second one`),
  ]
}

function everyChargeHasAnOrder({ orders }: Facts, charges: readonly Charge[]): string[] {
  const there = new Set(orders.map(({ id }) => id))
  return charges
    .filter((charge) => !there.has(orderOf(charge)))
    .map(({ id, reference }) => `charge ${id} is for ${reference}, which is no order`)
}

async function chargesAt(platform: AttackedPlatform): Promise<Charge[]> {
  const charges: Charge[] = []
  for (let page = 1; ; page++) {
    const path = `/v1/charges?page=${page}&pageSize=1000`
    const { items, total } = await platform.gateway<{ items: Charge[]; total: number }>(path)
    charges.push(...items)
    if (charges.length >= total) return charges
  }
}

/** Everything in the brokers' streams, whoever has taken it. */
async function sentEvents({ ports }: AttackedPlatform): Promise<Map<string, Sent>> {
  const nats = await connect({ servers: `nats://127.0.0.1:${ports.nats}` })
  const sent = new Map<string, Sent>()
  try {
    const manager = await nats.jetstreamManager()
    for await (const { config, state } of manager.streams.list()) {
      if (state.messages === 0) continue
      const consumer = await manager.jetstream().consumers.get(config.name)
      const messages = await consumer.consume()
      for await (const message of messages) {
        const { event } = storedEvent(message)
        sent.set(event.id, event)
        if (message.info.pending === 0) break
      }
    }
    return sent
  } finally {
    await nats.close()
  }
}

async function purchasesIn(orders: Connections): Promise<Books['purchases']> {
  const { rows } = await orders.query<{ placedAt: Date; confirmedAt: Date }>(
    `select placed_at as "placedAt", at as "confirmedAt" from orders
       join order_steps on order_id = id and step = 'confirmed' order by placed_at`,
  )
  return rows.map(({ placedAt, confirmedAt }) => ({ placedAt: +placedAt, confirmedAt: +confirmedAt }))
}
