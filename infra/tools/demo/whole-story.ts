import { randomUUID } from 'node:crypto'
import { until, type Order } from '../client'
import { money, part, step } from './narration'
import type { OwnPlatform } from './own-platform'
import { joins, ordersCart, showTimeline, type Cart, type Customer, type Product } from './purchase'
import { unpaidDay } from './unpaid-day'

const TEA = 'TEA-SENCHA'
const CUP = 'CUP-PORCELAIN'

/**
 * What a shop goes through: a guest's cart, the merge on log-in, a discount that begins and ends by itself, a purchase,
 * shipment, delivery, review, a return of one piece with its money, and a day without payment with its reminders.
 */
export async function wholeStory(platform: OwnPlatform): Promise<void> {
  part('A discount')
  const admin = await step('the administrator logs in', () => platform.admin())
  const tea = await discounted(platform, admin)

  part('A guest, who becomes a customer')
  const { ada, cart } = await guestBecomesCustomer(platform, tea)

  part('A purchase')
  const orderId = await ordersCart(platform.shop, ada, cart, 'pm_approve')
  await step('Ada sees the order confirmed', () => platform.shop.orderWhen(orderId, ada.token, ['confirmed']))
  await mailed(platform, ada, /confirmed/i)

  part('What comes after')
  await shippedAndDelivered(platform, ada, admin, orderId)
  await reviewed(platform, ada)
  await partlyReturned(platform, ada, orderId, tea)
  await showTimeline(platform.shop, ada, orderId, 'delivered')

  part('A day without payment')
  await unpaidDay(platform, TEA)
}

/** The tea costs a fifth less from now on, for ten hours. */
async function discounted({ shop, now }: OwnPlatform, token: string): Promise<Product> {
  const from = new Date(now().getTime() - 60_000)
  const until = new Date(from.getTime() + 10 * 3_600_000)
  const wish = { percentage: 20, from: from.toISOString(), until: until.toISOString() }
  const { body } = await step(
    `${TEA} is 20 % off for ten hours`,
    () => shop.expect<Product>(200, `PUT /v1/products/${TEA}/discount`, wish, { token }),
    ({ body }) => `${money(body.price, body.currency)} instead of ${money(body.listPrice, body.currency)}`,
  )
  if (body.price !== Math.round(body.listPrice * 0.8)) throw new Error(`the tea costs ${body.price}`)
  return body
}

/** A guest fills a cart, registers, and finds in the customer's cart what both have gathered. */
async function guestBecomesCustomer({ shop }: OwnPlatform, tea: Product) {
  const first = await step(
    'a guest puts three of the tea into a cart',
    () => shop.expect<Cart>(201, 'POST /v1/cart/items', { sku: TEA, quantity: 3 }),
    ({ headers }) => `Kiosk-Cart: ${headers.get('kiosk-cart')?.slice(0, 12)}…`,
  )
  const cartToken = first.headers.get('kiosk-cart')
  if (cartToken === null) throw new Error('the guest was given no cart')
  await step('the guest sees the price of today', () =>
    until('the cart to know the discount', 30_000, async () => {
      const { body } = await shop.expect<Cart>(200, 'GET /v1/cart', undefined, { cart: cartToken })
      return body.total === 3 * tea.price || undefined
    }),
  )
  const ada = await joins(shop, 'Ada')
  const { token } = ada
  await step('Ada had a cup in the cart of another device', () =>
    shop.expect<Cart>(201, 'POST /v1/cart/items', { sku: CUP, quantity: 1 }, { token }),
  )
  const merged = () => shop.expect<Cart>(200, 'POST /v1/cart/merge', undefined, { token, cart: cartToken })
  await step('the carts become one', merged, ({ body }) => money(body.total, body.currency))
  const { body: cart } = await step('merging again changes nothing', merged, ({ body }) =>
    body.items.map(({ sku, quantity }) => `${quantity} × ${sku}`).join(', '),
  )
  const quantities = Object.fromEntries(cart.items.map(({ sku, quantity }) => [sku, quantity]))
  if (quantities[TEA] !== 3 || quantities[CUP] !== 1 || cart.items.length !== 2) {
    throw new Error(`the cart holds ${JSON.stringify(quantities)}`)
  }
  return { ada, cart }
}

async function shippedAndDelivered({ shop }: OwnPlatform, ada: Customer, token: string, orderId: string) {
  const parcel = { carrier: 'DHL', trackingNumber: '00340434161094042557' }
  await step('the warehouse ships it', () =>
    shop.expect(202, `POST /v1/orders/${orderId}/shipment`, parcel, { token }),
  )
  await step(
    'Ada gets a mail',
    () => shop.mailTo(ada.email, /on its way/i),
    ({ subject }) => subject,
  )
  await step('the carrier delivers it', () =>
    shop.expect(202, `POST /v1/orders/${orderId}/delivery`, undefined, { token }),
  )
  await shop.orderWhen(orderId, ada.token, ['delivered'])
}

/** The catalogue learns of the delivery by an event, so the review is refused until then. */
async function reviewed({ shop }: OwnPlatform, { token }: Customer): Promise<void> {
  const review = { rating: 5, text: 'Fresh and fragrant.' }
  await step('Ada, who has received it, reviews the tea', () =>
    until('the review to be taken', 30_000, async () => {
      const { status } = await shop.call(`POST /v1/products/${TEA}/reviews`, review, { token })
      return status === 201 || undefined
    }),
  )
  await step(
    'everybody sees the rating',
    () =>
      until('the rating to be shown', 30_000, async () => {
        const { body } = await shop.expect<Product>(200, `GET /v1/products/${TEA}`)
        return body.rating
      }),
    (rating) => `${rating} of 5`,
  )
}

async function partlyReturned({ shop }: OwnPlatform, ada: Customer, orderId: string, tea: Product) {
  const { token, email } = ada
  const wish = { lines: [{ sku: TEA, quantity: 1 }], reason: 'One too many.' }
  const { body } = await step(
    'Ada sends one of three back',
    () =>
      shop.expect<{ refund: number; currency: string }>(202, `POST /v1/orders/${orderId}/return`, wish, {
        ...{ token, key: randomUUID() },
      }),
    ({ body }) => `${money(body.refund, body.currency)} go back`,
  )
  if (body.refund !== tea.price) throw new Error(`${body.refund} would go back for what cost ${tea.price}`)
  await step('the order says that part of the money is back', () =>
    until('the refund', 60_000, async () => {
      const { body } = await shop.expect<Order>(200, `GET /v1/orders/${orderId}`, undefined, { token })
      return body.payment.status === 'partly-refunded' || undefined
    }),
  )
  await step(
    'Ada gets a mail',
    () => shop.mailTo(email, /money is on its way back/i),
    ({ subject }) => subject,
  )
}

const mailed = ({ shop }: OwnPlatform, { name, email }: Customer, subject: RegExp) =>
  step(
    `${name} gets a mail`,
    () => shop.mailTo(email, subject),
    (mail) => mail.subject,
  )
