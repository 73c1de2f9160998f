import type { Deps } from '#runtime/http'
import type { Publish } from '#runtime/publish'
import { RELAYS } from '../listeners'
import type { AskRelay } from '../relays'
import { check, type Check } from './check'
import type { FunctionState, ListFunctions } from './functions'
import { roundTrip } from './round-trip'

export type Ports = { askRelay: AskRelay; publish: Publish; listFunctions: ListFunctions }

/** What was found at one look at the whole shop. */
export interface Findings {
  /** By domain; each is asked through the operation that keeps its outbox. */
  databases: Record<string, Check>
  cache: Check
  broker: Check
  functions: Check & { states: FunctionState[] }
}

/** What is asked may be at zero, and several start at once. */
const AWAKE_MS = 12_000
const LIMIT_MS = 2_000

/**
 * Looks at everything the shop stands on: at the databases last, since that wakes an operation of each domain, and a ping
 * is not to wait for a processor that is busy with starting them.
 */
export async function look(
  deps: Pick<Deps, 'db' | 'cache' | 'clock' | 'ids' | 'trace'> & Ports,
): Promise<Findings> {
  const { cache, clock, askRelay, listFunctions } = deps
  let states: FunctionState[] = []
  const list = async () => void (states = await listFunctions())
  const [redis, broker, functions] = await Promise.all([
    check(() => cache.ping(), LIMIT_MS, clock),
    check((signal) => roundTrip(deps, signal), AWAKE_MS, clock),
    check(list, LIMIT_MS, clock),
  ])
  const databases = await Promise.all(
    Object.keys(RELAYS).map((domain) => check(() => askRelay(domain), AWAKE_MS, clock)),
  )
  return {
    databases: Object.fromEntries(Object.keys(RELAYS).map((domain, index) => [domain, databases[index]!])),
    cache: redis,
    broker,
    functions: { ...functions, states },
  }
}

/** Nothing can be sold without these. */
const VITAL = ['catalog', 'orders', 'payments', 'stock']

/** `down` is a shop that cannot sell; whatever else is missing is made up for later. */
export function statusOf({ databases, cache, broker, functions }: Findings): 'up' | 'degraded' | 'down' {
  if (VITAL.some((domain) => databases[domain]?.status === 'down')) return 'down'
  const all = [...Object.values(databases), cache, broker, functions]
  const isWhole =
    all.every(({ status }) => status === 'up') && functions.states.every(({ state }) => state !== 'failed')
  return isWhole ? 'up' : 'degraded'
}
