import { summed, type OrderLine } from '../order'
import { problem } from '../problems'
import type { ReturnedLine } from './input'

/** What comes back this time, and how the order's lines stand after it. */
export interface LinesAfter {
  returned: OrderLine[]
  lines: OrderLine[]
  /** Whether nothing is left to come back. */
  isAll: boolean
}

const leftOf = ({ quantity, returned = 0 }: OrderLine) => quantity - returned

/**
 * Counts what comes back against what was bought and has not come back before; without a wish, that is all of it. More
 * than that is refused, as is an item that was never bought, and then nothing of it comes back.
 */
export function takeBack(
  bought: readonly OrderLine[],
  wish: readonly ReturnedLine[] | undefined,
): LinesAfter {
  const wanted = new Map(
    summed(wish ?? bought.map(({ sku, ...line }) => ({ sku, quantity: leftOf({ sku, ...line }) }))).map(
      ({ sku, quantity }) => [sku, quantity],
    ),
  )
  refuseMoreThan(bought, wish ?? [], wanted)
  const returned = bought.flatMap((line) => {
    const quantity = wanted.get(line.sku) ?? 0
    return quantity > 0 ? [{ ...line, quantity }] : []
  })
  const lines = bought.map((line) => {
    const quantity = wanted.get(line.sku) ?? 0
    return quantity > 0 ? { ...line, returned: (line.returned ?? 0) + quantity } : line
  })
  return { returned, lines, isAll: lines.every((line) => leftOf(line) === 0) }
}

function refuseMoreThan(
  bought: readonly OrderLine[],
  wish: readonly ReturnedLine[],
  wanted: ReadonlyMap<string, number>,
): void {
  const left = new Map(bought.map((line) => [line.sku, leftOf(line)]))
  const errors = [...wanted].flatMap(([sku, quantity]) => {
    const most = left.get(sku) ?? 0
    if (quantity <= most) return []
    const index = wish.findIndex((line) => line.sku === sku)
    return [{ detail: `no more than ${most} can come back`, pointer: `#/lines/${index}/quantity` }]
  })
  if (errors.length > 0) throw problem('not-bought', { errors })
}
