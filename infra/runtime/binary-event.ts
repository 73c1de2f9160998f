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
 * The event with its place in its domain's outbox as the extension attribute `sequence` (CloudEvents "sequence"): a text
 * that sorts as the number does. Of two events about one subject the later one has the greater, if whoever told them held
 * the subject's row; between them there are gaps.
 */
export const sequenced = (event: StoredEvent, sequence: number): StoredEvent => ({
  ...event,
  extensions: { ...event.extensions, sequence: String(sequence).padStart(16, '0') },
})

/**
 * The HTTP headers and body of an event in binary mode (CloudEvents HTTP binding 1.0.2, section 3.1).
 *
 * Written here and not taken from `cloudevents`: its `HTTP.binary` does not percent-encode header values
 * (section 3.1.3.2), and a customer's name in a subject would be refused by node:http.
 */
export function binaryEvent({ extensions, data, ...attributes }: StoredEvent) {
  const headers = attributeHeaders({ specversion: '1.0', ...attributes, ...extensions })
  return {
    headers: { 'content-type': 'application/json', ...headers },
    body: Buffer.from(JSON.stringify(data)),
  }
}

/** Context attributes as headers; the trace also as the header that it has in W3C Trace Context. */
export function attributeHeaders(attributes: Readonly<Record<string, string>>): Record<string, string> {
  const headers = Object.entries(attributes).map(([name, value]) => [`ce-${name}`, percentEncoded(value)])
  const { traceparent } = attributes
  return { ...(Object.fromEntries(headers) as Record<string, string>), ...(traceparent && { traceparent }) }
}

/** Space, double quote, percent and everything outside printable ASCII is encoded as UTF-8 (section 3.1.3.2). */
const percentEncoded = (value: string) =>
  value.replace(/[^\x21\x23\x24\x26-\x7e]/gu, (character) =>
    [...Buffer.from(character)]
      .map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`)
      .join(''),
  )
