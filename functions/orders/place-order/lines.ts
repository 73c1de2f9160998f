import type { IncomingHttpHeaders } from 'node:http'
import type { Queryable } from '#runtime/database'
import { invalid } from '#runtime/parse'
import type { Peer } from '#runtime/peer'
import { requestProblem } from '#runtime/problem'
import type { OrderLine, Product } from '../order'
import { problem } from '../problems'
import { MOST_OF_ONE } from './input'
import { productsOf } from './store'

interface Wanted {
  sku: string
  quantity: number
}

/** What is to be ordered, and if it is what is in a cart, the name of that cart's state. */
export interface Wish {
  wanted: Wanted[]
  cartState: string | null
}

/** What a request itself lists. The line with which the pieces of one item are too many is refused as one with too many would be. */
export function listed(lines: readonly Wanted[]): Wish {
  const sums = new Map<string, number>()
  const faults = lines.flatMap(({ sku, quantity }, nth) => {
    const before = sums.get(sku) ?? 0
    const sum = before + quantity
    sums.set(sku, sum)
    if (before > MOST_OF_ONE || sum <= MOST_OF_ONE) return []
    const detail = `must not be greater than ${MOST_OF_ONE} together with the lines of ${sku} before it`
    return [{ detail, pointer: `#/lines/${nth}/quantity` }]
  })
  if (faults.length > 0) throw invalid(faults)
  return { wanted: [...lines], cartState: null }
}

/** What is in the caller's cart; carts belong to another domain, so its operation is asked, as the caller, whose token may end meanwhile. */
export async function cartOf(viewCart: Peer, { authorization }: IncomingHttpHeaders): Promise<Wish> {
  const { status, headers, body } = await viewCart('GET', '/v1/cart', {
    ...(authorization && { authorization }),
  })
  if (status === 401) throw requestProblem('unauthenticated')
  if (status !== 200) throw new Error(`view-cart answered ${status}`)
  const { items } = body as { items: Wanted[] }
  return { wanted: items, cartState: headers?.['kiosk-cart-state']?.toString() ?? null }
}

/** Gives each wanted item our name and price for it. `asked` is the request, which a refusal points into. */
export async function priceLines(
  db: Queryable,
  wanted: readonly Wanted[],
  asked: { lines?: Wanted[]; currency: string },
  viewProduct: Peer,
): Promise<OrderLine[]> {
  const known = await productsOf(
    db,
    wanted.map(({ sku }) => sku),
  )
  const missing = wanted.filter(({ sku }) => !known.has(sku))
  for (const product of await Promise.all(missing.map(({ sku }) => newProduct(viewProduct, sku)))) {
    if (product) known.set(product.sku, product)
  }
  const unknown = wanted.filter(({ sku }) => !known.get(sku)).map(({ sku }) => sku)
  if (unknown.length > 0) {
    throw problem('unknown-sku', { skus: unknown, errors: unknown.map((sku) => missingIn(asked.lines, sku)) })
  }

  return wanted.map(({ sku, quantity }) => {
    const product = known.get(sku)!
    if (product.currency !== asked.currency) {
      throw problem('currency-mismatch', { sku, currency: product.currency })
    }
    return { sku, name: product.name, quantity, unitPrice: product.price }
  })
}

const missingIn = (lines: readonly Wanted[] | undefined, sku: string) => ({
  detail: `${sku} is not sold here`,
  pointer: lines ? `#/lines/${lines.findIndex((line) => line.sku === sku)}/sku` : '#',
})

/** A product so new that its event has not reached us yet: the catalogue is asked. */
async function newProduct(viewProduct: Peer, sku: string): Promise<Product | undefined> {
  const { status, body } = await viewProduct('GET', `/v1/products/${encodeURIComponent(sku)}`)
  if (status === 404) return undefined
  if (status !== 200) throw new Error(`view-product answered ${status}`)
  const { name, price, currency } = body as Product
  return { sku, name, price, currency }
}
