import { type CloudEvent, cloudEvent, InvalidEvent, percentEncoded } from './cloud-event'
import { jsonEvent } from './json-event'

/** HTTP headers with names in lower case; more than one value is a list. */
export type HttpHeaders = Readonly<Record<string, string | string[] | undefined>>

/** Whether a message says of itself that it is a CloudEvent, be it valid or not. */
export const saysEvent = (headers: HttpHeaders): boolean =>
  headers['ce-specversion'] !== undefined || mediaType(headers).startsWith('application/cloudevents')

/**
 * Reads an event from an HTTP message in binary or structured mode (CloudEvents HTTP binding 1.0.2), or throws
 * InvalidEvent. A batch and formats other than JSON are not supported.
 */
export function eventFromHttp(headers: HttpHeaders, body: Buffer): CloudEvent {
  const type = mediaType(headers)
  if (type.startsWith('application/cloudevents-batch')) {
    throw new InvalidEvent('A batch is not supported here: send each event by itself.')
  }
  if (type === 'application/cloudevents+json') {
    const charset =
      /;\s*charset\s*=\s*"?([^";\s]+)/i.exec(single(headers, 'content-type') ?? '')?.[1] ?? 'utf-8'
    if (!/^utf-?8$/i.test(charset))
      throw new InvalidEvent(`The charset ${charset} is not supported: send UTF-8.`)
    return jsonEvent(body)
  }
  if (type.startsWith('application/cloudevents')) {
    throw new InvalidEvent(`The event format ${type} is not supported: send application/cloudevents+json.`)
  }
  if (headers['ce-specversion'] === undefined) {
    const either = 'a header ce-specversion (binary mode) or application/cloudevents+json (structured mode)'
    throw new InvalidEvent(`This is no CloudEvent: it has neither ${either}.`)
  }
  return binaryEvent(headers, body)
}

function binaryEvent(headers: HttpHeaders, body: Buffer): CloudEvent {
  const attributes = new Map<string, string>()
  for (const header of Object.keys(headers)) {
    const value = header.startsWith('ce-') ? single(headers, header) : undefined
    if (value !== undefined) attributes.set(header.slice(3), decoded(header, value))
  }
  if (attributes.has('datacontenttype')) {
    throw new InvalidEvent('In binary mode the attribute "datacontenttype" is the header Content-Type.')
  }
  const contentType = single(headers, 'content-type')
  if (contentType !== undefined) attributes.set('datacontenttype', contentType)
  return cloudEvent(attributes, body)
}

/** Section 3.1.3.2, decoding: double-quoted strings are unescaped, then percent-decoded once. */
function decoded(header: string, value: string): string {
  if (/[^\x20-\x7e]/.test(value)) {
    throw new InvalidEvent(`The header ${header} has characters that must be percent-encoded.`)
  }
  const quoted = /^".*"$/.test(value) && value.length > 1
  const text = quoted ? value.slice(1, -1).replace(/\\(.)/g, '$1') : value
  try {
    return decodeURIComponent(text)
  } catch {
    throw new InvalidEvent(`The header ${header} is not percent-encoded UTF-8: write % as %25.`)
  }
}

function single(headers: HttpHeaders, name: string): string | undefined {
  const value = headers[name]
  if (!Array.isArray(value)) return value
  if (value.length > 1) throw new InvalidEvent(`The header ${name} is there ${value.length} times.`)
  return value[0]
}

const mediaType = (headers: HttpHeaders): string =>
  (single(headers, 'content-type') ?? '').split(';', 1)[0]!.trim().toLowerCase()

/** The headers of an event in binary mode; its data is the body as it is. */
export function binaryHeaders(event: CloudEvent): Record<string, string> {
  const headers: Record<string, string> = {}
  for (const [name, value] of event.attributes) {
    if (name === 'datacontenttype') headers['content-type'] = value
    else headers[`ce-${name}`] = percentEncoded(value)
  }
  return headers
}
