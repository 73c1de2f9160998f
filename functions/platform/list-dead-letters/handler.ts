import { http, paged, type Deps } from '#runtime/http'
import type { Cause } from '../dead-letter'
import { ListDeadLetters } from './input'
import { pageOfLetters, type Row } from './store'

/**
 * Lists the events that no function could handle, newest first, with the cause.
 *
 * Each event is shown as it came, in the CloudEvents JSON format (1.0.2, section 3), whatever its data is.
 */
export async function listDeadLetters({ page = 1, pageSize = 20, ...filter }: ListDeadLetters, { db }: Deps) {
  const { letters, total } = await pageOfLetters(db, filter, { page, pageSize })
  return paged(letters.map(shown), total, { page, pageSize }, '/v1/dead-letters', filter)
}

const shown = ({ id, state, redrives, attributes, data, cause, ...row }: Row) => ({
  id,
  state,
  buriedAt: iso(row.buriedAt),
  redrives,
  ...(row.redrivenAt !== null && { redrivenAt: iso(row.redrivenAt) }),
  ...(row.settledAt !== null && { settledAt: iso(row.settledAt) }),
  event: { ...attributes, ...(data !== null && dataMember(Buffer.from(data, 'base64'))) },
  cause: { ...cause, ...traceOf(cause) },
})

const iso = (time: string) => new Date(time).toISOString()

/** What a person looks for in the traces and in the logs. */
function traceOf({ traceparent }: Cause): { traceId?: string } {
  const traceId = /^[0-9a-f]{2}-([0-9a-f]{32})-/.exec(traceparent ?? '')?.[1]
  return traceId === undefined ? {} : { traceId }
}

/** JSON as JSON, other text as text, anything else in Base64 (CloudEvents JSON format, section 3.1). */
function dataMember(bytes: Buffer): { data: unknown } | { data_base64: string } {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return { data: jsonIn(text) }
  } catch {
    return { data_base64: bytes.toString('base64') }
  }
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return text
  }
}

export default http(ListDeadLetters, listDeadLetters)
