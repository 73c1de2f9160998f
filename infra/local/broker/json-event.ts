import { type CloudEvent, cloudEvent, InvalidEvent } from './cloud-event'

const CORE = new Set([
  'specversion',
  'id',
  'source',
  'type',
  'subject',
  'time',
  'datacontenttype',
  'dataschema',
])
const JSON_TYPE = /^[^;]*[/+]json\s*(?:;|$)/i
const INT32 = 2 ** 31

/**
 * Reads an event in the JSON format 1.0.2 (structured mode), or throws InvalidEvent.
 *
 * JSON data keeps the very characters that were sent, not what a parser made of them: 12345678901234567890 and 1.0
 * stay what they are.
 */
export function jsonEvent(body: Buffer): CloudEvent {
  const text = utf8(body)
  const members = parsed(text)
  const attributes = new Map<string, string>()
  for (const [name, value] of Object.entries(members)) {
    // Section 2.3: null is the same as absent.
    if (name !== 'data' && name !== 'data_base64' && value !== null)
      attributes.set(name, canonical(name, value))
  }
  return cloudEvent(attributes, dataOf(members, text, attributes))
}

function utf8(body: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body)
  } catch {
    throw new InvalidEvent('The body is not UTF-8.')
  }
}

function parsed(text: string): Record<string, unknown> {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw new InvalidEvent(`The body is not JSON: ${error instanceof Error ? error.message : String(error)}`)
  }
  if (Array.isArray(value))
    throw new InvalidEvent('A batch is not supported here: send each event by itself.')
  if (typeof value !== 'object' || value === null) throw new InvalidEvent('The body is not a JSON object.')
  return value as Record<string, unknown>
}

/** CloudEvents 1.0.2, section 3.1: only strings, booleans and 32-bit integers have a canonical string form in JSON. */
function canonical(name: string, value: unknown): string {
  if (typeof value === 'string') return value
  if (CORE.has(name)) throw new InvalidEvent(`The attribute "${name}" must be a string.`)
  if (typeof value === 'boolean') return String(value)
  if (Number.isInteger(value) && Number(value) >= -INT32 && Number(value) < INT32) return String(value)
  throw new InvalidEvent(`The attribute "${name}" must be a string, a boolean or a 32-bit integer.`)
}

function dataOf(members: Record<string, unknown>, text: string, attributes: Map<string, string>): Buffer {
  const base64 = members['data_base64']
  const raw = rawMember(text, 'data')
  if (base64 !== undefined && base64 !== null) {
    if (raw !== undefined) throw new InvalidEvent('An event has "data" or "data_base64", not both.')
    const bytes = typeof base64 === 'string' ? Buffer.from(base64, 'base64') : undefined
    if (bytes?.toString('base64') !== base64)
      throw new InvalidEvent('"data_base64" is not base64 (RFC 4648).')
    return bytes
  }
  if (raw === undefined) return Buffer.alloc(0)
  const type = attributes.get('datacontenttype')
  // Section 3.1.1: without a type, JSON is implied, and another mode of transport has to say so.
  if (type === undefined) attributes.set('datacontenttype', 'application/json')
  const data = members['data']
  return Buffer.from(type !== undefined && !JSON_TYPE.test(type) && typeof data === 'string' ? data : raw)
}

/** The text of one member's value exactly as it was sent; `text` is known to be a JSON object. The last one counts. */
export function rawMember(text: string, name: string): string | undefined {
  let found: string | undefined
  let at = text.indexOf('{') + 1
  for (;;) {
    const start = text.indexOf('"', at)
    if (start < 0) return found
    const colon = text.indexOf(':', endOfString(text, start))
    const end = endOfValue(text, colon + 1)
    if (JSON.parse(text.slice(start, endOfString(text, start))) === name)
      found = text.slice(colon + 1, end).trim()
    at = end
  }
}

function endOfString(text: string, start: number): number {
  let at = start + 1
  while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1
  return at + 1
}

function endOfValue(text: string, start: number): number {
  let depth = 0
  for (let at = start; ;) {
    const character = text[at]
    if (character === '"') {
      at = endOfString(text, at)
      continue
    }
    if (depth === 0 && (character === ',' || character === '}')) return at
    if (character === '{' || character === '[') depth += 1
    if (character === '}' || character === ']') depth -= 1
    at += 1
  }
}
