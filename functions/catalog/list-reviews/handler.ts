import { http, paged, type Deps } from '#runtime/http'
import { problem } from '../problems'
import { ListReviews } from './input'
import { pageOfReviews, type ReviewRow } from './store'

/**
 * Lists what customers say of a product, newest first.
 *
 * Reviews of one moment keep their order, so pages neither overlap nor miss one. Who wrote a review is not told.
 */
export async function listReviews({ sku, page = 1, pageSize = 20 }: ListReviews, { db }: Deps) {
  const found = await pageOfReviews(db, sku, { page, pageSize })
  if (!found) throw problem('unknown-product')
  const path = `/v1/products/${encodeURIComponent(sku)}/reviews`
  return paged(found.reviews.map(shown), found.total, { page, pageSize }, path, {})
}

const shown = ({ reviewId, rating, text, reviewedAt }: ReviewRow) => ({
  reviewId,
  rating,
  ...(text !== null && { text }),
  reviewedAt: reviewedAt.toISOString(),
})

export default http(ListReviews, listReviews)
