import type { Quantity } from '../level'

/** Something that always holds, and does not. */
export interface Violation {
  invariant: string
  about: string
  expected: string
  actual: string
}

/** What is wrong in stock alone. */
export interface StockViolations {
  violations: Violation[]
}

/** What stock has to do with an order: what became of its wish, and what came back. */
export interface StockOfOrder {
  orderId: string
  /** Absent when only a return was heard of. */
  state?: string
  lines: Quantity[]
  returned: Quantity[]
  /** False while something about it may be on its way. */
  settled: boolean
}

/** What stock has to do with the orders of a range. */
export interface StockOfOrders {
  items: StockOfOrder[]
  /** False when there are more in the range. */
  complete: boolean
}
