import { StockReceived } from '#events/platform/stock-received.v1/event'
import { hearersOf } from './functions'
import { violationsIn } from './invariants'
import type { Plan } from './plan'
import { PRICES } from './plan'
import { runAlone, runShuffled } from './scheduler'
import type { Domain, Shop } from './shop'
import { placing } from './wishes'
import type { Tally, Task } from './task'
import { World } from './world'

/** What became of a run. */
export interface Outcome {
  plan: Plan
  violations: string[]
  /** Which invocations were killed. */
  kills: string[]
  trace: string[]
  tally: Tally
}

const MOST_ROUNDS = 40
const MOST_TRIES = 6
const RELAYS: [Domain, string][] = [
  ['orders', 'relay-orders'],
  ['stock', 'relay-stock'],
  ['payments', 'relay-payments'],
]

/** Runs a plan to rest and says what is not as it must be. */
export async function runPlan(shop: Shop, plan: Plan): Promise<Outcome> {
  const world = new World(shop, plan)
  try {
    const begun = await openForSale(world)
    addTicks(world)
    await runShuffled(world)
    const unrest = await rest(world)
    if (plan.deadline) await passDeadline(world)
    const late = plan.deadline ? await rest(world) : []
    const violations = [...unrest, ...late, ...(await violationsIn(world, begun))]
    if (violations.length > 0) await shop.empty()
    else await forget(shop)
    const { kills, trace, tally } = world
    return { plan, violations, kills, trace, tally }
  } finally {
    world.end()
  }
}

/** Who has not paid in this run is nobody's business in the next. */
const forget = ({ databases: { orders } }: Shop) =>
  orders.query(`update orders set accepted_at = 'infinity' where status = 'awaiting-payment'`)

/** Items, prices and people; answers how far each outbox was before. */
async function openForSale(world: World): Promise<Record<string, number>> {
  const { shop, plan } = world
  const { orders, stock, mail } = shop.databases
  const skus = plan.stock.map((_, item) => world.sku(item))
  await Promise.all([
    orders.query(
      `insert into products (sku, name, price, currency, price_version)
       select sku, sku, price, 'EUR', 1 from unnest($1::text[], $2::bigint[]) as product (sku, price)`,
      [skus, PRICES],
    ),
    stock.query(
      `with level as (insert into levels (sku, on_hand, reserved, version)
                      select sku, quantity, 0, 1 from unnest($1::text[], $2::bigint[]) as said (sku, quantity) returning *)
       insert into ledger (sku, delta_on_hand, delta_reserved, kind, at) select sku, on_hand, 0, 'begun', now() from level`,
      [skus, plan.stock],
    ),
    mail.query(
      `insert into recipients (account_id, email, name, registered_at)
       select id, id || '@kiosk.example', 'Ada', now() from unnest($1::text[]) as id`,
      [plan.orders.map(({ id }) => world.customer(id))],
    ),
  ])
  for (const order of plan.orders) world.wish(placing(world, order))
  plan.receipts.forEach(({ sku, quantity }, nth) => {
    const { type, source, dataschema } = StockReceived
    const data = { sku: world.sku(sku), quantity }
    const [id, time] = [`receipt-${world.run}-${nth}`, world.now.toISOString()]
    world.publish({ id, type, source, dataschema, time, subject: data.sku, extensions: {}, data })
  })
  const begun = await Promise.all(
    RELAYS.map(async ([domain]) => {
      const { rows } = await shop.databases[domain].query<{ last: number }>(
        'select coalesce(max(sequence), 0)::bigint as last from outbox',
      )
      return [domain, rows[0]!.last] as const
    }),
  )
  return Object.fromEntries(begun)
}

/** Timers go off at any moment, too. */
function addTicks(world: World): void {
  const { plan } = world
  if (!plan.repeats) return
  const isDue = (name: string, share: number) => world.chance(`tick of ${name}`) < share
  for (const [domain, name] of RELAYS) {
    if (isDue(name, 0.3)) world.todo.push(world.tick(name, () => world.ageOutbox(domain)))
  }
  if (isDue('reconcile', 0.5)) {
    world.todo.push(world.tick('reconcile-payments', () => world.passHours(0.02)))
  }
  if (plan.deadline) world.todo.push(world.tick('expire-orders', () => world.passHours(25)))
}

/** Everything that is late arrives, in order and without a crash, until nothing is left to do. */
async function rest(world: World): Promise<string[]> {
  const tries = new Map<string, number>()
  for (let round = 0; round < MOST_ROUNDS; round++) {
    world.todo = []
    await world.ageClaims()
    const tasks = [...(await relaysDue(world)), ...untaken(world, tries)]
    if (await hasOpen(world)) tasks.push(world.tick('reconcile-payments', () => world.passHours(2)))
    if (tasks.length === 0) return neverTaken(world)
    for (const task of tasks) await runAlone(await world.launch(task, false), world)
  }
  return ['the shop does not come to rest']
}

async function passDeadline(world: World): Promise<void> {
  const task = world.tick('expire-orders', () => world.passHours(25))
  await runAlone(await world.launch(task, false), world)
}

async function relaysDue(world: World): Promise<Task[]> {
  const due = await Promise.all(
    RELAYS.map(async ([domain, name]) => {
      const { rows } = await world.shop.databases[domain].query(
        'select from outbox where sent_at is null limit 1',
      )
      return rows.length > 0 ? [world.tick(name, () => world.ageOutbox(domain))] : []
    }),
  )
  return due.flat()
}

/** What nobody has taken yet, and what was never answered; each a few times at most. */
function untaken(world: World, tries: Map<string, number>): Task[] {
  const again = (key: string) => {
    const count = (tries.get(key) ?? 0) + 1
    tries.set(key, count)
    return count <= MOST_TRIES
  }
  const wishes = world.wishes.filter(({ answer, key }) => answer === undefined && again(key))
  return [
    ...pairs(world)
      .filter(([event, name]) => again(`${name} ${event.id}`))
      .map(([event, name]) => world.delivery(name, event, `${name} < ${event.type.slice(11)} (at rest)`)),
    ...[...world.notices.values()]
      .filter(({ id }) => again(id))
      .map((notice) => world.notification(notice, `notice ${notice.type} (at rest)`)),
    ...wishes.map((wish) => world.request(wish, `${wish.key} (at rest)`)),
  ]
}

const pairs = ({ seen, taken }: World) =>
  [...seen.values()]
    .flatMap((event) => hearersOf(event.type).map((name) => [event, name] as const))
    .filter(([{ id }, name]) => !taken.has(`${name} ${id}`))

const neverTaken = (world: World) => [
  ...pairs(world).map(([{ type }, name]) => `${name} never takes ${type}`),
  ...[...world.notices.values()].map(({ type }) => `the notice ${type} is never taken`),
]

async function hasOpen({ shop }: World): Promise<boolean> {
  const { rows } = await shop.databases.payments.query(
    `select from attempts where state in ('started', 'pending') union all select from refunds where state = 'started' limit 1`,
  )
  return rows.length > 0
}
