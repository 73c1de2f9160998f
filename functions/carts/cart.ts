/** The currency of a cart with nothing in it, ISO 4217. */
const DEFAULT_CURRENCY = 'EUR'

/** Different items in one cart, and pieces of one item. With the limit on prices a total stays below 2^53. */
export const MOST_LINES = 100
export const MOST_OF_ONE = 100_000

/** An item that the catalogue sells, as carts know it. */
export interface Product {
  name: string
  /** Minor units. */
  price: number
  currency: string
}

/** What is known of items by SKU: null is one that is not sold (any more); one not heard of is absent. */
export type Products = ReadonlyMap<string, Product | null>

/** A cart as Redis holds it: quantities only, since prices are the catalogue's. */
export interface StoredCart {
  /** Grows with every change. */
  version: number
  /** Which cart of its owner it is, and its version: no two states of their carts are named alike. None was never begun. */
  state: string | undefined
  /** Null until something was put in. */
  currency: string | null
  quantities: ReadonlyMap<string, number>
}

export interface CartLine {
  sku: string
  name: string
  quantity: number
  /** Minor units. */
  unitPrice: number
  lineTotal: number
}

/** A cart as its owner sees it. */
export interface Cart {
  items: CartLine[]
  total: number
  currency: string
  version: number
}

/** A cart at today's prices, in order of SKU. What cannot be bought from it is left out of the lines and the total. */
export function priced({ version, currency, quantities }: StoredCart, products: Products): Cart {
  const items = [...quantities]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([sku, quantity]) => {
      const product = products.get(sku)
      if (!product || product.currency !== currency) return []
      const { name, price } = product
      return [{ sku, name, quantity, unitPrice: price, lineTotal: quantity * price }]
    })
  const total = items.reduce((sum, { lineTotal }) => sum + lineTotal, 0)
  const shownCurrency = items.length > 0 && currency !== null ? currency : DEFAULT_CURRENCY
  return { items, total, currency: shownCurrency, version }
}

/**
 * The lines that our copy of the catalogue says nobody can buy from this cart: retired, or sold in another currency
 * than the cart's. Their owner does not see them, so they must not stand in the way of anything.
 */
export const unsellable = ({ currency, quantities }: StoredCart, products: Products): string[] =>
  [...quantities.keys()].filter((sku) => {
    const product = products.get(sku)
    return product === null || (product !== undefined && product.currency !== currency)
  })
