import type { StoredEvent } from './binary-event'
import type { Clock, Ids } from './clock'
import type { Scope, Tx } from './database'
import type { EventDefinition } from './event'
import type { Operation } from './operation'
import { parse } from './parse'
import type { Trace } from './trace'

/** Why a fact was announced, as the CloudEvents correlation extension says it. */
interface Cause {
  /** The first request of the whole story. */
  correlationId: string
  /** The event that is being handled, if one is. */
  causationId?: string
}

/**
 * How the facts of one request or event leave: each gets a new UUIDv7, never the id of the event that caused it
 * (a broker that sees an id twice may drop the second), the trace, and its correlation.
 */
export function announcing(
  operation: Operation,
  { clock, ids }: { clock: Clock; ids: Ids },
  trace: Trace,
  { correlationId, causationId }: Cause,
  committed: (events: StoredEvent[]) => void,
  beforeCommit?: (tx: Tx, result: unknown) => void,
): Scope {
  const announce = (event: EventDefinition, data: object): StoredEvent => {
    if (!operation.emits?.includes(event.path)) {
      throw new Error(`${operation.name} emits ${event.path} but function.json does not list it in "emits"`)
    }
    const subject = event.subject(data)
    const { type, source, dataschema } = event
    const extensions = {
      partitionkey: subject,
      traceparent: trace.traceparent,
      correlationid: correlationId,
      ...(causationId && { causationid: causationId }),
    }
    const time = clock.now().toISOString()
    return {
      id: ids.next(),
      type,
      source,
      subject,
      time,
      dataschema,
      extensions,
      data: whole(event, data),
    }
  }
  return { consumer: operation.name, announce, committed, ...(beforeCommit && { beforeCommit }) }
}

/** An event of ours that does not fit its own class is a fault of ours, never an answer to a caller. */
function whole({ Data, path }: EventDefinition, data: object): object {
  try {
    return parse(Data, data, 'strict')
  } catch (cause) {
    throw new Error(`the data of ${path} does not fit its class`, { cause })
  }
}
