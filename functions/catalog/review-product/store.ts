import type { Tx } from '#runtime/database'

/** A review to be kept. */
export interface Review {
  reviewId: string
  sku: string
  customerId: string
  rating: number
  text: string | undefined
}

export async function hasReceived(tx: Tx, customerId: string, sku: string): Promise<boolean> {
  const { rowCount } = await tx.query('select from received where customer_id = $1 and sku = $2', [
    customerId,
    sku,
  ])
  return rowCount === 1
}

/** Keeps a review; false when the customer has reviewed the product before. */
export async function keepReview(tx: Tx, review: Review, at: Date): Promise<boolean> {
  const { reviewId, sku, customerId, rating, text } = review
  const { rowCount } = await tx.query(
    `insert into reviews (id, sku, customer_id, rating, text, reviewed_at) values ($1, $2, $3, $4, $5, $6)
         on conflict (sku, customer_id) do nothing`,
    [reviewId, sku, customerId, rating, text ?? null, at],
  )
  return rowCount === 1
}

/** Counts a rating for a locked product. */
export function countRating(tx: Tx, { sku, rating }: Review, version: number): void {
  tx.write(
    `update products set rating_sum = rating_sum + $2, rating_count = rating_count + 1, version = $3 where sku = $1`,
    [sku, rating, version],
  )
}
