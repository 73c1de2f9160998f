import { randomUUID } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Order } from '../client'
import type { OwnPlatform } from '../demo/own-platform'
import { ADDRESS } from '../demo/purchase'
import type { FuzzCaller } from './callers'

/** The document that cases are made from, and where they go. */
export interface FuzzedDocument {
  file: string
  url: string
}

/** The order that the document's examples are about. */
const EXAMPLE = /0195f3c2-7d1a-7b02-8f11-2e9a4b6c7d80/g

/**
 * The shop's own OpenAPI document, with the id of a real order in its examples: cases are made around the examples, and
 * an order that is there leads further into the shop than one that is not.
 */
export async function documentFor(
  platform: OwnPlatform,
  callers: readonly FuzzCaller[],
): Promise<FuzzedDocument> {
  const { shop } = platform
  const customer = callers.find(({ name }) => name === 'customer')!
  const [header = ''] = await customer.headers()
  const token = header.replace('Authorization: Bearer ', '')
  const orderId = await deliveredOrder(platform, token)
  const response = await fetch(new URL('/openapi.json', shop.url))
  const file = join(platform.state, 'openapi.json')
  writeFileSync(file, (await response.text()).replace(EXAMPLE, orderId))
  return { file, url: shop.url }
}

async function deliveredOrder(platform: OwnPlatform, token: string): Promise<string> {
  const { shop } = platform
  const lines = [{ sku: 'TEA-EARL-GREY', quantity: 20 }]
  const wish = {
    lines,
    confirmedTotal: 9000,
    currency: 'EUR',
    shippingAddress: ADDRESS,
    paymentMethod: 'pm_approve',
  }
  const { body } = await shop.expect<Order>(201, 'POST /v1/orders', wish, { token, key: randomUUID() })
  const { orderId } = body
  await shop.orderWhen(orderId, token, ['confirmed'])
  const staff = { token: await platform.admin() }
  await shop.expect(202, `POST /v1/orders/${orderId}/shipment`, {}, staff)
  await shop.expect(202, `POST /v1/orders/${orderId}/delivery`, {}, staff)
  await shop.orderWhen(orderId, token, ['delivered'])
  return orderId
}
