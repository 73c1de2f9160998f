/** What a function's manifest says about its scale. */
export interface Scale {
  min: number
  /** 0 is no limit. */
  max: number
  target: number
  windowSeconds: number
  containerConcurrency: number
}

/** What was measured: requests under way and waiting. */
export interface Load {
  current: number
  /** Average over the window. */
  stable: number
  /** Average over a tenth of the window. */
  recent: number
  idleMs: number
  ready: number
}

/** Panic lasts until `until` (milliseconds) and never goes below `peak` instances. */
export interface Panic {
  until: number
  peak: number
}

export interface Decision {
  desired: number
  panic: Panic
}

export const CALM: Panic = { until: 0, peak: 0 }

/** Knative's `panic-threshold-percentage`, 200 %, and `max-scale-down-rate`, 2. */
const PANIC_THRESHOLD = 2
const MOST_SHRINK = 2

/**
 * How many instances a function should have: Knative's pod autoscaler in one pure function.
 *
 * The window's average divided by the target, rounded up. A sudden load (twice what the ready instances should carry,
 * or any at all where none is ready) makes it panic: it then looks at the last tenth of the window and does not shrink
 * until a window has passed. Without a request for a whole window it is none; what crashed while idle is started again
 * by the next request.
 */
export function decide(scale: Scale, load: Load, panic: Panic, now: number): Decision {
  const windowMs = scale.windowSeconds * 1000
  const idle = load.idleMs >= windowMs || load.ready === 0
  if (load.current === 0 && idle) return { desired: clamp(0, scale), panic: CALM }

  const { target, containerConcurrency } = scale
  const each = Math.max(1, containerConcurrency > 0 ? Math.min(target, containerConcurrency) : target)
  const steady = Math.ceil(load.stable / each)
  const urgent = Math.ceil((load.ready === 0 ? Math.max(load.current, load.recent) : load.recent) / each)
  const sudden = load.ready === 0 ? load.current > 0 : urgent >= PANIC_THRESHOLD * load.ready
  const held = now < panic.until ? panic.peak : 0
  const next = sudden ? { until: now + windowMs, peak: Math.max(held, urgent, steady) } : panic

  const calmest = Math.max(1, steady, Math.floor(load.ready / MOST_SHRINK))
  const desired = now < next.until ? Math.max(calmest, urgent, next.peak) : calmest
  return { desired: clamp(desired, scale), panic: next }
}

const clamp = (wanted: number, { min, max }: Scale) =>
  Math.max(min, max > 0 ? Math.min(wanted, Math.max(max, min)) : wanted)
