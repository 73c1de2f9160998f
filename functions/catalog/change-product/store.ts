import type { Tx } from '#runtime/database'
import { homeOf } from '../stored-category'

/** How a product is told of. */
export interface Description {
  sku: string
  name: string
  description: string
  category: string
  version: number
}

/** Describes a locked product anew; its category is there. */
export function describe(tx: Tx, { sku, name, description, category, version }: Description): void {
  tx.write(
    `update products
        set name = $2, description = $3, category = $4, category_slug = (${homeOf(4)}), version = $5
      where sku = $1`,
    [sku, name, description, category, version],
  )
}
