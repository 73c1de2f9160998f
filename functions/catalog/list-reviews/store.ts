import type { Queryable } from '#runtime/database'
import type { Page } from '#runtime/reply'

/** A review as its row holds it. */
export interface ReviewRow {
  reviewId: string
  rating: number
  text: string | null
  reviewedAt: Date
}

/** A page of a product's reviews and how many there are; undefined when no such product is on sale. */
export async function pageOfReviews(
  db: Queryable,
  sku: string,
  { page, pageSize }: Page,
): Promise<{ reviews: ReviewRow[]; total: number } | undefined> {
  const { rows } = await db.query<{ total: number } & (ReviewRow | { reviewId: null })>(
    `with page as (
       select id, rating, text, reviewed_at from reviews where sku = $1
        order by reviewed_at desc, id desc limit $2 offset $3
     )
     select products.rating_count as total, page.id as "reviewId", page.rating, page.text,
            page.reviewed_at as "reviewedAt"
       from products left join page on true
      where products.sku = $1 and products.retired_at is null
      order by page.reviewed_at desc, page.id desc`,
    [sku, pageSize, (page - 1) * pageSize],
  )
  const [first] = rows
  if (!first) return undefined
  const reviews = rows.flatMap(({ total: _, ...row }) => (row.reviewId === null ? [] : [row]))
  return { reviews, total: first.total }
}
