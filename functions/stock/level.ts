/** What there is of an item. */
export interface Level {
  sku: string
  onHand: number
  reserved: number
  /** Grows with each change of this item. */
  version: number
}

/** Some of an item. */
export interface Quantity {
  sku: string
  quantity: number
}

/** A level as staff and events see it: what is on hand and promised to nobody is available. */
export const shown = ({ sku, onHand, reserved }: Level) => ({
  sku,
  onHand,
  reserved,
  available: onHand - reserved,
})

/** Lines of one item become one, in order of SKU: each level is locked once, and all transactions in the same order. */
export function summed(lines: readonly Quantity[]): Quantity[] {
  const quantities = new Map<string, number>()
  for (const { sku, quantity } of lines) quantities.set(sku, (quantities.get(sku) ?? 0) + quantity)
  return [...quantities]
    .map(([sku, quantity]) => ({ sku, quantity }))
    .sort((a, b) => (a.sku < b.sku ? -1 : 1))
}
