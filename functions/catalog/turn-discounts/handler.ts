import { setTimeout as pause } from 'node:timers/promises'
import { DiscountDue } from '#events/catalog/discount-due.v1/event'
import { behindOneDoor } from '#runtime/doors'
import { every, on, type EventDeps, type TickOutcome } from '#runtime/on'
import { isSoon, tellIfSoon } from '../discount-due'
import { turnDue } from './turn-due'

// Whoever ends a process waits for what is under way.
const PATIENCE_MS = 5_000
const LOOK_EVERY_MS = 1_000

/**
 * Begins and ends discounts when their time has come.
 *
 * It stays a little for the edge that comes before the next tick, so that it is turned at its moment. Whoever has turned
 * something goes, since what was announced is sent then; for an edge that is near still there is another event.
 */
export async function turnDiscounts(deps: EventDeps, patienceMs = PATIENCE_MS): Promise<TickOutcome> {
  const end = performance.now() + patienceMs
  for (;;) {
    const { turned, next } = await turnDue(deps)
    if (next === undefined) return 'idle'
    const now = deps.clock.now()
    if (turned > 0 || !isSoon(next.at, now)) return 'more'
    const waitMs = Math.max(0, next.at.getTime() - now.getTime())
    if (performance.now() + Math.min(waitMs, LOOK_EVERY_MS) > end) {
      await deps.db.transaction(async (tx) => tellIfSoon(tx, next.sku, next.at, now))
      return 'more'
    }
    await pause(Math.min(waitMs + 1, LOOK_EVERY_MS))
  }
}

export default behindOneDoor({
  tick: every((deps) => turnDiscounts(deps)),
  event: on(DiscountDue, (_due, deps) => turnDiscounts(deps)),
})
