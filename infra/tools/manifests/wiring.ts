import { typeOf } from '#runtime/event'
import { listenerOf, triggerName } from './manifests'
import type { DeclaredOperation } from '../tree'

/** Who hears what, and who keeps each domain's outbox: for operations that send an event to one function again. */
export interface Wiring {
  /** By domain. */
  relays: Record<string, string>
  /** One for each Trigger: `service` is the Service that takes the events of an operation. */
  listeners: { operation: string; service: string; trigger: string; type: string }[]
}

/** The wiring as the function.json files say. */
export const wiringOf = (operations: readonly DeclaredOperation[]): Wiring => ({
  relays: Object.fromEntries(
    operations
      .filter(({ name, domain }) => name === `relay-${domain}`)
      .map(({ name, domain }) => [domain, name]),
  ),
  listeners: operations.flatMap((operation) =>
    (operation.on ?? []).map((event) => ({
      operation: operation.name,
      service: listenerOf(operation),
      trigger: triggerName(operation, event),
      type: typeOf(event),
    })),
  ),
})
