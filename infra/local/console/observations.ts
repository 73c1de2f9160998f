import type { Observation as EventObservation } from '../broker/observation'
import type { Observation as FunctionObservation } from '../scaler/observation'

/** One line of the console's feed. */
export interface FeedLine {
  at: string
  what: string
  /** An event's type or a function's process. */
  subject: string
  function?: string
  status?: number
  attempt?: number
  ms?: number
  warning?: string
}

const KEPT = 500

/** What happened lately on the platform, for the console; what a person has to act on is told at once. */
export class Observations {
  readonly feed: FeedLine[] = []

  constructor(readonly tell: (line: string) => void) {}

  ofEvent({ kind, event, service, status, attempt, ms, warning }: EventObservation): void {
    this.#keep({
      what: kind,
      subject: `${event.type} ${event.subject ?? event.id}`,
      ...(service !== undefined && { function: service }),
      ...(status !== undefined && { status }),
      ...(attempt !== undefined && { attempt }),
      ...(ms !== undefined && { ms: Math.round(ms) }),
      ...(warning !== undefined && { warning }),
    })
    if (warning !== undefined) this.tell(`WARNING: ${warning}`)
  }

  ofFunction(observation: FunctionObservation): void {
    const { kind, service, instance } = observation
    const detail = 'detail' in observation ? observation.detail : undefined
    this.#keep({
      what: kind,
      subject: instance,
      function: service,
      ...('readyMs' in observation && { ms: Math.round(observation.readyMs) }),
      ...(detail !== undefined && { warning: detail }),
    })
    if (detail !== undefined) this.tell(detail)
  }

  #keep(line: Omit<FeedLine, 'at'>): void {
    this.feed.push({ at: new Date().toISOString(), ...line })
    if (this.feed.length > KEPT) this.feed.splice(0, this.feed.length - KEPT)
  }
}
