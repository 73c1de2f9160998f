import { ProductReviewed } from '#events/catalog/product-reviewed.v1/event'
import { created, http, type Deps } from '#runtime/http'
import { problem } from '../problems'
import { lockProduct } from '../stored-product'
import { ReviewProduct } from './input'
import { countRating, hasReceived, keepReview } from './store'

/**
 * Takes a customer's review of a product they received.
 *
 * That they received it is learned from orders; one customer reviews one product once, however many requests come at the
 * same moment. The review, the product's average and the event commit together.
 */
export async function reviewProduct(input: ReviewProduct, { db, caller, clock, ids }: Deps) {
  const { sku, rating } = input
  const text = input.text ?? undefined
  return db.transaction(async (tx) => {
    const product = await lockProduct(tx, sku)
    if (!product || product.retired) throw problem('unknown-product')
    if (!(await hasReceived(tx, caller.id, sku))) throw problem('not-received')

    const now = clock.now()
    const review = { reviewId: ids.next(), sku, customerId: caller.id, rating, text }
    if (!(await keepReview(tx, review, now))) throw problem('already-reviewed')
    const version = product.version + 1
    countRating(tx, review, version)

    const { reviewId, customerId } = review
    const reviewedAt = now.toISOString()
    const words = text !== undefined && { text }
    tx.emit(ProductReviewed, { reviewId, sku, customerId, rating, ...words, version, reviewedAt })
    return created(`/v1/products/${sku}/reviews`, { reviewId, rating, ...words, reviewedAt })
  })
}

export default http(ReviewProduct, reviewProduct)
