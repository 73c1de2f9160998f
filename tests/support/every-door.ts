import { randomUUID } from 'node:crypto'
import { openCache } from '#runtime/cache'
import { openCallers } from '#runtime/caller'
import { openDatabase } from '#runtime/database'
import type { Deployable } from '#runtime/function'
import type { Operation } from '#runtime/operation'
import { accessKeys, PEPPER } from './accounts'
import { openDomain, urlOf } from './domain'
import { serve, tokens } from './door'
import { API_KEY, NOTICE_SECRET } from './payments'
import { operations } from './tree'

/** Nothing listens there. */
const NOWHERE = 'http://127.0.0.1:9'

/** Any operation of each domain that has a database. */
const DOMAINS = [
  'accounts/log-in',
  'catalog/view-product',
  'orders/view-order',
  'payments/view-payment',
  'platform/list-dead-letters',
  'stock/view-stock',
]

/** Every operation that the world can ask over HTTP. */
export const asked = (): Operation[] =>
  operations().filter((operation) => operation.http !== undefined && !('internal' in operation))

/** Those who prove themselves in another way than by an access token have no keys in their bundle. */
const provesByToken = ({ caller = ['anyone'] }: Operation) =>
  caller.some((kind) => !['anyone', 'gateway', 'producer'].includes(kind))

/** The first route of an operation, with something in place of each parameter. */
export const routeOf = ({ http }: Operation, id = 'o1'): { method: string; path: string } => {
  const [method, path] = http![0]!.split(' ') as [string, string]
  return { method, path: path.replaceAll('{id}', id).replaceAll(/\{\w+\}/g, 'TEA') }
}

/** Settings as every function is started with, but for its database. */
export const settings = (keys: { env: Record<string, string> }): Record<string, string> => ({
  ...keys.env,
  ...PEPPER,
  ...{ ACCESS_TOKEN_KEY: JSON.stringify(accessKeys().privateJwk), K_SINK: `${NOWHERE}/kiosk` },
  ...{
    VIEW_CART_URL: NOWHERE,
    VIEW_ORDER_URL: NOWHERE,
    VIEW_PRODUCT_URL: NOWHERE,
    PAYMENT_GATEWAY_URL: NOWHERE,
    OPERATION_URL: NOWHERE,
  },
  ...{ PAYMENT_GATEWAY_KEY: API_KEY, PAYMENT_GATEWAY_NOTICE_SECRET: NOTICE_SECRET },
  UPSTASH_REDIS_REST_URL: process.env['KIOSK_TEST_REDIS_REST_URL']!,
  UPSTASH_REDIS_REST_TOKEN: process.env['KIOSK_TEST_REDIS_TOKEN']!,
})

/** A deployable as its bundle has it. */
export const deployableOf = ({ domain, name }: Operation): Deployable =>
  jest.requireActual<{ default: Deployable }>(`../../functions/${domain}/${name}/handler`).default

/**
 * Every function that is asked over HTTP behind its real door: its function.json, real tokens, and a real database for each
 * domain. Opened at the first request, closed after the tests of the file.
 */
export function openEveryDoor() {
  const domains = new Map(DOMAINS.map((path) => [path.split('/')[0]!, openDomain(path)]))
  const doors = new Map<string, Awaited<ReturnType<typeof serve>>>()
  let keys: Awaited<ReturnType<typeof tokens>>
  beforeAll(async () => void (keys = await tokens()))
  afterAll(() => Promise.all([...doors.values()].map(({ close }) => close())))

  /** Payments ask orders, as whoever asked, about an order that they do not know. */
  const addressesFor = async ({ needs = [] }: Operation): Promise<Record<string, string>> => {
    if (!needs.includes('operation:view-order')) return {}
    const { url } = await doorOf(operations().find(({ name }) => name === 'view-order')!)
    return { VIEW_ORDER_URL: url }
  }
  const doorOf = async (operation: Operation): Promise<Awaited<ReturnType<typeof serve>>> => {
    const known = doors.get(operation.name)
    if (known) return known
    const rows = await domains
      .get(operation.domain)
      ?.rows<{ name: string }>('select current_database() as name')
    const env = {
      ...{ ...settings(keys), ...(await addressesFor(operation)) },
      ...(rows && { DATABASE_URL: urlOf(rows[0]!.name) }),
    }
    const parts = {
      ...(rows && { database: openDatabase }),
      ...(provesByToken(operation) && { callers: openCallers }),
      cache: openCache,
    }
    const door = await serve(deployableOf(operation)(operation, parts, env))
    doors.set(operation.name, door)
    return door
  }
  return {
    keys: () => keys,
    domain: (name: string) => domains.get(name)!,
    /** Asks an operation at its first route, as whoever the headers prove. */
    ask: async (
      operation: Operation,
      headers: Record<string, string> = {},
      { id, body = '{}', query = '' }: { id?: string; body?: string; query?: string } = {},
    ) => {
      const { url } = await doorOf(operation)
      const { method, path } = routeOf(operation, id)
      const hasBody = method !== 'GET' && method !== 'DELETE'
      const given = {
        'idempotency-key': randomUUID(),
        ...(hasBody && { 'content-type': 'application/json' }),
      }
      return fetch(url + path + query, {
        method,
        headers: { ...given, ...headers },
        ...(hasBody && { body }),
      })
    },
  }
}
