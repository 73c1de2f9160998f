import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { randomUUID } from 'node:crypto'
import { Shop, until, type Order } from './client'

const GIVEN = process.env['GATEWAY_URL']
const GATEWAY = GIVEN ?? 'http://localhost:8080'
const MAILBOX = process.env['MAILBOX_URL'] ?? 'http://localhost:1080'
const ADDRESS = {
  name: 'Ada Lovelace',
  line1: '12 St James Square',
  city: 'London',
  postalCode: 'SW1Y 4JH',
  country: 'GB',
}

/** `npm run demo`: one purchase, narrated. Exit code 0 only if all of it happened. */
async function main(): Promise<void> {
  let stop = () => Promise.resolve()
  try {
    stop = await running()
    const started = performance.now()
    await purchase(new Shop(GATEWAY, MAILBOX))
    console.log(`\nBought, paid and confirmed in ${seconds(performance.now() - started)}.`)
  } catch (error) {
    console.error(`\nThe demo stopped: ${(error as Error).message}`)
    process.exitCode = 1
  } finally {
    await stop()
  }
}

async function purchase(shop: Shop): Promise<void> {
  const email = `ada-${randomUUID().slice(0, 8)}@kiosk.example`
  const password = randomUUID()
  await step(
    'registers',
    () => shop.expect(202, 'POST /v1/accounts', { email, password, name: 'Ada' }),
    () => email,
  )
  const code = await step(
    'gets a mail with a code',
    () => shop.codeFor(email),
    (digits) => digits,
  )
  await step('verifies the address', () =>
    shop.expect(204, 'POST /v1/accounts/verification', { email, code }),
  )
  const token = await step('logs in', () => shop.logIn(email, password))

  const found = await step(
    'searches for tea',
    () => shop.expect<{ items: Product[] }>(200, 'GET /v1/products?q=tea'),
    ({ body }) => body.items.map(({ name }) => name).join(', '),
  )
  const product = found.body.items.find(({ available }) => available >= 2)
  if (!product) throw new Error('nothing that was found is in stock twice')
  const { sku, name } = product
  const cart = await step(
    `puts two of ${name} into the cart`,
    () => shop.expect<Cart>(201, 'POST /v1/cart/items', { sku, quantity: 2 }, { token }),
    ({ body }) => money(body.total, body.currency),
  )
  const { total: confirmedTotal, currency } = cart.body
  const wish = { confirmedTotal, currency, shippingAddress: ADDRESS, paymentMethod: 'pm_approve' }
  const ordered = performance.now()
  const placed = await step(
    'orders what is in the cart',
    () => shop.expect<Order>(201, 'POST /v1/orders', wish, { token, key: randomUUID() }),
    ({ body }) => body.orderId,
  )
  const { orderId } = placed.body
  await step('sees the order confirmed', () => shop.orderWhen(orderId, token, ['confirmed']))
  await step(
    'gets a mail that says so',
    () => shop.mailTo(email, /confirmed/i),
    ({ subject }) => subject,
  )
  console.log(`  order to mail: ${seconds(performance.now() - ordered)}`)
  await step('finds the cart empty', () =>
    until('an empty cart', 10_000, async () => {
      const { body } = await shop.expect<Cart>(200, 'GET /v1/cart', undefined, { token })
      return body.items.length === 0 ? body : undefined
    }),
  )

  const { body } = await shop.expect<{ steps: Step[] }>(
    200,
    `GET /v1/orders/${orderId}/timeline`,
    undefined,
    { token },
  )
  console.log(`\nThe order's timeline`)
  for (const { at, step: what, status } of body.steps) console.log(`  ${at}  ${what.padEnd(10)} → ${status}`)
  if (body.steps.at(-1)?.status !== 'confirmed') throw new Error('the timeline does not end in confirmed')
}

interface Product {
  sku: string
  name: string
  available: number
}

interface Cart {
  items: unknown[]
  total: number
  currency: string
}

interface Step {
  at: string
  step: string
  status: string
}

async function step<T>(what: string, act: () => Promise<T>, tell?: (result: T) => string): Promise<T> {
  const started = performance.now()
  const result = await act()
  const took = `${Math.round(performance.now() - started)} ms`.padStart(8)
  console.log(`${took}  Ada ${what}${tell ? `: ${tell(result)}` : ''}`)
  return result
}

/** Starts the embedded platform if no shop answers where one would be; answers how to stop what it started. */
async function running(): Promise<() => Promise<void>> {
  if (await answers()) return () => Promise.resolve()
  if (GIVEN !== undefined) throw new Error(`no shop answers at GATEWAY_URL, which is ${GIVEN}`)
  console.log('No shop answers yet: starting one.\n')
  const platform = spawn(process.execPath, ['dist/infra/local/start.cjs'], {
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  const gone = once(platform, 'exit')
  const ended = gone.then(() => {
    throw new Error('the platform stopped before it was ready')
  })
  const ready = until('the shop to be ready', 120_000, async () => ((await answers()) ? true : undefined))
  await Promise.race([ready, ended])
  ended.catch(() => undefined)
  return async () => {
    platform.kill('SIGTERM')
    await gone
  }
}

const answers = () =>
  fetch(new URL('/v1/services/health', GATEWAY)).then(
    ({ ok }) => ok,
    () => false,
  )

const money = (minor: number, currency: string) =>
  new Intl.NumberFormat('en', { style: 'currency', currency }).format(minor / 100)

const seconds = (ms: number) => `${(ms / 1000).toFixed(2)} s`

void main()
