import { until, type Mail, type Order } from '../client'
import { money, step } from './narration'
import type { OwnPlatform } from './own-platform'
import { joins, ordersCart, showTimeline, type Cart, type Customer, type Product } from './purchase'

/** Hours to go on each time, and what a customer who has not paid hears then. */
const HOURS = [
  [4, 'the first reminder'],
  [4, 'the second'],
  [8, 'the third'],
] as const

/**
 * A day in the life of an order that nobody pays, in less than a minute: the clock is moved to 4, 8 and 16 hours after
 * its acceptance, when reminders are due, and past 24 hours, when it is cancelled and its stock is on sale again.
 */
export async function unpaidDay(platform: OwnPlatform, sku: string): Promise<void> {
  const { shop } = platform
  const availableBefore = await available(platform, sku)
  const ben = await joins(shop, 'Ben')
  const { body: cart } = await step(
    'Ben puts two of the tea into the cart',
    () => shop.expect<Cart>(201, 'POST /v1/cart/items', { sku, quantity: 2 }, ben),
    ({ body }) => money(body.total, body.currency),
  )
  const orderId = await ordersCart(shop, ben, cart)
  await step('the order waits for its payment', () =>
    shop.orderWhen(orderId, ben.token, ['awaiting-payment']),
  )
  await step(
    'Ben gets a mail',
    () => shop.mailTo(ben.email, /is waiting for your payment/i),
    ({ subject }) => subject,
  )
  await step('two fewer are on sale', () => availableWhen(platform, sku, availableBefore - 2))

  let reminders = 0
  for (const [hours, which] of HOURS) {
    forward(platform, hours)
    reminders++
    await step(
      `Ben gets ${which}`,
      () => remindersWhen(platform, ben, reminders),
      ({ subject }) => subject,
    )
  }
  await step(
    'the discount has ended by itself',
    () => fullPrice(platform, sku),
    (price) => price,
  )

  forward(platform, 9)
  await step(
    'Ben gets a mail',
    () => shop.mailTo(ben.email, /cancelled/i),
    ({ subject }) => subject,
  )
  await step('what was kept for Ben is on sale again', () => availableWhen(platform, sku, availableBefore))
  await tokenEnded(platform, ben)
  const again = { ...ben, token: await step('Ben logs in again', () => shop.logIn(ben.email, ben.password)) }
  const { body } = await shop.expect<Order>(200, `GET /v1/orders/${orderId}`, undefined, again)
  if (body.payment.status !== 'none' && body.payment.status !== 'awaited') {
    throw new Error(`nothing was paid, but the payment is ${body.payment.status}`)
  }
  await showTimeline(shop, again, orderId, 'cancelled')
  await remindersWhen(platform, ben, 3)
}

function forward(platform: OwnPlatform, hours: number): void {
  platform.moveClock(hours)
  console.log(`      …   ${hours} hours later, ${platform.now().toISOString()}`)
}

/** The newest reminder, when there are as many as there should be; one more is an error. */
const remindersWhen = ({ shop }: OwnPlatform, { email }: Customer, wanted: number): Promise<Mail> =>
  until(`reminder ${wanted}`, 60_000, async () => {
    const mails = (await shop.mailsTo(email)).filter(({ subject }) => /still waiting/i.test(subject))
    if (mails.length > wanted) throw new Error(`${mails.length} reminders came, not ${wanted}`)
    return mails.length === wanted ? mails.at(-1) : undefined
  })

async function available({ shop }: OwnPlatform, sku: string): Promise<number> {
  const { body } = await shop.expect<Product>(200, `GET /v1/products/${sku}`)
  return body.available
}

const availableWhen = (platform: OwnPlatform, sku: string, wanted: number) =>
  until(`${wanted} of ${sku} to be on sale`, 60_000, async () => {
    return (await available(platform, sku)) === wanted || undefined
  })

const fullPrice = ({ shop }: OwnPlatform, sku: string): Promise<string> =>
  until('the discount to end', 60_000, async () => {
    const { body } = await shop.expect<Product>(200, `GET /v1/products/${sku}`)
    return body.price === body.listPrice ? money(body.price, body.currency) : undefined
  })

/** An access token is good for 15 minutes, and the shop has one clock. */
const tokenEnded = ({ shop }: OwnPlatform, { token }: Customer) =>
  step('the token that Ben logged in with has ended long ago', () =>
    shop.expect(401, 'GET /v1/me', undefined, { token }),
  )
