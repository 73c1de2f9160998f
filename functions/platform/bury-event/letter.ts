import type { CloudEvent } from 'cloudevents'
import { LONGEST_ANSWER, type Cause, type DeadLetter } from '../dead-letter'

/** What is kept of an event. It may be the very thing that broke a function, so nothing here can fail on its content. */
export function deadLetterOf(event: CloudEvent): DeadLetter {
  const attributes = Object.fromEntries(
    Object.entries(event).filter(([name, value]) => value !== undefined && !/^data(_base64)?$/.test(name)),
  )
  const cause = causeOf(attributes)
  const { id, source, type, subject } = event
  return {
    source: storable(source),
    eventId: storable(id),
    type: storable(type),
    subject: subject === undefined ? null : storable(subject),
    trigger: cause.trigger ?? '',
    attributes,
    data: event.data_base64 === undefined ? bytesOf(event.data) : Buffer.from(event.data_base64, 'base64'),
    cause,
  }
}

/** The bytes of the data: text that was not read as JSON is kept as it is. */
function bytesOf(data: unknown): Buffer | null {
  if (data === undefined) return null
  if (ArrayBuffer.isView(data)) return Buffer.from(data.buffer, data.byteOffset, data.byteLength)
  return Buffer.from(typeof data === 'string' ? data : JSON.stringify(data))
}

/** `knativeerror*` are Knative's (eventing, "delivery failure"), the others are set by Kiosk's own broker. */
function causeOf(attributes: Record<string, unknown>): Cause {
  const { kiosktrigger, kioskattempts, knativeerrordest, knativeerrorcode, knativeerrordata, traceparent } =
    attributes
  const trigger = text(kiosktrigger) ?? text(knativeerrordest)
  const said = {
    trigger,
    attempts: whole(kioskattempts),
    destination: text(knativeerrordest),
    code: whole(knativeerrorcode),
    answer: unwrapped(text(knativeerrordata))?.slice(0, LONGEST_ANSWER),
    traceparent: text(traceparent),
  }
  return Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined))
}

const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? storable(value) : undefined

const whole = (value: unknown): number | undefined =>
  /^\d{1,9}$/.test(String(value)) ? Number(value) : undefined

/** Knative sends the answer in Base64, other brokers as it is: what does not decode to text was none. */
function unwrapped(answer: string | undefined): string | undefined {
  if (answer === undefined || answer.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(answer)) return answer
  try {
    return storable(new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(answer, 'base64')))
  } catch {
    return answer
  }
}

/** Postgres has no text with NUL in it. */
const storable = (value: string): string => value.replaceAll('\0', '\uFFFD')
