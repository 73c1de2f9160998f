import { attributeHeaders } from '#runtime/binary-event'

/** What brokers add to a dead letter; the event itself had none of it. */
const ADDED = /^(knativeerror(dest|code|data)|kiosk(trigger|attempts))$/

/** A dead letter as the event that it was, in binary mode and with its data byte for byte. */
export function messageOf({
  attributes,
  data,
}: {
  attributes: Record<string, unknown>
  data: Buffer | null
}) {
  const { datacontenttype, ...others } = Object.fromEntries(
    Object.entries(attributes)
      .filter(([name, value]) => !ADDED.test(name) && /^(string|number|boolean)$/.test(typeof value))
      .map(([name, value]) => [name, String(value)]),
  )
  return {
    headers: { ...attributeHeaders(others), ...(datacontenttype && { 'content-type': datacontenttype }) },
    body: data ?? Buffer.alloc(0),
  }
}
