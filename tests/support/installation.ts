import { execFileSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { Shop, until } from '../../infra/tools/client'
import { RunningPlatform } from './platform'

/** A shop to be tried, wherever it runs. */
export interface Installation {
  shop: Shop
  start(): Promise<void>
  end(): Promise<void>
  /** An access token of its first administrator. */
  admin(): Promise<string>
}

/**
 * The installation at GATEWAY_URL, or an embedded platform of the test's own, on ports of its own, where that is not set.
 * MAILBOX_URL and ADMIN_PASSWORD say more of it; on a cluster they are asked of kubectl and of `npm run data`.
 */
export function installation(offset: number): Installation {
  const gateway = process.env['GATEWAY_URL']
  if (gateway === undefined) return new RunningPlatform(offset)
  const shop = new Shop(gateway, process.env['MAILBOX_URL'] ?? mailbox())
  return {
    shop,
    start: async () => {
      await shop.expect(200, 'GET /v1/services/health')
    },
    end: () => Promise.resolve(),
    admin: () => shop.logIn('admin@kiosk.example', process.env['ADMIN_PASSWORD'] ?? password()),
  }
}

function mailbox(): string {
  const file = '.kiosk/cluster/data-services.json'
  if (!existsSync(file)) return 'http://localhost:1080'
  return (JSON.parse(readFileSync(file, 'utf8')) as { mailboxUrl: string }).mailboxUrl
}

function password(): string {
  const path = 'jsonpath={.data.FIRST_ADMIN_PASSWORD}'
  const words = ['-n', 'kiosk', 'get', 'secret', 'first-admin', '-o', path]
  return Buffer.from(execFileSync('kubectl', words, { encoding: 'utf8' }), 'base64').toString()
}

/** Puts something new on sale, and waits until the catalogue knows that it is in stock. */
export async function onSale(shop: Shop, admin: string, price: number, quantity: number): Promise<string> {
  const sku = `TIN-${randomUUID().slice(0, 8).toUpperCase()}`
  const product = { sku, name: `Tin ${sku}`, description: 'A tin.', category: 'tins', price, currency: 'EUR' }
  await shop.expect(201, 'POST /v1/products', product, { token: admin })
  await shop.expect(201, `POST /v1/stock/${sku}/receipts`, { quantity }, { token: admin })
  await until(`${sku} to be in stock`, 60_000, async () => {
    const { body } = await shop.expect<{ available: number }>(200, `GET /v1/products/${sku}`)
    return body.available === quantity || undefined
  })
  return sku
}
