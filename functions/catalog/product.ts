/** A product that is on sale, as it is shown. */
export interface Product {
  sku: string
  name: string
  description: string
  /** As it was given when the product was added or described. */
  category: string
  /** What it costs now, in minor units. */
  price: number
  /** What it costs without a discount, in minor units. */
  listPrice: number
  currency: string
  /** How many can be bought, as stock said last; 0 while it has said nothing. */
  available: number
  /** The average of its reviews, 1 to 5, to a tenth; absent while there are none. */
  rating?: number
  /** How many reviews there are; absent while there are none. */
  reviews?: number
}

/** A product as a statement selects it: what is absent is null. */
export type ProductRow = Omit<Product, 'rating' | 'reviews'> & {
  rating: number | null
  reviews: number | null
}

/** What a statement selects from `products left join availability` to make a `ProductRow`. */
export const PRODUCT_COLUMNS = `products.sku, products.name, products.description, products.category, products.price,
  products.list_price as "listPrice", products.currency, coalesce(availability.available, 0) as available,
  round(products.rating_sum::numeric / nullif(products.rating_count, 0), 1)::float8 as rating,
  nullif(products.rating_count, 0) as reviews`

/** The JSON of a product: what is not there is left out. */
export const shown = (row: ProductRow): Product => {
  const { sku, name, description, category, price, listPrice, currency, available, rating, reviews } = row
  const rated = rating !== null && reviews !== null && { rating, reviews }
  return { sku, name, description, category, price, listPrice, currency, available, ...rated }
}
