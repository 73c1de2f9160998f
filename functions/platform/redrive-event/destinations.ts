import type { Cause } from '../dead-letter'
import { LISTENERS, type Listener } from '../listeners'

/**
 * The Services that a letter is for. The one that could not take it, where the broker named its Trigger or its address;
 * where it did not (the natss broker names neither), or the name is none of today's, all that hear the type: those that
 * have handled the event know it. An address that a letter brings along is never called, only compared with ours.
 */
export function destinationsOf(
  { type, cause }: { type: string; cause: Pick<Cause, 'trigger' | 'destination'> },
  listeners: readonly Listener[] = LISTENERS,
): string[] {
  const hearers = listeners.filter((listener) => listener.type === type)
  const service = serviceAt(cause.destination) ?? serviceAt(cause.trigger)
  const named = hearers.filter((one) => one.service === service || one.trigger === cause.trigger)
  return (named.length > 0 ? named : hearers).map((one) => one.service)
}

/** `http://charge.kiosk.svc.cluster.local/` is `charge`. */
const serviceAt = (address: string | undefined) =>
  address === undefined ? undefined : /^https?:\/\/([a-z0-9-]+)(?=[.:/]|$)/i.exec(address)?.[1]?.toLowerCase()
