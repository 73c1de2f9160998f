import { priced, type Cart, type Products, type StoredCart } from './cart'
import { askedFor, type Sources } from './catalogue'
import { copiesOf } from './products'

/** A cart as its owner sees it, at the prices of now; `known` are copies that were read already. */
export async function shown(cart: StoredCart, sources: Sources, known: Products = new Map()): Promise<Cart> {
  const skus = [...cart.quantities.keys()]
  const copies = await copiesOf(sources.cache, without(skus, known))
  const asked = await askedFor(without(without(skus, known), copies), sources)
  return priced(cart, new Map([...known, ...copies, ...asked]))
}

const without = (skus: string[], known: Products) => skus.filter((sku) => !known.has(sku))
