import { invalid, type Fault } from '#runtime/parse'
import { requestProblem } from '#runtime/problem'
import type { RawRequest } from '#runtime/request'
import { problem } from '../problems'

/** An event as it was sent, before anything in it is checked, and where in the body its parts stand. */
export interface SentEvent {
  attributes: Record<string, unknown>
  data: unknown
  /** Where its attributes and its data stand, as JSON pointers. */
  at: { attributes: string; data: string }
}

/** What an intermediary has to take and to hand on at least (CloudEvents 1.0.2, "Size Limits"); more it does not take here. */
const MOST_BYTES = 65_536
const MOST_EVENTS = 100

/**
 * The events of a request, in any of the three modes of the CloudEvents HTTP binding (1.0.2, section 3). The content type
 * tells them apart, as section 3.1 says.
 */
export function eventsIn({ headers, body }: RawRequest): SentEvent[] {
  const type = (headers['content-type'] ?? '').split(';')[0]!.trim().toLowerCase()
  if (type === 'application/cloudevents-batch+json') return batch(jsonIn(body))
  if (type === 'application/cloudevents+json') {
    if (body.length > MOST_BYTES) throw requestProblem('request-too-large')
    return [structured(jsonIn(body), '#')]
  }
  if (type.startsWith('application/cloudevents') || headers['ce-specversion'] === undefined) {
    throw requestProblem('unsupported-media-type', {
      detail:
        'The body must be a CloudEvent in JSON, a batch of them, or the data of one whose attributes are headers.',
    })
  }
  return [binary(headers, body)]
}

function batch(content: unknown): SentEvent[] {
  if (!Array.isArray(content)) throw invalid([{ detail: 'must be an array of events', pointer: '#' }])
  if (content.length > MOST_EVENTS) throw problem('too-many-events', { most: MOST_EVENTS })
  const tooLarge = content.flatMap((event, index): Fault[] =>
    sizeOf(event) > MOST_BYTES ? [{ detail: 'is too large', pointer: `#/${index}` }] : [],
  )
  if (tooLarge.length > 0) throw requestProblem('request-too-large', { errors: tooLarge })
  return content.map((event, index) => structured(event, `#/${index}`))
}

/** JSON can be read that is nested too deeply to be written again. */
function sizeOf(event: unknown): number {
  try {
    return Buffer.byteLength(JSON.stringify(event))
  } catch {
    throw requestProblem('malformed-request', { detail: 'The body is nested too deeply.' })
  }
}

function structured(event: unknown, pointer: string): SentEvent {
  if (typeof event !== 'object' || event === null || Array.isArray(event)) {
    throw invalid([{ detail: 'must be an event', pointer }])
  }
  const { data, data_base64: encoded, ...attributes } = event as Record<string, unknown>
  if (encoded === undefined) return { attributes, data, at: { attributes: pointer, data: `${pointer}/data` } }
  const at = { attributes: pointer, data: `${pointer}/data_base64` }
  if (data !== undefined) throw invalid([{ detail: 'stands beside data', pointer: at.data }])
  return { attributes, data: decoded(encoded, at.data), at }
}

/** Attributes are headers in binary mode; what is wrong with one is told at the name of its header. */
function binary(headers: RawRequest['headers'], body: Buffer): SentEvent {
  if (body.length > MOST_BYTES) throw requestProblem('request-too-large')
  const { 'content-type': datacontenttype = 'application/json' } = headers
  if (!/^application\/([\w.-]+\+)?json *(;|$)/i.test(datacontenttype))
    throw requestProblem('unsupported-media-type')
  const attributes = Object.entries(headers).flatMap(([name, value]) =>
    name.startsWith('ce-') ? [[name.slice(3), unescaped(String(value))] as const] : [],
  )
  return {
    attributes: { ...Object.fromEntries(attributes), datacontenttype },
    data: jsonIn(body),
    at: { attributes: '#/ce-', data: '#' },
  }
}

function decoded(encoded: unknown, pointer: string): unknown {
  if (typeof encoded !== 'string') throw invalid([{ detail: 'must be text in Base64', pointer }])
  try {
    return JSON.parse(
      new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(encoded, 'base64')),
    ) as unknown
  } catch {
    throw invalid([{ detail: 'must be JSON in Base64', pointer }])
  }
}

function jsonIn(body: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body)) as unknown
  } catch {
    throw requestProblem('malformed-request', { detail: 'The body is not valid JSON.' })
  }
}

/** Header values are percent-encoded (section 3.1.3.2). */
function unescaped(value: string): string {
  try {
    return decodeURIComponent(value)
  } catch {
    return value
  }
}
