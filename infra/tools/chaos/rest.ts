import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import { databaseDomains } from '../tree'
import type { AttackedPlatform } from './attacked-platform'

const LOOK_EVERY_MS = 500
const CALM_FOR_MS = 2_500
const NUDGE_EVERY_MS = 5_000
const NUDGE_BY_MS = 60_000

/** How a shop came to rest. */
export interface Rest {
  /** What was still under way when patience ended; nothing if it is at rest. */
  left: string[]
  /** Dead letters that an operator's redrive brought to their functions. */
  redriven: number
  tookMs: number
}

interface ConsoleState {
  functions: { name: string; inFlight: number; queued: number; starting: number }[]
  pending: Record<string, { waiting: number; unsettled: number }>
}

/** What must be nothing in each domain's database for the shop to be at rest. */
const OPEN: Readonly<Record<string, readonly (readonly [what: string, query: string])[]>> = {
  orders: [['orders that are pending', `select count(*) from orders where status = 'pending'`]],
  payments: [
    ['tries to charge', `select count(*) from attempts where state in ('started', 'pending')`],
    ['refunds', `select count(*) from refunds where state <> 'refunded'`],
  ],
  mail: [['mails', `select count(*) from mails where status = 'sending'`]],
  platform: [['dead letters', `select count(*) from dead_letters where state <> 'settled'`]],
}

/**
 * Waits until nothing is left to do: no event unsent, waiting or with a function, no order without an answer from stock, no
 * payment without one from the gateway. Timers are given their minutes earlier than they would come. Dead letters are sent
 * again as an operator would, by the shop's own operation.
 */
export async function comesToRest(platform: AttackedPlatform, patienceMs: number): Promise<Rest> {
  const began = performance.now()
  const pools = new Map(
    databaseDomains('.').map((domain) => {
      const pool = new pg.Pool({ connectionString: platform.databaseUrl(domain), max: 1 })
      pool.on('error', () => undefined)
      pool.on('connect', (client) => client.on('error', () => undefined))
      return [domain, pool]
    }),
  )
  let [calmSince, nudgedAt, redriven] = [performance.now(), performance.now(), 0]
  try {
    for (;;) {
      const left = await underWay(platform, pools).catch((error: unknown) => [String(error)])
      const now = performance.now()
      if (left.length > 0) calmSince = now
      if (now - calmSince > CALM_FOR_MS || now - began > patienceMs) {
        return { left, redriven, tookMs: now - began }
      }
      if (left.length > 0 && now - nudgedAt > NUDGE_EVERY_MS) {
        platform.moveClock(NUDGE_BY_MS)
        nudgedAt = now
        if (left.every((what) => what.includes('dead letters'))) redriven += await redrive(platform, pools)
      }
      await pause(LOOK_EVERY_MS)
    }
  } finally {
    await Promise.all([...pools.values()].map((pool) => pool.end()))
  }
}

async function underWay(platform: AttackedPlatform, pools: ReadonlyMap<string, pg.Pool>): Promise<string[]> {
  const answer = await fetch(`http://127.0.0.1:${platform.ports.console}/state`)
  const { functions, pending } = (await answer.json()) as ConsoleState
  if (Object.keys(pending).length === 0) return ['the broker does not say what is pending']
  const busy = functions.filter(({ inFlight, queued }) => inFlight + queued > 0)
  const waiting = Object.entries(pending).filter(([, one]) => one.waiting + one.unsettled > 0)
  const counted = [...pools].flatMap(([domain, pool]) =>
    [
      ['events that are not sent', 'select count(*) from outbox where sent_at is null'] as const,
      ...(OPEN[domain] ?? []),
    ].map(async ([what, query]) => {
      const { rows } = await pool.query<{ count: string }>(query)
      return rows[0]!.count === '0' ? [] : [`${rows[0]!.count} ${what} (${domain})`]
    }),
  )
  return [
    ...busy.map(({ name, inFlight, queued }) => `${name} has ${inFlight} at work and ${queued} waiting`),
    ...waiting.map(
      ([trigger, one]) => `${trigger} has ${one.waiting} waiting and ${one.unsettled} unsettled`,
    ),
    ...(await Promise.all(counted)).flat(),
  ]
}

async function redrive(platform: AttackedPlatform, pools: ReadonlyMap<string, pg.Pool>): Promise<number> {
  const { rows } = await pools
    .get('platform')!
    .query<{ id: string }>(`select id from dead_letters where state in ('buried', 'failed-again') limit 500`)
  const token = await platform.admin()
  for (const { id } of rows) {
    await platform.shop.expect(202, `POST /v1/dead-letters/${id}/redrive`, undefined, {
      token,
      key: `redrive-${id}`,
    })
  }
  return rows.length
}
