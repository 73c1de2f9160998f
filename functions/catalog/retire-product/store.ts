import type { Tx } from '#runtime/database'

/** Retires a locked product; its discount ends with it, unannounced: there is no price any more. */
export function retire(tx: Tx, sku: string, version: number, at: Date): void {
  tx.write('update products set retired_at = $2, version = $3 where sku = $1', [sku, at, version])
  tx.write('delete from discounts where sku = $1', [sku])
}
