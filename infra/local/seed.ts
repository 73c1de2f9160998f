import { existsSync, writeFileSync } from 'node:fs'
import { Shop, until } from '../tools/client'
import { createFirstAdmin } from '../tools/first-admin'
import { ADMIN_EMAIL } from './secrets'

/** A small catalogue to begin with: SKU, name, category, price in minor units of EUR, on hand. */
const CATALOGUE = [
  ['TEA-EARL-GREY', 'Earl Grey tea, 100 g', 'tea', 450, 200],
  ['TEA-SENCHA', 'Sencha green tea, 100 g', 'tea', 690, 120],
  ['TEA-ROOIBOS', 'Rooibos tea, 100 g', 'tea', 390, 150],
  ['TIN-SMALL', 'Tea tin, small', 'tins', 800, 40],
  ['TIN-LARGE', 'Tea tin, large', 'tins', 1200, 10],
  ['POT-CAST-IRON', 'Cast-iron teapot, 0.8 l', 'pots', 5900, 8],
  ['CUP-PORCELAIN', 'Porcelain cup', 'cups', 1450, 60],
  ['FILTER-PAPER', 'Paper filters, 100', 'accessories', 320, 300],
] as const

/**
 * Gives a new installation its administrator and a small catalogue with stock, once: through the shop's own
 * operations, each with an Idempotency-Key, so an interrupted seeding is finished by the next start.
 */
export async function seed(options: {
  accountsUrl: string
  gatewayUrl: string
  adminPassword: string
  marker: string
}): Promise<void> {
  const { accountsUrl, gatewayUrl, adminPassword, marker } = options
  if (existsSync(marker)) return
  await createFirstAdmin({ url: accountsUrl, email: ADMIN_EMAIL, password: adminPassword })
  const shop = new Shop(gatewayUrl, '')
  const token = await shop.logIn(ADMIN_EMAIL, adminPassword)
  await Promise.all(
    CATALOGUE.map(async ([sku, name, category, price, quantity]) => {
      const product = { sku, name, description: `${name}.`, category, price, currency: 'EUR' }
      const added = await shop.call('POST /v1/products', product, { token, key: `seed-${sku}` })
      if (added.status !== 201 && added.status !== 409)
        throw new Error(`adding ${sku} answered ${added.status}`)
      await shop.expect(201, `POST /v1/stock/${sku}/receipts`, { quantity }, { token, key: `seed-${sku}` })
    }),
  )
  await until('the catalogue to know what is in stock', 20_000, async () => {
    const { body } = await shop.expect<{ items: { available: number }[] }>(
      200,
      'GET /v1/products?pageSize=100',
    )
    return body.items.filter(({ available }) => available > 0).length >= CATALOGUE.length || undefined
  })
  writeFileSync(marker, '')
}
