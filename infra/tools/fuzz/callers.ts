import { addProducer } from '../add-producer'
import type { OwnPlatform } from '../demo/own-platform'
import type { Share } from './schemathesis'

/** Somebody who asks, and which operations they are asked to try; a token is good for a quarter of an hour only. */
export interface FuzzCaller {
  name: string
  shares: Share[]
  /** `Name: value`, fresh for each share. */
  headers: () => Promise<string[]>
}

/** What ends its caller's account or session, or the product that examples name, comes last. */
const ENDS = ['close-account', 'log-out', 'retire-product']

const DOMAINS = ['accounts', 'catalog', 'stock', 'carts', 'orders', 'payments', 'platform']

const byDomain: Share[] = DOMAINS.map((name) => ({
  name,
  options: ['--include-tag', name, ...ENDS.flatMap((id) => ['--exclude-operation-id', id])],
}))
const ends: Share = { name: 'what ends', options: ENDS.flatMap((id) => ['--include-operation-id', id]) }
const events: Share = { name: 'events', options: ['--include-operation-id', 'accept-event'] }

/** Every kind of caller: nobody, customer, staff, administrator, and a producer of events. */
export async function callersOf(platform: OwnPlatform): Promise<FuzzCaller[]> {
  const { shop } = platform
  const admin = await platform.admin()
  const customer = await shop.customer('Fuzz')
  const clerk = await shop.customer('Clerk')
  const { body } = await shop.expect<{ accountId: string }>(200, 'GET /v1/me', undefined, clerk)
  await shop.expect(200, `PUT /v1/accounts/${body.accountId}/role`, { role: 'staff' }, { token: admin })
  const credential = await addProducer({
    url: platform.databaseUrl('platform'),
    name: 'fuzz',
    events: ['platform/stock-received.v1', 'platform/parcel-delivered.v1'],
  })
  const bearer = (token: string) => [`Authorization: Bearer ${token}`]
  const loggedIn = (email: string, password: string) => async () => bearer(await shop.logIn(email, password))
  const all = [...byDomain, ends]
  return [
    { name: 'nobody', shares: all, headers: () => Promise.resolve([]) },
    { name: 'producer', shares: [events], headers: () => Promise.resolve(bearer(credential)) },
    { name: 'customer', shares: all, headers: loggedIn(customer.email, customer.password) },
    { name: 'staff', shares: all, headers: loggedIn(clerk.email, clerk.password) },
    { name: 'admin', shares: all, headers: async () => bearer(await platform.admin()) },
  ]
}
