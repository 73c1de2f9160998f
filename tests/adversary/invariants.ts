import { FACTS, letterAbout } from '../../functions/mail/send-mail/letters'
import { factsOf } from '../../infra/tools/invariants/facts'
import { violationsOf } from '../../infra/tools/invariants/invariants'
import type { World } from './world'

const ATTEMPTS = [1, 2, 3, 4, 5, 6]

/** Everything that is not as it must be when a run has come to rest. */
export async function violationsIn(world: World, begun: Readonly<Record<string, number>>): Promise<string[]> {
  const { shop, seen } = world
  const [customers, skus] = [`${world.customer(0).slice(0, -1)}%`, `${world.sku(0).slice(0, -1)}%`]
  const facts = await factsOf(shop.databases, { customers, skus, begun })
  const { ledger } = shop.outside
  const chargesOf = (orderId: string) =>
    ATTEMPTS.flatMap((attempt) => ledger.chargesOf(`order/${orderId}/${attempt}`))
  return [
    ...violationsOf(facts, { had: whatThereWas(world), chargesOf, sent: seen, firstVersion: 1 }),
    ...eachMailOnce(world),
  ]
}

/** Of each item, what it began with and what a warehouse told of. */
function whatThereWas({ plan, sku }: World): Map<string, number> {
  return new Map(
    plan.stock.map((begun, item) => {
      const received = plan.receipts.filter((receipt) => receipt.sku === item)
      return [sku(item), received.reduce((sum, { quantity }) => sum + quantity, begun)]
    }),
  )
}

const unless = (isRight: boolean, violation: string) => (isRight ? [] : [violation])

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
