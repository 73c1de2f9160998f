/** A product that is on sale, as it is shown. */
export interface Product {
  sku: string
  name: string
  description: string
  /** As it was given when the product was added. */
  category: string
  /** What it costs now, in minor units. */
  price: number
  /** What it costs without a discount, in minor units. */
  listPrice: number
  currency: string
  /** How many can be bought, as stock said last; 0 while it has said nothing. */
  available: number
}

/** What a statement selects from `products left join availability` to make a `Product`. */
export const PRODUCT_COLUMNS = `products.sku, products.name, products.description, products.category, products.price,
  products.list_price as "listPrice", products.currency, coalesce(availability.available, 0) as available`
