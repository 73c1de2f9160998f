import { randomBytes } from 'node:crypto'
import { createServer, request as ask } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Database } from '#runtime/database'
import { openCache } from '#runtime/cache'
import type { Caller } from '#runtime/caller'
import type { Deps as HttpDeps } from '#runtime/http'
import { logWith } from '#runtime/log'
import type { EventDeps } from '#runtime/on'
import { addToCart } from '../../functions/carts/add-to-cart/handler'
import { member } from '../../functions/carts/owner'
import { learn } from '../../functions/carts/products'
import type { Ports } from '../../functions/carts/ports'
import { besideCart } from '../../functions/carts/stored-cart'
import { viewCart } from '../../functions/carts/view-cart/handler'
import { operationOf, testCache } from './domain'
import { listening } from './door'

type HttpOverrides = Partial<Omit<HttpDeps & Ports, 'caller'>> & { caller?: Partial<Caller> }

const TRACE_ID = '0af7651916cd43dd8448eb211c80319c'
const TRACE = {
  traceId: TRACE_ID,
  spanId: 'b7ad6b7169203331',
  traceparent: `00-${TRACE_ID}-b7ad6b7169203331-01`,
}

const none = () => Promise.reject(new Error('carts have no database'))
const NO_DATABASE: Database = { query: none, transaction: none, once: none }

/**
 * The run's Redis as one test file of carts uses it. Redis is shared by all files and carts have no database to clone,
 * so customers and SKUs are each test's own: `sku('TEA')`. Every `deps()` has a client of its own, since one client
 * sends what is asked at the same moment as one batch, and a race would be none.
 */
export function openCarts(path: string) {
  const operation = operationOf(path)
  const own = randomBytes(4).toString('hex')
  const clock = { now: () => new Date('2026-03-01T10:00:00.000Z') }
  const state = { tests: 0, ids: 0 }
  beforeEach(() => {
    state.tests++
  })

  const ids = { next: () => `${own}-${++state.ids}` }
  const log = logWith({ operation: operation.name })
  const base = () => ({ db: NO_DATABASE, cache: testCache(), clock, ids, trace: TRACE, log })
  const customer = () => `ada-${own}-${state.tests}`
  const sku = (name: string) => `${name}-${own}-${state.tests}`

  const deps = ({ caller, ...over }: HttpOverrides = {}): HttpDeps & Ports => {
    const request = {
      method: 'GET',
      route: '',
      path: '/v1/cart',
      headers: {},
      body: Buffer.alloc(0),
      params: {},
      query: new URLSearchParams(),
    }
    const who: Caller = { kind: 'member', id: customer(), role: 'customer', ...caller }
    const viewProduct = async () => ({ status: 404, body: undefined })
    const newToken = () => `new-${own}`.padEnd(43, '0')
    return { ...base(), caller: who, request, idempotencyKey: undefined, viewProduct, newToken, ...over }
  }

  return {
    operation,
    /** A customer of this test alone. */
    customer,
    sku,
    cache: testCache,
    /** What a handler of an HTTP function is given: the customer's deps, and a catalogue that knows nothing. */
    deps,
    /** The customer puts something into the cart. */
    put: (name: string, quantity: number, over: HttpOverrides = {}) =>
      addToCart({ sku: sku(name), quantity }, deps(over)),
    /** Redis forgets the customer's cart. */
    lose: () => testCache().del(...['items', 'about'].map((what) => besideCart(member(customer()), what))),
    /** The cart as the customer sees it. */
    seen: async (over: HttpOverrides = {}) => (await viewCart({}, deps(over))).body!,
    /** The catalogue sells an item at a price, in minor units, and we have heard of it. */
    sells: (name: string, amount: number, { currency = 'EUR', version = 1 } = {}) =>
      learn(testCache(), sku(name), {
        name: { version, text: `${name} by name` },
        price: { version, amount, currency },
        sale: { version, ended: false },
      }),
    /** The catalogue sells it no more, and we have heard of it. */
    retires: (name: string, version = 2) => learn(testCache(), sku(name), { sale: { version, ended: true } }),
    /** What a handler of an event is given; each call is a new event unless it names its id. */
    eventDeps: (type: string, id: string = ids.next()): EventDeps => {
      const event = {
        id,
        source: 'https://kiosk.example/test',
        type,
        subject: '',
        time: clock.now().toISOString(),
        correlationId: TRACE_ID,
      }
      return { ...base(), event }
    },
  }
}

/** Runs `work` so many times at once. */
export const atOnce = <T>(times: number, work: (turn: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: times }, (_, turn) => work(turn)))

/** The run's Redis through a door that counts the requests made of it. */
export async function countedCache() {
  const count = { requests: 0 }
  const redis = process.env['KIOSK_TEST_REDIS_REST_URL']!
  const token = process.env['KIOSK_TEST_REDIS_TOKEN']
  const door = createServer((request, response) => {
    count.requests++
    const { method, headers, url = '/' } = request
    const onward = ask(new URL(url, redis), { method, headers, agent: false }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(response)
    })
    request.pipe(onward)
  })
  await listening(door)
  const url = `http://127.0.0.1:${(door.address() as AddressInfo).port}`
  const close = () => {
    door.closeAllConnections()
    door.close()
  }
  return { cache: openCache({ UPSTASH_REDIS_REST_URL: url, UPSTASH_REDIS_REST_TOKEN: token }), count, close }
}
