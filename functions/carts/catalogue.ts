import type { Cache } from '#runtime/cache'
import type { Peer } from '#runtime/peer'
import type { Product, Products } from './cart'
import { learn } from './products'

/** Where what is known of products comes from. */
export interface Sources {
  cache: Cache
  viewProduct: Peer
}

/**
 * Items that our copy lacks, because their event is still on its way or Redis was lost: the catalogue is asked, and
 * its answer is kept. One that it does not know either is null.
 */
export async function askedFor(skus: string[], { cache, viewProduct }: Sources): Promise<Products> {
  const answers = await Promise.all(
    skus.map(async (sku) => {
      const product = await soldAs(viewProduct, sku)
      if (product) await learn(cache, sku, copyOf(product))
      return [sku, product] as const
    }),
  )
  return new Map(answers)
}

async function soldAs(viewProduct: Peer, sku: string): Promise<Product | null> {
  const { status, body } = await viewProduct('GET', `/v1/products/${encodeURIComponent(sku)}`)
  if (status === 404) return null
  if (status !== 200) throw new Error(`view-product answered ${status}`)
  const { name, price, currency } = body as Product
  return { name, price, currency }
}

const copyOf = ({ name, price, currency }: Product) => ({
  name: { version: 0, text: name },
  price: { version: 0, amount: price, currency },
  sale: { version: 0, ended: false },
})
