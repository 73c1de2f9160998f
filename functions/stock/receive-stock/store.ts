import type { Tx } from '#runtime/database'

/** The item has a level after this; one that nobody has heard of begins at nothing. */
export function ensureLevel(tx: Tx, sku: string): void {
  tx.write('insert into levels (sku) values ($1) on conflict do nothing', [sku])
}
