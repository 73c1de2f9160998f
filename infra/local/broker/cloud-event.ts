/** A valid CloudEvent 1.0: context attributes and extensions in their canonical string form, and the data's bytes. */
export interface CloudEvent {
  readonly id: string
  readonly source: string
  readonly type: string
  /** Every attribute, the three above and `specversion` and `datacontenttype` included. */
  readonly attributes: ReadonlyMap<string, string>
  readonly data: Buffer
}

/** Why something is not a CloudEvent; `message` is meant for its sender. `status` is what to answer over HTTP. */
export class InvalidEvent extends Error {
  override readonly name = 'InvalidEvent'
  constructor(
    message: string,
    readonly status: 400 | 413 = 400,
  ) {
    super(message)
  }
}

/**
 * The most that an event's attributes may take as HTTP headers, in bytes.
 *
 * node:http refuses more than 16 KiB of headers with 431, and a 4xx loses an event: what is accepted here must fit
 * into a request to a function, with the error attributes of a dead letter and the headers of the way added.
 */
export const MAX_ATTRIBUTE_BYTES = 8_192

const URI_CHARACTERS = /^(?:[\w\-.~:/?#[\]@!$&'()*+,;=]|%[\da-f]{2})+$/i
const ABSOLUTE = /^[a-z][a-z\d+.-]*:/i
const TIMESTAMP =
  /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:(?:[0-5]\d|60)(?:\.\d+)?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/i
const MEDIA_TYPE = /^[\w!#$&^.+-]+\/[\w!#$&^.+-]+(?: *;[\x20-\x7e]*)?$/

/** What an attribute must be beyond a string, and in which words that is said (CloudEvents 1.0.2, section 3). */
const RULES: Readonly<Record<string, { holds: (value: string) => boolean; is: string }>> = {
  specversion: { holds: (value) => value === '1.0', is: '"1.0", the only version this broker takes' },
  id: { holds: (value) => value !== '', is: 'a non-empty string' },
  source: { holds: (value) => URI_CHARACTERS.test(value), is: 'a non-empty URI reference (RFC 3986)' },
  type: { holds: (value) => value !== '', is: 'a non-empty string' },
  subject: { holds: (value) => value !== '', is: 'a non-empty string' },
  time: { holds: (value) => TIMESTAMP.test(value), is: 'a timestamp (RFC 3339)' },
  datacontenttype: { holds: (value) => MEDIA_TYPE.test(value), is: 'a media type (RFC 2046)' },
  dataschema: {
    holds: (value) => URI_CHARACTERS.test(value) && ABSOLUTE.test(value),
    is: 'an absolute URI (RFC 3986)',
  },
}

const REQUIRED = ['specversion', 'id', 'source', 'type'] as const

/** Section 3.1: control characters, lone surrogates and noncharacters are in no CloudEvents string. */
const FORBIDDEN = /[\p{Cc}\p{Cs}\p{Noncharacter_Code_Point}]/u

/**
 * Makes an event of attributes and bytes, or throws {@link InvalidEvent} with the first rule that does not hold.
 *
 * Written here because the `cloudevents` package does not validate what it reads (its issue 597): an event without
 * a type would be stored and match nobody's filter.
 */
export function cloudEvent(attributes: ReadonlyMap<string, string>, data: Buffer): CloudEvent {
  const required = REQUIRED.map((name) => {
    const value = attributes.get(name)
    if (value === undefined) throw new InvalidEvent(`The attribute "${name}" is missing.`)
    return value
  })
  let bytes = 0
  for (const [name, value] of attributes) {
    check(name, value)
    bytes += name.length + Buffer.byteLength(percentEncoded(value)) + 'ce-: \r\n'.length
  }
  if (bytes > MAX_ATTRIBUTE_BYTES) {
    const limit = `${MAX_ATTRIBUTE_BYTES} is the limit`
    throw new InvalidEvent(`The attributes take ${bytes} bytes as HTTP headers; ${limit}.`, 413)
  }
  const [, id, source, type] = required as [string, string, string, string]
  return { id, source, type, attributes, data }
}

function check(name: string, value: string): void {
  if (!/^[a-z0-9]+$/.test(name)) {
    throw new InvalidEvent(
      `"${name}" is no attribute name: only lower-case letters a-z and digits are allowed.`,
    )
  }
  if (name === 'data') throw new InvalidEvent('"data" is not allowed as the name of an attribute.')
  if (FORBIDDEN.test(value)) {
    throw new InvalidEvent(`The attribute "${name}" has a control character or is not valid Unicode.`)
  }
  const rule = Object.hasOwn(RULES, name) ? RULES[name] : undefined
  if (rule && !rule.holds(value)) throw new InvalidEvent(`The attribute "${name}" must be ${rule.is}.`)
}

/** The same event with more attributes; one of the same name is replaced. */
export const extended = (event: CloudEvent, more: Readonly<Record<string, string>>): CloudEvent => ({
  ...event,
  attributes: new Map([...event.attributes, ...Object.entries(more)]),
})

/**
 * An attribute's value as an HTTP header's (CloudEvents HTTP binding 1.0.2, section 3.1.3.2): space, double quote,
 * percent and all outside printable ASCII become percent-encoded UTF-8.
 */
export const percentEncoded = (value: string): string =>
  value.replace(/[^\x21\x23\x24\x26-\x7e]+/gu, encodeURIComponent)
