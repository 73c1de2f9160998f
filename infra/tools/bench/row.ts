/** How a number is read: its unit, and which way is better. */
export type Unit = 's' | 'ms' | 'times' | 'per second' | 'KiB' | 'MB'

/** The least that this machine could do in the place of what was measured, found out in the same run. */
export interface Floor {
  what: string
  value: number
}

/** One line of the table: what was measured, and what it is held against. */
export interface Row {
  what: string
  unit: Unit
  /** The median of `n` measurements. */
  value: number
  n: number
  floor?: Floor
  /** The most it should be. */
  target?: number
}

/** A line that stands for a measurement that could not be made, and why. */
export interface Missing {
  what: string
  error: string
}

export type Line = Row | Missing

export const isMissing = (line: Line): line is Missing => 'error' in line

/** How many times its floor a value is; undefined without a floor. */
export const ratioOf = ({ value, floor }: Row): number | undefined => floor && value / floor.value

/** Whether a value keeps to its target; undefined without one. */
export const verdictOf = ({ value, target }: Row): 'ok' | 'over' | undefined =>
  target === undefined ? undefined : value <= target ? 'ok' : 'over'

/** The middle one, or the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  if (values.length === 0) throw new Error('nothing was measured')
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length / 2
  return (sorted[Math.ceil(middle) - 1]! + sorted[Math.floor(middle)]!) / 2
}
