/** A CloudEvent as an outbox row holds it: context attributes and extensions, and its data. */
export interface StoredEvent {
  id: string
  type: string
  source: string
  subject: string
  time: string
  dataschema: string
  /** Extension attributes: traceparent, partitionkey, correlationid, causationid, sequence. */
  extensions: Record<string, string>
  data: object
}

/**
 * The HTTP headers and body of an event in binary mode (CloudEvents HTTP binding 1.0.2, section 3.1).
 *
 * Written here and not taken from `cloudevents`: its `HTTP.binary` does not percent-encode header values
 * (section 3.1.3.2), and a customer's name in a subject would be refused by node:http.
 */
export function binaryEvent({ extensions, data, ...attributes }: StoredEvent) {
  const headers: Record<string, string> = { 'content-type': 'application/json', 'ce-specversion': '1.0' }
  for (const [name, value] of Object.entries({ ...attributes, ...extensions })) {
    headers[`ce-${name}`] = percentEncoded(value)
  }
  if (extensions['traceparent']) headers['traceparent'] = extensions['traceparent']
  return { headers, body: Buffer.from(JSON.stringify(data)) }
}

/** Space, double quote, percent and everything outside printable ASCII is encoded as UTF-8 (section 3.1.3.2). */
const percentEncoded = (value: string) =>
  value.replace(/[^\x21\x23\x24\x26-\x7e]/gu, (character) =>
    [...Buffer.from(character)]
      .map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`)
      .join(''),
  )
