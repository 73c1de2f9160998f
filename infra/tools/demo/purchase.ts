import { randomUUID } from 'node:crypto'
import { until, type Order, type Shop } from '../client'
import { money, seconds, step } from './narration'

/** Where parcels of the demo go. */
export const ADDRESS = {
  name: 'Ada Lovelace',
  line1: '12 St James Square',
  city: 'London',
  postalCode: 'SW1Y 4JH',
  country: 'GB',
}

export interface Product {
  sku: string
  name: string
  price: number
  listPrice: number
  currency: string
  available: number
  rating?: number
}

export interface Cart {
  items: { sku: string; quantity: number; unitPrice: number }[]
  total: number
  currency: string
}

/** Somebody who is logged in. */
export interface Customer {
  name: string
  email: string
  password: string
  token: string
}

interface TimelineStep {
  at: string
  step: string
  status: string
}

/** Somebody registers, proves the address with the code that was mailed, and logs in. */
export async function joins(shop: Shop, name: string): Promise<Customer> {
  const email = `${name.toLowerCase()}-${randomUUID().slice(0, 8)}@kiosk.example`
  const password = randomUUID()
  await step(
    `${name} registers`,
    () => shop.expect(202, 'POST /v1/accounts', { email, password, name }),
    () => email,
  )
  const code = await step(
    `${name} gets a mail with a code`,
    () => shop.codeFor(email),
    (digits) => digits,
  )
  await step(`${name} verifies the address`, () =>
    shop.expect(204, 'POST /v1/accounts/verification', { email, code }),
  )
  const token = await step(`${name} logs in`, () => shop.logIn(email, password))
  return { name, email, password, token }
}

/** Orders what is in the cart, at the total that the cart showed. */
export async function ordersCart(
  shop: Shop,
  { name, token }: Customer,
  cart: Cart,
  method?: string,
): Promise<string> {
  const { total: confirmedTotal, currency } = cart
  const wish = {
    ...{ confirmedTotal, currency, shippingAddress: { ...ADDRESS, name } },
    ...(method !== undefined && { paymentMethod: method }),
  }
  const { body } = await step(
    `${name} orders what is in the cart`,
    () => shop.expect<Order>(201, 'POST /v1/orders', wish, { token, key: randomUUID() }),
    ({ body }) => body.orderId,
  )
  return body.orderId
}

/** One purchase, from the registration to the confirmation. */
export async function purchase(shop: Shop): Promise<void> {
  const ada = await joins(shop, 'Ada')
  const { email, token } = ada
  const found = await step(
    'Ada searches for tea',
    () => shop.expect<{ items: Product[] }>(200, 'GET /v1/products?q=tea'),
    ({ body }) => body.items.map(({ name }) => name).join(', '),
  )
  const product = found.body.items.find(({ available }) => available >= 2)
  if (!product) throw new Error('nothing that was found is in stock twice')
  const { sku, name } = product
  const cart = await step(
    `Ada puts two of ${name} into the cart`,
    () => shop.expect<Cart>(201, 'POST /v1/cart/items', { sku, quantity: 2 }, { token }),
    ({ body }) => money(body.total, body.currency),
  )
  const ordered = performance.now()
  const orderId = await ordersCart(shop, ada, cart.body, 'pm_approve')
  await step('Ada sees the order confirmed', () => shop.orderWhen(orderId, token, ['confirmed']))
  await step(
    'Ada gets a mail that says so',
    () => shop.mailTo(email, /confirmed/i),
    ({ subject }) => subject,
  )
  console.log(`  order to mail: ${seconds(performance.now() - ordered)}`)
  await step('Ada finds the cart empty', () =>
    until('an empty cart', 10_000, async () => {
      const { body } = await shop.expect<Cart>(200, 'GET /v1/cart', undefined, { token })
      return body.items.length === 0 ? body : undefined
    }),
  )
  await showTimeline(shop, ada, orderId, 'confirmed')
}

/** Prints what an order went through; that it ends otherwise than it should is an error. */
export async function showTimeline(
  shop: Shop,
  { token }: Customer,
  orderId: string,
  end: string,
): Promise<void> {
  const route = `GET /v1/orders/${orderId}/timeline`
  const { body } = await shop.expect<{ steps: TimelineStep[] }>(200, route, undefined, { token })
  console.log(`\nThe order's timeline`)
  for (const { at, step: what, status } of body.steps) console.log(`  ${at}  ${what.padEnd(10)} → ${status}`)
  const last = body.steps.at(-1)?.status
  if (last !== end) throw new Error(`the timeline ends in ${last}, not in ${end}`)
}
