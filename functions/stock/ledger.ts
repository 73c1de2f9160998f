import { StockLevelChanged } from '#events/stock/stock-level-changed.v1/event'
import type { Tx } from '#runtime/database'
import { shown, type Level } from './level'

/** What a statement selects to make a `Level`. */
export const LEVEL_COLUMNS = 'levels.sku, levels.on_hand as "onHand", levels.reserved, levels.version'

export type Levels = ReadonlyMap<string, Level>

/** Locks the levels of the given items, always in order of SKU, so that no two transactions wait for each other. */
export async function lockLevels(tx: Tx, skus: readonly string[]): Promise<Levels> {
  const { rows } = await tx.query<Level>(
    `select ${LEVEL_COLUMNS} from levels where sku = any($1) order by sku for update`,
    [skus],
  )
  return levelsBySku(rows)
}

/** Each item has a level after this; one that nobody has heard of begins at nothing. */
export function ensureLevels(tx: Tx, skus: readonly string[]): void {
  tx.write(
    `insert into levels (sku) select sku from unnest($1::text[]) as wanted (sku) order by sku on conflict do nothing`,
    [skus],
  )
}

export const levelsBySku = (levels: readonly Level[]): Levels =>
  new Map(levels.map((level) => [level.sku, level]))

/** A change of levels: what each item gains or loses, of what kind, and for what. */
export interface Movement {
  kind: 'received' | 'reserved' | 'released' | 'handed-over' | 'taken-back'
  reference: string | null
  deltas: { sku: string; onHand: number; reserved: number }[]
}

/**
 * Changes locked levels by deltas, never to a number somebody read before, writes the same deltas into the ledger, and
 * announces each new level. It waits for nothing: who holds the locks knows what the levels will be, so all of it goes
 * with the commit. The table's check refuses a level that promises more than there is, whatever the caller thought.
 */
export function move(tx: Tx, levels: Levels, { kind, reference, deltas }: Movement, at: Date): Level[] {
  const columns = [
    deltas.map(({ sku }) => sku),
    deltas.map(({ onHand }) => onHand),
    deltas.map(({ reserved }) => reserved),
  ]
  tx.write(
    `insert into ledger (sku, delta_on_hand, delta_reserved, kind, reference, at)
     select sku, on_hand, reserved, $4, $5, $6
       from unnest($1::text[], $2::bigint[], $3::bigint[]) as delta (sku, on_hand, reserved)`,
    [...columns, kind, reference, at],
  )
  tx.write(
    `update levels
        set on_hand = levels.on_hand + delta.on_hand, reserved = levels.reserved + delta.reserved,
            version = version + 1
       from unnest($1::text[], $2::bigint[], $3::bigint[]) as delta (sku, on_hand, reserved)
      where levels.sku = delta.sku`,
    columns,
  )
  return deltas.map((delta) => {
    const before = levels.get(delta.sku)
    if (!before) throw new Error(`the level of ${delta.sku} is moved but not locked`)
    const { sku, onHand, reserved, version } = before
    const level = {
      ...{ sku, version: version + 1 },
      ...{ onHand: onHand + delta.onHand, reserved: reserved + delta.reserved },
    }
    tx.emit(StockLevelChanged, { ...shown(level), version: level.version, changedAt: at.toISOString() })
    return level
  })
}
