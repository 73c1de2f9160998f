import type { JsMsg } from 'nats'
import type { Trigger } from '../manifests/manifests'
import { type CloudEvent, InvalidEvent } from './cloud-event'
import { deadLetter, type Failure } from './dead-letter'
import { answerOf, type Deliver, deliveryRequest, tryFunction } from './delivery'
import { matches } from './filter'
import { type Observation, type Observe, observed } from './observation'
import { backoffMs, deadLetterDelayMs, verdictOf } from './outcome'
import { type BrokerStream, storedEvent } from './stream'
import { delayedWarning, loopWarning, noSinkWarning, refusedWarning, strangerWarning } from './warnings'

/** What the deliveries of one Trigger have in common. */
export interface Route {
  namespace: string
  stream: BrokerStream
  trigger: Trigger
  deliver: Deliver
  on: Observe
  /** Events that are out of retries, by sequence: only their dead letter is still to be brought. */
  exhausted: Map<number, Exhausted>
}

/** How the last try went wrong, how many there were, and how often the dead-letter sink refused since. */
interface Exhausted {
  failure: Failure
  attempts: number
  refusals: number
}

/** Enough for any honest chain of replies, and an end for two functions that answer each other (Knative: 255). */
const MOST_HOPS = 255
const REPLY_TIMEOUT_MS = 3_000

/**
 * Brings one event to a Trigger's function and settles its message: acknowledged, put back with a delay, or ended.
 *
 * Tries are counted by JetStream's deliveries: they survive a restart, and a crash in the middle of one counts too.
 * What was known of an exhausted event's failure does not survive; the function then gets one more try.
 */
export async function settle(route: Route, message: JsMsg): Promise<void> {
  const stored = read(route, message)
  if (!stored) return
  if (!matches(route.trigger, stored.event)) {
    message.ack()
    return
  }
  const exhausted = route.exhausted.get(message.seq) ?? (await bring(route, message, stored))
  if (exhausted) await bury(route, message, stored.event, exhausted)
}

function read({ stream, trigger, on }: Route, message: JsMsg) {
  try {
    return storedEvent(message)
  } catch (error) {
    if (!(error instanceof InvalidEvent)) throw error
    message.term()
    const event = { id: String(message.seq), type: message.subject, source: stream.name }
    const warning = strangerWarning(stream.name, message.seq, error.message)
    on({ kind: 'lost', broker: stream.broker, event, trigger: trigger.name, warning })
    return undefined
  }
}

/** One try. Gives its failure only if it was the last one and there is somebody to take dead letters. */
async function bring(
  route: Route,
  message: JsMsg,
  stored: { event: CloudEvent; hops: number },
): Promise<Exhausted | undefined> {
  const { trigger, deliver } = route
  const { event } = stored
  const attempt = message.info.deliveryCount
  const started = performance.now()
  const tried = await tryFunction(deliver, trigger, event)
  const ms = performance.now() - started
  const tell = (status: number, what: Pick<Observation, 'kind' | 'delayMs' | 'warning'>) =>
    told(route, event, { status, attempt, ms, ...what })

  if (tried.verdict === 'refused') {
    message.term()
    tell(tried.status, { kind: 'lost', warning: refusedWarning(event, trigger, tried.status) })
    return undefined
  }
  const failure = tried.verdict === 'again' ? tried : await reply(route, tried.reply, stored.hops)
  if (!failure) {
    message.ack()
    tell(tried.status, { kind: 'delivered' })
    return undefined
  }
  const warned = failure.warning === undefined ? {} : { warning: failure.warning }
  if (attempt <= trigger.delivery.retry) {
    const delayMs = backoffMs(trigger.delivery, attempt, failure.retryAfterMs)
    message.nak(delayMs)
    tell(failure.status, { kind: 'retried', delayMs, ...warned })
    return undefined
  }
  if (trigger.delivery.deadLetterService !== undefined) return { failure, attempts: attempt, refusals: 0 }
  message.term()
  tell(failure.status, { kind: 'lost', warning: noSinkWarning(event, trigger, attempt) })
  return undefined
}

type Retriable = Failure & { retryAfterMs: number; warning?: string }

/** Puts a reply into the broker that the event came from; if that fails, the event itself is delivered again. */
async function reply(
  route: Route,
  event: CloudEvent | undefined,
  hops: number,
): Promise<Retriable | undefined> {
  if (!event) return undefined
  if (hops >= MOST_HOPS) {
    told(route, event, { kind: 'lost', warning: loopWarning(event, route.trigger, hops + 1) })
    return undefined
  }
  try {
    await route.stream.store(event, { timeoutMs: REPLY_TIMEOUT_MS, hops: hops + 1 })
  } catch (error) {
    return { status: 503, body: Buffer.from(`the reply was not accepted: ${String(error)}`), retryAfterMs: 0 }
  }
  told(route, event, { kind: 'replied' })
  return undefined
}

/** Brings the dead letter; until somebody has taken it, the event stays with us. */
async function bury(route: Route, message: JsMsg, event: CloudEvent, last: Exhausted): Promise<void> {
  const { trigger, deliver, namespace } = route
  const { timeoutMs, deadLetterService: service = '' } = trigger.delivery
  const letter = deadLetter(event, trigger, namespace, last.failure, last.attempts)
  const started = performance.now()
  const { status } = await answerOf(deliver, service, deliveryRequest(letter, timeoutMs))
  const asked = { service, attempt: last.attempts, status, ms: performance.now() - started }
  if (verdictOf(status) === 'taken') {
    route.exhausted.delete(message.seq)
    message.ack()
    told(route, event, { kind: 'dead-lettered', ...asked })
    return
  }
  const refusals = last.refusals + 1
  route.exhausted.set(message.seq, { ...last, refusals })
  const delayMs = deadLetterDelayMs(refusals)
  message.nak(delayMs)
  told(route, event, {
    kind: 'dead-letter-delayed',
    ...asked,
    delayMs,
    warning: delayedWarning(event, trigger, status),
  })
}

const told = (
  { stream, trigger, on }: Route,
  event: CloudEvent,
  what: Omit<Observation, 'broker' | 'event'>,
) =>
  on({
    broker: stream.broker,
    event: observed(event),
    trigger: trigger.name,
    service: trigger.service,
    ...what,
  })
