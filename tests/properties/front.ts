import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { openCache } from '#runtime/cache'
import { openCallers, type Role } from '#runtime/caller'
import { openDatabase, type Connections } from '#runtime/database'
import type { HttpFunction } from '#runtime/function'
import { account, loggedIn } from '#support/accounts'
import { product, received } from '#support/catalog'
import { openDomain, urlOf } from '#support/domain'
import { listening, tokens } from '#support/door'
import { asked, deployableOf, settings } from '#support/every-door'
import { paid, placed, price } from '#support/orders'
import { awaited, NOTICE_SECRET, openSandbox } from '#support/payments'
import { credentialOf, producer } from '#support/producers'
import { level } from '#support/stock'
import { operations } from '#support/tree'
import { startGateway, type Gateway } from '../../infra/gateway/gateway'
import { signed } from '../../infra/sandbox/signature'

/** A part of each domain with a database: its operations share one. */
const DOMAINS = [
  'accounts/log-in',
  'catalog/view-product',
  'mail/relay-mail',
  'orders/view-order',
  'payments/view-payment',
  'platform/list-dead-letters',
  'stock/view-stock',
]

/** Orders that are there: one at each turn of an order's life. */
export const ORDERS = ['o-pending', 'o-unpaid', 'o-confirmed', 'o-delivered'] as const
/** What is sold, and what is not. */
export const SKUS = ['TEA-EARL-GREY', 'TIN', 'GHOST'] as const
/** Those who have an account, and an access token. */
export const PEOPLE: Record<string, Role> = { ada: 'customer', bob: 'staff', eve: 'admin' }

/**
 * Every operation that can be asked over HTTP, behind the real gateway in this process: real handlers with real tokens, a
 * real database for each domain, real Redis, the payment sandbox. The relays can be asked by operations, as inside a
 * cluster. What is announced goes nowhere.
 */
export function openFront() {
  const domains = new Map(DOMAINS.map((path) => [path.split('/')[0]!, openDomain(path)]))
  const shared: Connections[] = []
  const functions = new Map<string, HttpFunction>()
  const bearers: Record<string, string> = {
    producer: `Bearer ${credentialOf('north')}`,
    forged: 'Bearer a.b.c',
  }
  let sandbox: Awaited<ReturnType<typeof openSandbox>>
  let gateway: Gateway
  /** `/relay-orders/v1/outbox` and its like. */
  const inside = createServer((request, response) => {
    const [, name = '', rest = ''] = /^\/([a-z-]+)(\/.*)$/.exec(request.url ?? '') ?? []
    request.url = rest
    void functions.get(name)!(request, response)
  })
  const url = () => `http://127.0.0.1:${gateway.port}`

  beforeAll(async () => {
    const keys = await tokens()
    for (const [name, role] of Object.entries(PEOPLE)) bearers[name] = await keys.bearer(name, role)
    sandbox = await openSandbox()
    gateway = await startGateway({
      services: asked().map(({ name, http }) => ({ name, routes: http!, visibility: 'external' })),
      scaler: { handle: (service, request, response) => functions.get(service)!(request, response) },
      port: 0,
      host: '127.0.0.1',
    })
    const databases = new Map<string, Connections>()
    for (const [name, domain] of domains) {
      const [row] = await domain.rows<{ name: string }>('select current_database() as name')
      const database = openDatabase({ DATABASE_URL: urlOf(row!.name), DATABASE_CONNECTIONS: '4' })
      databases.set(name, database)
      shared.push(database)
    }
    await listening(inside)
    const env = {
      ...settings(keys),
      ...sandbox.env,
      VIEW_CART_URL: url(),
      VIEW_ORDER_URL: url(),
      VIEW_PRODUCT_URL: url(),
      OPERATION_URL: `http://127.0.0.1:${(inside.address() as AddressInfo).port}/{operation}`,
    }
    const cache = openCache(env)
    const relays = operations().filter(({ name }) => name.startsWith('relay-'))
    for (const operation of [...asked(), ...relays]) {
      const database = databases.get(operation.domain)
      const { needs = [] } = operation
      const parts = {
        ...(database && needs.includes('postgres') && { database: () => database }),
        ...(needs.includes('redis') && { cache: () => cache }),
        ...(provesByToken(operation.caller) && { callers: openCallers }),
      }
      functions.set(operation.name, deployableOf(operation)(operation, parts, env))
    }
  })
  beforeEach(async () => {
    const orders = domains.get('orders')!
    await domains
      .get('accounts')!
      .given(...Object.keys(PEOPLE).flatMap((id) => [account(`${id}@kiosk.example`, { id }), loggedIn(id)]))
    await domains
      .get('catalog')!
      .given(
        product('TEA-EARL-GREY', { category: 'tea', price: 450, available: 200 }),
        product('TIN', { category: 'tins', price: 800, available: 40 }),
        received('ada', 'TEA-EARL-GREY'),
      )
    await domains.get('stock')!.given(level('TEA-EARL-GREY', 200), level('TIN', 40))
    await orders.given(
      price('TEA-EARL-GREY', 450),
      price('TIN', 800),
      placed('o-pending'),
      placed('o-unpaid', { status: 'awaiting-payment', acceptedAt: '2026-03-01T09:00:00Z' }),
      paid('o-confirmed', 'confirmed'),
      paid('o-delivered', 'delivered'),
    )
    await domains.get('payments')!.given(awaited('o-unpaid'))
    await domains.get('platform')!.given(producer('north', 'platform/stock-received.v1'))
  })
  afterAll(async () => {
    await gateway.stop(0)
    inside.closeAllConnections()
    inside.close()
    await sandbox.close()
    await Promise.all(shared.map((database) => database.end()))
  })

  /** What proves a caller: nothing, a token, a credential, or the payment gateway's signature of the body. */
  const proof = (caller: string, body: Buffer | undefined): Record<string, string> => {
    if (caller === 'gateway') return signed(NOTICE_SECRET, 'msg_1', new Date(), (body ?? '').toString())
    const authorization = bearers[caller]
    return authorization === undefined ? {} : { authorization }
  }
  return { url, proof, domain: (name: string) => domains.get(name)! }
}

const provesByToken = (callers: readonly string[] = []) =>
  callers.some((kind) => !['anyone', 'gateway', 'producer'].includes(kind))
